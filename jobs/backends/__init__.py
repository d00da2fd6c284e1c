"""Where images come from: one file a back end, one line in the registry."""

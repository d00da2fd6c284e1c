"""The tables with their queries, one file a subject."""

"""The commands of `promptsheet`, a module each; every one returns its exit status."""

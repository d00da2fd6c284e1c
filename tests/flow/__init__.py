"""The whole way, as a person goes it."""

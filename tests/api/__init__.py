"""The HTTP API: its promises one by one, and its document against a server that runs."""

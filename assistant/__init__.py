"""What answers a person: pages, HTTP API, command line."""

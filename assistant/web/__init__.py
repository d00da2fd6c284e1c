"""The pages and the HTTP API, a blueprint a folder."""

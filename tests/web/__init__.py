"""The pages, asked as a browser asks, on real services."""

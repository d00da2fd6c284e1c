"""Measures the promises about speed and memory beside a peer; `make bench` prints the tables."""

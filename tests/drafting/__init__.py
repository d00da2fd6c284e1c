"""Drafting: the brief, the rows made of it, and what is said about them."""

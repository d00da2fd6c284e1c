"""The client of a language model, against a strict stand-in."""

"""Talking about a sheet: a request becomes a proposal, which a person takes or not. No Flask, no pages."""

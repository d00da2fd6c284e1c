"""Requests over a sheet, and the proposals that come of them."""

"""Sheets read, repaired, checked and written."""

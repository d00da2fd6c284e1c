"""The way back from a page that is visited on the way."""

from __future__ import annotations

import re

from flask import request

_OURS = re.compile(r"/(?:[A-Za-z0-9_][A-Za-z0-9_./?=&%-]*)?")
"""Addresses of our own pages: nothing that a browser may take for another host."""


def back() -> str:
    """The page of ours that led here, to go back to; empty where there was none."""
    found = request.values.get("back", "")
    return found if _OURS.fullmatch(found) else ""

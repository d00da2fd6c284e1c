"""Cursors: where a page ended, in a form that nobody is tempted to count up."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

from jobs.errors import Invalid

LARGEST = 2**53


def cursor(place: float) -> str:
    """The cursor of a place: the number of what stood last on the page."""
    return urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place(given: str) -> float | None:
    """The place of a cursor; None for an empty one. Raises Invalid for one that we did not make."""
    if not given:
        return None
    try:
        found = json.loads(urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    except ValueError:
        found = None
    if isinstance(found, bool) or not isinstance(found, int | float) or not abs(found) < LARGEST:
        raise Invalid("cursor: it is none that an answer had. Begin without one.")
    return found

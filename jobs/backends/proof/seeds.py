"""Chances that come out the same wherever they are asked: no clock, process or thread has a part in them."""

from __future__ import annotations

import hashlib
import json
from random import Random

from jobs.backends.port import Values
from schema import columns

_NOT_DRAWN = {"seed_number", "num_images", "visibility"}
"""Columns that say nothing of what an image looks like: more images of a row, say, leave the first alone."""


def _digest(what: object) -> bytes:
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).digest()


def lots(*what: str | int) -> Random:
    """A source of chances that belongs to `what`."""
    return Random(_digest(what))  # noqa: S311 (drawing needs no secrets)


def derived(values: Values) -> int:
    """The seed of a row that has none: equal rows get equal seeds; typed in, it gives the same images."""
    highest = columns.load()["seed_number"].maximum
    assert highest is not None
    drawn = {name: value for name, value in values.items() if name not in _NOT_DRAWN}
    return int.from_bytes(_digest(drawn)[:8]) % (highest + 1)

"""Rows for the back ends' tests: effective values as the check leaves them, and requests made of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from jsonschema import Draft202012Validator

from jobs.backends.port import Request, Values
from schema import columns
from schema.columns import Value


def values(prompt: str = "A cheerful fox", **cells: Value) -> dict[str, Value]:
    """What a row's cells and the defaults come to."""
    return columns.load().with_defaults({"prompt": prompt, "visibility": "private", **cells})


def request(row: Values, size: tuple[int, int], images: int = 1, attempt: str = "attempt-1") -> Request:
    seed = row.get("seed_number")
    return Request(attempt, "row-1", 2, row, *size, images, int(seed) if seed is not None else None)


def every() -> Iterator[dict[str, Value]]:
    """A row for each combination of choices that the schema allows, by turns with more columns set."""
    known = columns.load()
    fits = Draft202012Validator(known.document).is_valid
    more: tuple[dict[str, Value], ...] = (
        {},
        {"seed_number": 7, "negative_prompt": "text"},
        {"seed_number": 0, "color_palette": "ember"},
    )
    varied = ("model", "aspect_ratio", "style", "rendering", "magic_prompt")
    for turn, chosen in enumerate(product(*(known[name].choices for name in varied))):
        row = known.with_defaults(
            {"prompt": "A fox", "visibility": "private", **dict(zip(varied, chosen, strict=True))}
        )
        if fits(row | more[turn % 3]):
            yield row | more[turn % 3]
        elif fits(row):
            yield row

"""The proof back end on one core: posters a second, and their files, beside the plainest poster of Pillow."""

from __future__ import annotations

import io
import textwrap
import time
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw

from bench.table import Table
from jobs.backends.port import Values
from jobs.backends.proof.lettering import SERIF, font
from jobs.backends.proof.poster import Order, draw
from jobs.backends.proof.seeds import derived
from schema import columns
from tests.backends.posters import made_prompts, real_prompts

_SIZE = (1024, 1024)
_ROWS = 32
_PROMISE = "At least 20 posters a second and core at one megapixel, the PNG file included."

Maker = Callable[[Values], bytes]


def measure() -> tuple[Table, ...]:
    """Draw the same rows in one thread: as they come, in each style and rendering, and the plain peer."""
    prompts = (real_prompts(499) or made_prompts(499))[:: 499 // _ROWS][:_ROWS]
    known = columns.load()
    plain = _taken(_plain, _rows(prompts))
    lines = [("plain Pillow: white sheet, wrapped prompt, default PNG", *plain)]
    for column in ("style", "rendering"):
        lines += [
            (f"proof, {column} {choice}", *_taken(_proof, _rows(prompts, **{column: choice})))
            for choice in known[column].choices
        ]
    rows = tuple(
        (
            name,
            f"{1 / each:.0f}",
            f"{each * 1000:.1f} ms",
            f"{each / plain[0]:.1f} ×",
            f"{size / 1000:.0f} KB",
        )
        for name, each, size in lines
    )
    head = ("1024 × 1024, one thread", "a second", "each", "of plain", "mean file")
    return (Table("Proof posters", _PROMISE, head, rows),)


def _rows(prompts: Sequence[str], **cells: str) -> list[Values]:
    return [columns.load().with_defaults({"prompt": prompt, **cells}) for prompt in prompts]


def _taken(make: Maker, rows: Sequence[Values]) -> tuple[float, float]:
    """Seconds of one core for a poster, and its bytes: the processor's own time, whoever else is at work."""
    best, size = float("inf"), 0.0
    for _ in range(3):
        start = time.process_time()
        size = sum(len(make(row)) for row in rows) / len(rows)
        best = min(best, time.process_time() - start)
    return best / len(rows), size


def _proof(row: Values) -> bytes:
    return draw(Order(row, *_SIZE, derived(row), 1)).png


def _plain(row: Values) -> bytes:
    sheet = Image.new("RGB", _SIZE, "white")
    text = textwrap.fill(str(row["prompt"]), 48)
    ImageDraw.Draw(sheet).multiline_text((44, 44), text, "black", font(SERIF, 39))
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()

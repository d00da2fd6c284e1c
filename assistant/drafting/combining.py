"""A draft without a model: the combinations that its examples make, taken in order."""

from __future__ import annotations

import asyncio

from assistant.drafting.wishes import PROMPT
from assistant.drafting.writing import Writing

TOOK = 25
"""Combinations that are taken between two looks whether the draft was stopped."""


async def combine(writing: Writing) -> str | None:
    """Take the combinations; a sentence where they are fewer than was asked for. Raises Stopped."""
    rows = await asyncio.to_thread(writing.spelled_out)
    left = rows[writing.draft.came :]
    for start in range(0, len(left), TOOK):
        part = left[start : start + TOOK]
        for prompt, cells in zip(part, writing.pool.draw(len(part)), strict=True):
            writing.take({PROMPT: prompt}, cells, written=True)
        await writing.flush()
    if not writing.missing:
        return None
    return f"The examples make {len(rows):,} rows and no more. Add an option or a value to have others."

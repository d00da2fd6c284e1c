"""Prompts of a sheet that say nearly the same: marked in the grid, because two such rows are one picture."""

from __future__ import annotations

from functools import lru_cache

from assistant.drafting.near import Near
from jobs.sheet import View


def alike(view: View) -> list[dict[str, str | int]]:
    """Each row whose prompt is too like that of a row above, with the number of that one."""
    prompts = tuple(row.cells.get("prompt", "") for row in view.rows)
    return [
        {"row_id": view.rows[later].id, "like": view.rows[first].number} for later, first in _pairs(prompts)
    ]


@lru_cache(maxsize=32)
def _pairs(prompts: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Places of prompts and of those they are like; a sheet is asked about often between two edits."""
    near = Near()
    first: dict[str, int] = {}
    found: list[tuple[int, int]] = []
    for place, prompt in enumerate(prompts):
        if not prompt.strip():
            continue
        like = near.like(prompt)
        if like is None:
            near.add(prompt)
            first[prompt] = place
        else:
            found.append((place, first[like]))
    return tuple(found)

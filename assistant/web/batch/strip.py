"""The control strip: every row of a batch in order, as patches in tens; of a long batch several a patch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jobs.batch import IN_HAND, MADE, TROUBLED, RowState
from jobs.sheet import FIRST_NUMBER

ALL = 2000
"""Rows that are each shown by a patch of their own; a page redraws them every two seconds."""

MOST = 1000
"""Patches of a longer batch."""

DENSE = 200
"""Rows from which patches are small."""

STEPS = (2, 5, 10, 20, 50, 100, 200, 500)
"""Rows that a patch of a longer batch may stand for."""

TEN = 10


@dataclass(frozen=True)
class Strip:
    """`tens`: the number of each ten's first row, and the states of its patches, each of `step` rows."""

    tens: Sequence[tuple[int, Sequence[str]]]
    step: int
    dense: bool


def step(rows: int) -> int:
    """How many rows a patch stands for: 1, or the smallest step that keeps the strip short."""
    if rows <= ALL:
        return 1
    return next(wide for wide in STEPS if wide * MOST >= rows)


def strip(rows: int, counts: Iterable[tuple[int, str, int]]) -> Strip:
    """From how many rows of each state every step holds: (place, state, rows), by place."""
    wide = step(rows)
    found: dict[int, dict[str, int]] = {}
    for place, state, number in counts:
        found.setdefault(place, {})[state] = number
    patches = [(place, _one(states)) for place, states in sorted(found.items())]
    tens: dict[int, list[str]] = {}
    for place, state in patches:
        tens.setdefault(place // TEN, []).append(state)
    return Strip(
        [(FIRST_NUMBER + ten * TEN * wide, states) for ten, states in tens.items()], wide, rows >= DENSE
    )


def _one(states: Mapping[str, int]) -> str:
    """What a patch shows of its rows: what needs a person, else what is on its way, else how far they are."""
    for state in (*TROUBLED, *IN_HAND):
        if state in states:
            return state
    if len(states) == 1 or set(states) <= set(MADE):
        return next(iter(states))
    return RowState.SENT

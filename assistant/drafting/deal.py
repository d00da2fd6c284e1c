"""The cells that code writes into a draft's rows: fixed values, and spread ones dealt evenly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil, lcm

from assistant.drafting.brief import Brief
from assistant.drafting.wishes import PROMPT
from schema.columns import Columns, load

_LONG = 2_000
"""Rows after which which values met is forgotten, so that a draft of many rows is taken up again quickly."""


class Deal:
    """Deals row after row; its whole state is how many rows were dealt, so `start` goes on from anywhere."""

    def __init__(self, brief: Brief, columns: Columns | None = None, start: int = 0) -> None:
        columns = columns or load()
        wishes = {name: brief.wish(name, columns) for name in columns.names if name != PROMPT}
        self._fixed = {name: wish.values[0] for name, wish in wishes.items() if wish.kind == "fixed"}
        self._spread = {name: wish.values for name, wish in wishes.items() if wish.kind == "spread"}
        self._rounds = _Rounds([len(values) for values in self._spread.values()], start)

    @property
    def spread(self) -> tuple[str, ...]:
        """The columns whose values are dealt."""
        return tuple(self._spread)

    @property
    def count(self) -> int:
        """Rows dealt so far, those before `start` included."""
        return self._rounds.row

    def cells(self) -> dict[str, str]:
        """The fixed and spread cells of the next row; empty ones, which stand for the default, are left out.

        To be called once for each row that is accepted. After any number of rows the values of a spread
        column were dealt equally often, give or take one. Two columns meet in all their combinations within
        as many rows as there are such; with more columns nearly so.
        """
        places = self._rounds.deal()
        spread = zip(self._spread.items(), places, strict=True)
        dealt = self._fixed | {name: values[place] for (name, values), place in spread}
        return {name: text for name, text in dealt.items() if text}


class Pool:
    """The cells that code writes into the rows to come, evenly dealt: drawn for a call before its rows are
    written, so that they are composed for them, and given back by rows that do not come.

    `rows` are wanted in all, and `there` are the cells of those that came.
    """

    def __init__(self, brief: Brief, rows: int, there: Sequence[Mapping[str, str]] = ()) -> None:
        self._deal = Deal(brief)
        self._left = [self._deal.cells() for _ in range(rows)]
        spread = self._deal.spread
        came = Counter(tuple(cells.get(name, "") for name in spread) for cells in there)
        kept = []
        for cells in self._left:
            key = tuple(cells.get(name, "") for name in spread)
            if came[key]:
                came[key] -= 1
            else:
                kept.append(cells)
        self._left = kept if there else self._left

    def draw(self, count: int) -> list[dict[str, str]]:
        """The cells of so many rows more."""
        while len(self._left) < count:
            self._left.append(self._deal.cells())
        drawn, self._left = self._left[:count], self._left[count:]
        return drawn

    def give_back(self, cells: Sequence[dict[str, str]]) -> None:
        self._left[:0] = cells


class _Rounds:
    """Which value of each column is next, for columns of so many values.

    Each column deals all its values before it begins again; among those left of a round it takes the one
    that has met the row's other values least often.
    """

    def __init__(self, sizes: Sequence[int], start: int) -> None:
        together = lcm(*sizes)
        self._sizes = tuple(sizes)
        self._period = together * ceil(_LONG / together)
        self._left: list[list[int]] = [[] for _ in sizes]
        self._met: Counter[tuple[int, int, int, int]] = Counter()
        self.row = start - start % self._period
        while self.row < start:
            self.deal()

    def deal(self) -> tuple[int, ...]:
        if self.row % self._period == 0:
            self._met.clear()
        dealt: list[int] = []
        for column, size in enumerate(self._sizes):
            if self.row % size == 0:
                self._left[column] = list(range(size))
            value = min(self._left[column], key=lambda value: self._cost(column, value, dealt))
            self._left[column].remove(value)
            self._met.update((before, other, column, value) for before, other in enumerate(dealt))
            dealt.append(value)
        self.row += 1
        return tuple(dealt)

    def _cost(self, column: int, value: int, dealt: Sequence[int]) -> tuple[int, int, int]:
        """How often the value met those already in the row, at most and in all; else the next in turn."""
        met = [self._met[before, other, column, value] for before, other in enumerate(dealt)]
        return max(met, default=0), sum(met), (value - self.row) % self._sizes[column]

"""A plan of what rows differ in: axes with values, dealt so that each row has its own combination."""

from __future__ import annotations

import random
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

SHARE = 0.15
"""The largest part of the rows that may have the same planned value."""
AXES, VALUES = 8, 40
NAME, VALUE = 30, 80
"""How many axes, and values of each; characters of their names. What a model gives beyond is left out."""
LEAST = 4
"""Values below which an axis is none."""
_TRIES = 8
"""Values of each axis that are looked at before a combination may come twice."""

Combination = dict[str, str]


@dataclass(frozen=True)
class Plan:
    """Axes by name with their values, and how many rows were asked for; no axes where none were planned.

    The same plan deals the same combinations, so a new worker goes on where another one ended.
    """

    rows: int
    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seed: int = 0

    @classmethod
    def of(cls, rows: int, axes: Iterable[tuple[str, Iterable[str]]], seed: int = 0) -> Plan:
        """A plan from what a model wrote: cleaned, without repeats, without axes that have too few values."""
        found: dict[str, tuple[str, ...]] = {}
        for name, values in axes:
            clean = {text.casefold(): text for value in values if (text := _clean(value, VALUE))}
            name = _clean(name, NAME).replace(":", "")
            if name and name not in found and len(clean) >= LEAST and len(found) < AXES:
                found[name] = tuple(clean.values())[:VALUES]
        return cls(rows, found, seed)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Plan:
        """What `to_json` wrote; trusted."""
        axes = {name: tuple(values) for name, values in document["axes"].items()}
        return cls(document["rows"], axes, document["seed"])

    def to_json(self) -> dict[str, Any]:
        axes = {name: list(values) for name, values in self.axes.items()}
        return {"rows": self.rows, "axes": axes, "seed": self.seed}

    def deal(self, n: int, start: int = 0) -> list[Combination]:
        """The combinations of `n` rows from the one at `start` on.

        Each axis goes through its values in one shuffled round after the other, so that they come equally
        often, and no value comes in more than SHARE of the rows asked for: where an axis has too few values
        for that, it is left to the model in some rows. No combination comes twice while there are others.
        """
        if not self.axes:
            return [{} for _ in range(n)]
        return list(islice(self._combinations(), start, start + n))

    def _combinations(self) -> Iterator[Combination]:
        """All combinations in their order, without end."""
        axes = self.axes.items()
        decks = [_Deck(name, values, self._round(len(values)), self.seed) for name, values in axes]
        seen: set[tuple[str, ...]] = set()
        while True:
            drawn = [deck.draw() for deck in decks]
            if tuple(drawn) in seen:
                _exchange(drawn, decks, seen)
            seen.add(tuple(drawn))
            yield {deck.name: value for deck, value in zip(decks, drawn, strict=True) if value}

    def _round(self, values: int) -> int:
        """The length of an axis's round, so that no value comes in more than SHARE of the rows asked for."""
        most = max(1, int(self.rows * SHARE))
        return max(values, -(-self.rows // most))


class _Deck:
    """The values of an axis in shuffled rounds without end, with blanks where a round has more places."""

    def __init__(self, name: str, values: tuple[str, ...], length: int, seed: int) -> None:
        self.name = name
        self.left: list[str] = []  # of the round in hand; what may be exchanged without changing how often
        self._cards = [*values, *[""] * (length - len(values))]
        self._seed = f"{seed} {name}"
        self._round = 0

    def draw(self) -> str:
        if not self.left:
            self.left = list(self._cards)
            random.Random(f"{self._seed} {self._round}").shuffle(self.left)  # noqa: S311 (no secret)
            self._round += 1
        return self.left.pop(0)


def _exchange(drawn: list[str], decks: Sequence[_Deck], seen: Container[tuple[str, ...]]) -> None:
    """Exchange one value of a combination that was there for one that comes soon, if that makes a new one."""
    for place in range(_TRIES):
        for at, deck in enumerate(decks):
            if place < len(deck.left) and (*drawn[:at], deck.left[place], *drawn[at + 1 :]) not in seen:
                drawn[at], deck.left[place] = deck.left[place], drawn[at]
                return


def _clean(value: object, longest: int) -> str:
    """A name or a value on one line, without what separates them in a question."""
    text = " ".join(re.sub(r"[;<>]", " ", str(value)).split()).strip(" .,")
    return text if len(text) <= longest else ""

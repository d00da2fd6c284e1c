"""A walk through all combinations of parts: each once, every value as often as another, neighbours unlike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, product
from math import prod
from random import Random

Choice = tuple[int, ...]
_WHOLE = 200_000
"""Combinations up to which a walk goes to the very last; of more, nobody has asked for nearly as many."""
_TRIES = 50
_LOOKED_AT = 30
_MANY_LEFT = 0.6
"""Share of the combinations up to which one that was not there yet is found by chance."""


class Walk:
    """Combinations of so many values each, as places from 0; the same seed gives the same walk.

    Every part deals all its values, shuffled, before it begins again. Of those left in its round it takes
    the one that has met the row's other values least often, and not the one of the row before. Where that
    combination was there already, another one of those left; near the end, when there is none, any that was
    not there yet.
    """

    def __init__(self, sizes: Sequence[int], seed: int) -> None:
        self._sizes = tuple(sizes)
        self._chance = Random(seed)  # noqa: S311  no secret: the same brief gives the same rows
        self._left: list[list[int]] = [[] for _ in sizes]
        self._met: Counter[tuple[int, int, int, int]] = Counter()
        self._came: Counter[tuple[int, int]] = Counter()
        self._before: Choice = ()
        self._used: set[Choice] = set()
        self._rest: list[Choice] | None = None

    def __iter__(self) -> Iterator[Choice]:
        total = prod(self._sizes)
        while len(self._used) < total:
            choice = self._deal()
            if choice is None:
                return
            self._note(choice)
            yield choice

    def _deal(self) -> Choice | None:
        """The next combination; None where a very long walk finds no more."""
        for left, size in zip(self._left, self._sizes, strict=True):
            if not left:
                left.extend(self._chance.sample(range(size), size))
        if self._rest is None:
            choice = self._even()
            for _ in range(_TRIES):
                if choice not in self._used:
                    return choice
                choice = tuple(self._chance.choice(left) for left in self._left)
        return self._any()

    def _even(self) -> Choice:
        """One value of each part, of those left in its round, that have met each other least."""
        chosen: list[int] = []
        for part, left in enumerate(self._left):
            before = self._before[part] if self._before else None
            costs = {value: self._cost(part, value, chosen) + (value == before) for value in left}
            least = min(costs.values())
            chosen.append(next(value for value in left if costs[value] == least))
        return tuple(chosen)

    def _cost(self, part: int, value: int, chosen: Sequence[int]) -> int:
        return sum(self._met[other, mate, part, value] for other, mate in enumerate(chosen))

    def _any(self) -> Choice | None:
        """One of those that were not there yet, whose values came least often of some looked at."""
        total = prod(self._sizes)
        if self._rest is None and (total > _WHOLE or len(self._used) < total * _MANY_LEFT):
            tries = (tuple(map(self._chance.randrange, self._sizes)) for _ in range(_TRIES * _LOOKED_AT))
            window = list(islice((choice for choice in tries if choice not in self._used), _LOOKED_AT))
            return min(window, key=self._frequency, default=None)
        if self._rest is None:
            every = product(*map(range, self._sizes))
            self._rest = [choice for choice in every if choice not in self._used]
            self._chance.shuffle(self._rest)
        window = self._rest[-_LOOKED_AT:]
        best = min(range(len(window)), key=lambda place: self._frequency(window[place]))
        return self._rest.pop(len(self._rest) - len(window) + best)

    def _frequency(self, choice: Choice) -> int:
        """How often the values came, the least common parts counting most; a neighbour's value counts too."""
        seen = sum(self._came[part, value] * self._sizes[part] for part, value in enumerate(choice))
        return seen + sum(value == before for value, before in zip(choice, self._before, strict=False))

    def _note(self, choice: Choice) -> None:
        self._used.add(choice)
        self._before = choice
        for part, value in enumerate(choice):
            self._came[part, value] += 1
            if value in self._left[part]:
                self._left[part].remove(value)
            self._met.update((other, mate, part, value) for other, mate in enumerate(choice[:part]))

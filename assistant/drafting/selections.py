"""Which rows a request means: each kind of selection finds its rows in a sheet, and says itself in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from assistant.chat.ground import PROMPT, Ground, Line, Unclear
from assistant.drafting.tokens import has
from schema.wording import listed, quoted

MOST_NAMED = 8
"""Groups of row numbers that are said one by one."""


class Selection(Protocol):
    """Rows that are meant. `named` are the numbers that were said one by one: those rows' locks give way."""

    @property
    def words(self) -> str: ...

    @property
    def named(self) -> frozenset[int]: ...

    def pick(self, ground: Ground) -> frozenset[str]:
        """The ids of the rows. Raises Unclear where the sheet has no such rows."""
        ...


@dataclass(frozen=True, slots=True)
class _Unnamed:
    """What names no row by its number."""

    @property
    def named(self) -> frozenset[int]:
        return frozenset()


@dataclass(frozen=True, slots=True)
class Every(_Unnamed):
    words: str = "all rows"

    def pick(self, ground: Ground) -> frozenset[str]:
        return frozenset(ground.by_id)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Rows by their numbers on screen: pairs of first and last; a last of None goes on to the end."""

    runs: tuple[tuple[int, int | None], ...]

    @property
    def named(self) -> frozenset[int]:
        return frozenset(first for first, last in self.runs if first == last)

    @property
    def words(self) -> str:
        one = len(self.runs) == 1 and self.runs[0][0] == self.runs[0][1]
        said = [
            str(first) if first == last else f"{first} onwards" if last is None else f"{first}–{last}"
            for first, last in self.runs
        ]
        return f"row {said[0]}" if one else f"rows {listed(said, most=MOST_NAMED)}"

    def pick(self, ground: Ground) -> frozenset[str]:
        found: set[str] = set()
        for first, last in self.runs:
            end = last if last is not None else max(ground.by_number, default=0)
            ids = {ground.by_number[n].id for n in ground.by_number if first <= n <= end}
            if not ids or (last is not None and first == last and first not in ground.by_number):
                raise Unclear(_missing(ground, first, last))
            found |= ids
        return frozenset(found)


def _missing(ground: Ground, first: int, last: int | None) -> str:
    if not ground.lines:
        return "The sheet has no rows yet."
    low, high = min(ground.by_number), max(ground.by_number)
    if first < low and first == last:
        return f"Row {first} is not one of the sheet's: the header is row 1, and the first row is row {low}."
    said = (
        f"row {first}" if first == last else f"row from {first} on" if last is None else f"row {first}–{last}"
    )
    return f"There is no {said}. The sheet's rows are {low} to {high}."


@dataclass(frozen=True, slots=True)
class Ends(_Unnamed):
    """The first or the last rows."""

    count: int
    last: bool

    @property
    def words(self) -> str:
        end = "last" if self.last else "first"
        return f"the {end} row" if self.count == 1 else f"the {end} {self.count} rows"

    def pick(self, ground: Ground) -> frozenset[str]:
        lines = ground.lines[-self.count :] if self.last else ground.lines[: self.count]
        return frozenset(line.id for line in lines)


@dataclass(frozen=True, slots=True)
class Steps(_Unnamed):
    """Every so manieth row, those whose number leaves this rest: odd rows are every second, rest 1."""

    step: int
    rest: int
    words: str

    def pick(self, ground: Ground) -> frozenset[str]:
        return frozenset(line.id for line in ground.lines if line.number % self.step == self.rest)


@dataclass(frozen=True, slots=True)
class Saying(_Unnamed):
    """Rows whose prompt has the phrases, any of them or all; `negated` those that have not."""

    phrases: tuple[str, ...]
    together: bool = False
    negated: bool = False

    @property
    def words(self) -> str:
        said = listed([quoted(phrase, 40) for phrase in self.phrases], "and" if self.together else "or")
        return f"the rows whose prompt {'does not have' if self.negated else 'has'} {said}"

    def pick(self, ground: Ground) -> frozenset[str]:
        judge = all if self.together else any
        return frozenset(
            line.id
            for line in ground.lines
            if judge(has(line.cells.get(PROMPT, ""), phrase) for phrase in self.phrases) != self.negated
        )


@dataclass(frozen=True, slots=True)
class Holding(_Unnamed):
    """Rows by a cell: those with a value, given or by default; with None those that have one of their own."""

    column: str
    value: str | None
    negated: bool = False

    @property
    def words(self) -> str:
        if self.value is None:
            return f"the rows {'without' if self.negated else 'with'} a {self.column}"
        return f"the rows whose {self.column} is {'not ' if self.negated else ''}{self.value}"

    def pick(self, ground: Ground) -> frozenset[str]:
        return frozenset(line.id for line in ground.lines if self._holds(line, ground) != self.negated)

    def _holds(self, line: Line, ground: Ground) -> bool:
        cell = line.cells.get(self.column, "").strip()
        if self.value is None:
            return bool(cell)
        default = ground.columns[self.column].default
        return (cell or ("" if default is None else str(default))) == self.value


@dataclass(frozen=True, slots=True)
class Locked(_Unnamed):
    words: str = "the locked rows"

    def pick(self, ground: Ground) -> frozenset[str]:
        return frozenset(line.id for line in ground.lines if ground.locked.get(line.id))


@dataclass(frozen=True, slots=True)
class Faulty(_Unnamed):
    words: str = "the rows with problems"

    def pick(self, ground: Ground) -> frozenset[str]:
        return frozenset(ground.by_id) & ground.faulty


@dataclass(frozen=True, slots=True)
class Union:
    parts: tuple[Selection, ...]

    @property
    def words(self) -> str:
        return listed([part.words for part in self.parts])

    @property
    def named(self) -> frozenset[int]:
        return frozenset().union(*(part.named for part in self.parts))

    def pick(self, ground: Ground) -> frozenset[str]:
        return frozenset().union(*(part.pick(ground) for part in self.parts))


@dataclass(frozen=True, slots=True)
class Minus:
    whole: Selection
    less: Selection

    @property
    def words(self) -> str:
        return f"{self.whole.words} except {self.less.words}"

    @property
    def named(self) -> frozenset[int]:
        return self.whole.named - self.less.named

    def pick(self, ground: Ground) -> frozenset[str]:
        return self.whole.pick(ground) - self.less.pick(ground)


@dataclass(frozen=True, slots=True)
class Both:
    """Rows of one selection that are in the other too: rows 5–9 without a palette."""

    one: Selection
    other: Selection

    @property
    def words(self) -> str:
        return f"{self.other.words} among {self.one.words}"

    @property
    def named(self) -> frozenset[int]:
        return frozenset()

    def pick(self, ground: Ground) -> frozenset[str]:
        return self.one.pick(ground) & self.other.pick(ground)

"""A sheet as a request meets it: numbered rows, locks, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

from schema.columns import Columns, load

PROMPT = "prompt"


class Unclear(Exception):
    """A request that was understood and cannot be met; the sentence says why, and what would do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row as a request meets it: its id for life, its number on screen, its cells."""

    id: str
    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Ground:
    """A sheet as a request meets it.

    lines     its rows in order, numbered as the person saw them
    locked    by row id the columns whose cells a person wrote
    faulty    ids of rows with an error
    headings  names of the columns that the sheet has
    max_rows  rows that it may have, header included
    """

    lines: Sequence[Line]
    locked: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    faulty: AbstractSet[str] = frozenset()
    headings: Sequence[str] = ()
    max_rows: int = 500
    columns: Columns = field(default_factory=load)

    @cached_property
    def by_id(self) -> Mapping[str, Line]:
        return {line.id: line for line in self.lines}

    @cached_property
    def by_number(self) -> Mapping[int, Line]:
        return {line.number: line for line in self.lines}

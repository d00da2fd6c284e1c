"""A sheet's problems as a person meets them: what is the same in several rows is one line with one answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from jobs.errors import Conflict
from jobs.sheet import View, ViewRow
from schema import columns
from schema.columns import Column
from schema.problems import Fix, Problem

MOST = 100
"""Groups of a level that are shown at once; the others follow as these are solved."""

ONE_BY_ONE = 20
"""Rows of a group that are listed singly."""


@dataclass(frozen=True)
class Group:
    """Problems that need one decision: alike in everything but the row. Without rows it is about the file.

    `id` is made from what the problems have in common: it names the group in addresses and forms, and names
    nothing any more once the problem is solved. `messages` has the sentence, or all where they differ.
    """

    id: str
    problem: Problem
    messages: tuple[str, ...]
    rows: tuple[ViewRow, ...]

    @property
    def numbers(self) -> list[int]:
        return [row.number for row in self.rows]

    @property
    def file_numbers(self) -> list[int]:
        """The rows' numbers in the uploaded file, where they are others than on screen."""
        numbers = [row.file_row for row in self.rows if row.file_row]
        return numbers if numbers != self.numbers and len(numbers) == len(self.rows) else []

    @property
    def column(self) -> Column | None:
        """The column whose cells are concerned, if it is one of ours."""
        name = self.problem.column
        return columns.load()[name] if name and name in columns.load() else None

    @property
    def together(self) -> bool:
        """Whether one new value for all its cells makes sense: prompts of several rows should differ."""
        return len(self.rows) == 1 or (self.column is not None and self.column.editor != "text")

    def row(self, row_id: str) -> ViewRow:
        """Raises Conflict where the row does not have the problem any more."""
        found = next((row for row in self.rows if row.id == row_id), None)
        if found is None:
            raise solved()
        return found

    def label(self, fix: Fix, rows: int) -> str:
        """What the fix's button says for so many rows."""
        return f"Delete the {rows:,} rows" if fix.op == "delete-row" and rows > 1 else fix.label


def solved() -> Conflict:
    return Conflict(
        "That was solved already, here or in another tab. Load the page again to see how it stands."
    )


def grouped(view: View, level: str) -> list[Group]:
    """The groups of a level, in the order of their first row; what is about the file comes first."""
    rows = {row.id: row for row in view.rows}
    alike: dict[tuple[object, ...], list[Problem]] = {}
    for problem in view.problems:
        if problem.level == level:
            alike.setdefault(_key(problem), []).append(problem)
    return [
        Group(
            sha256(repr(key).encode()).hexdigest()[:12],
            problems[0],
            tuple(dict.fromkeys(problem.message for problem in problems)),
            tuple(rows[problem.row_id] for problem in problems if problem.row_id in rows),
        )
        for key, problems in alike.items()
    ]


def find(view: View, group_id: str) -> Group:
    """Raises Conflict where nothing has that problem any more."""
    for level in ("error", "warning"):
        for group in grouped(view, level):
            if group.id == group_id:
                return group
    raise solved()


def _key(problem: Problem) -> tuple[object, ...]:
    """Problems of whole rows are alike whatever row they name: a hundred duplicates are one decision."""
    where = (problem.message, problem.row) if problem.row is None else ()
    cell = (problem.value, problem.message) if problem.column else ()
    return (problem.level, problem.code, problem.column, cell, where, problem.fixes)


@dataclass(frozen=True)
class Mark:
    """What stands on a cell of the table: the worst level, the sentences, the group that has the answer."""

    level: str
    sentences: tuple[str, ...]
    group: str | None


Marks = Mapping[tuple[str, str], Mark]
"""By row id and column, an empty column where the whole row is meant."""


def marks(view: View, shown: Iterable[Group], rows: Sequence[ViewRow]) -> Marks:
    """The marks of some rows; `shown` are the groups that the page has, to which a mark leads."""
    groups = {(row.id, group.problem.column or ""): group.id for group in shown for row in group.rows}
    wanted = {row.id for row in rows}
    found: dict[tuple[str, str], list[Problem]] = {}
    for problem in view.problems:
        if problem.row_id in wanted:
            found.setdefault((problem.row_id, problem.column or ""), []).append(problem)
    return {place: _mark(problems, groups.get(place)) for place, problems in found.items()}


def _mark(problems: Sequence[Problem], group: str | None) -> Mark:
    worst = min((problem.level for problem in problems), key=("error", "warning", "fixed").index)
    return Mark(worst, tuple(problem.message for problem in problems), group if worst != "fixed" else None)


def first(groups: Iterable[Group]) -> list[Group]:
    return list(islice(groups, MOST))

"""A sheet's cells as they are now, checked: typed values and problems, whole file first, then row by row."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from schema import cell_check
from schema.columns import Column, Columns, Value
from schema.headers import missing
from schema.problems import Fix, Problem
from schema.row_rules import RowRules
from schema.values import blank, value_of

Verdict = tuple[Value | None, Problem | None]
"""The value of a cell, None where it has none, and what is wrong with it, if anything is."""
_DELETE = Fix("Delete the row", "delete-row")


@dataclass(frozen=True, slots=True)
class Row:
    """A row to check. `number` is what the person sees; a cell that is empty or not there has the default."""

    number: int
    cells: Mapping[str, str]
    id: str | None = None


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row judged: typed values of the cells that are filled and right, and what is wrong elsewhere.

    `effective` are the values with the defaults where nothing was filled in; faulty cells have neither.
    """

    values: dict[str, Value]
    effective: dict[str, Value]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The result for a sheet: problems in reading order, and each row's values, without defaults."""

    problems: tuple[Problem, ...]
    values: tuple[dict[str, Value], ...]


class Checker:
    """Checks cells and rows by the schema. It remembers what it has seen, so take a new one for each sheet.

    Equal cells are judged once by (column, text), equal rows once by the values the rules look at: many times
    faster than a validator over each row. With `headings`, the columns of the sheet, a needed column that the
    sheet lacks is not asked for in each row.
    """

    def __init__(self, columns: Columns, headings: Collection[str] | None = None) -> None:
        self._rules = RowRules(columns)
        self._defaults = {column.name: column.default for column in columns.all if column.default is not None}
        self._places = {name: place for place, name in enumerate(columns.names)}
        self._seen: dict[Column, dict[str, Verdict]] = {column: {} for column in columns.all}
        self._asked = tuple(
            (column, seen)
            for column, seen in self._seen.items()
            if headings is None or column.name in headings or not column.required
        )

    def cell(self, column: Column, text: str) -> Verdict:
        """The value of a cell, or what is wrong with it; the problem's row is not filled in."""
        seen = self._seen[column]
        verdict = seen.get(text)
        if verdict is None:
            verdict = seen[text] = _judge(column, text)
        return verdict

    def row(self, cells: Mapping[str, str]) -> CheckedRow:
        """A row's values, and its problems in the order of the columns; their row is not filled in."""
        values: dict[str, Value] = {}
        effective = dict(self._defaults)
        problems: list[Problem] = []
        for column, seen in self._asked:
            text = cells.get(column.name, "")
            value, problem = seen.get(text) or self.cell(column, text)
            if value is not None:
                values[column.name] = effective[column.name] = value
            elif problem is not None:
                problems.append(problem)
                effective.pop(column.name, None)
        broken = self._rules.problems(effective)
        if broken:
            problems = sorted((*problems, *broken), key=lambda problem: self._places[problem.column or ""])
        return CheckedRow(values, effective, tuple(problems))


def _judge(column: Column, text: str) -> Verdict:
    if blank(text):
        return None, cell_check.empty(column) if column.required else None
    value = value_of(column, text)
    return value, cell_check.fault(column, text) if value is None else None


def check(
    rows: Sequence[Row],
    columns: Columns,
    *,
    headings: Collection[str],
    max_rows: int,
    checker: Checker | None = None,
) -> Report:
    """Check a sheet as it stands.

    `headings` are the names of the columns it has; one for which some row has a cell counts as well.
    `max_rows` counts the header, as Ideogram's batch page does: 500 rows are 499 prompts. `checker` may be
    one that has already seen the cells.
    """
    present = [name for name in columns.names if name in headings or any(row.cells.get(name) for row in rows)]
    absent = missing(present, columns, present)
    problems = [*absent, *_count(len(rows), max_rows)]
    checker = checker or Checker(columns, present)
    values: list[dict[str, Value]] = []
    first: dict[Hashable, int] = {}
    for row in rows:
        checked = checker.row(row.cells)
        values.append(checked.values)
        found = checked.problems or (() if absent else _odd(row, checked, columns, first))
        problems += [replace(problem, row=row.number, row_id=row.id) for problem in found]
    return Report(tuple(problems), tuple(values))


def _count(rows: int, max_rows: int) -> Iterator[Problem]:
    if not rows:
        sentence = "There are no rows below the header. Write one prompt in each row."
        yield Problem(None, None, None, "error", "no-rows", sentence)
    elif rows + 1 > max_rows:
        sentence = (
            f"The sheet has {rows + 1:,} rows with its header; {max_rows:,} are the most, which is "
            f"{max_rows - 1:,} prompts. Delete {rows + 1 - max_rows:,} of them, or split the sheet."
        )
        yield Problem(None, None, str(rows + 1), "error", "too-many-rows", sentence)


def _odd(row: Row, checked: CheckedRow, columns: Columns, first: dict[Hashable, int]) -> Iterator[Problem]:
    """A good row that was hardly meant: the template's example, or one that stands above too."""
    if any(checked.values.items() <= example.items() for example in columns.examples):
        sentence = "This is the template's example. Delete the row, or write a prompt of your own."
        yield Problem(None, None, None, "warning", "example-row", sentence, fixes=(_DELETE,))
    above = first.setdefault(tuple(checked.effective.items()), row.number)
    if above != row.number:
        sentence = f"The same as row {above} in every column. Delete the row, or change a cell."
        yield Problem(None, None, None, "warning", "duplicate-row", sentence, fixes=(_DELETE,))

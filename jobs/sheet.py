"""A sheet as it is now: its rows, numbered as on screen, and everything that is said about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from jobs.services import Services
from jobs.store import edits as log
from jobs.store import sheets as store
from jobs.store.database import Connection
from jobs.store.edits import Edit
from jobs.store.sheets import Sheet, SheetRow
from schema.check import Row, check
from schema.columns import Columns, Value, load
from schema.headers import ROW_ID
from schema.problems import Problem
from schema.repair import Repair, repair_cell
from schema.sheet import CellRepair, fixed, in_order
from schema.writer import Format, write

DEFAULTED = "defaulted"
"""The code of a repair that emptied a cell which a model had wrong twice: its default holds."""

FIRST_NUMBER = 2
"""The number of a sheet's first row on screen; row 1 is the header."""


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A row on screen. `values` are the typed cells that passed the check, without defaults.

    `strand` is the id of the draft's strand that it is of, if any.
    """

    id: str
    number: int
    file_row: int | None
    revision: int
    cells: Mapping[str, str]
    values: Mapping[str, Value]
    strand: str | None = None


@dataclass(frozen=True, slots=True)
class Mended:
    """Repairs of a kind that stand: in `rows`, this text in this column became that one."""

    column: str
    before: str
    after: str
    why: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class View:
    """A sheet, its rows in order, and its problems in reading order.

    The problems' rows are numbers on screen and they carry row ids; those of level `fixed` are the repairs
    that stand, which `mended` has by kind.
    """

    sheet: Sheet
    rows: tuple[ViewRow, ...]
    problems: tuple[Problem, ...]
    mended: tuple[Mended, ...]

    @cached_property
    def repairable(self) -> tuple[Mended, ...]:
        """Repairs that could be made and are not, by kind: those that were undone."""
        columns = load()
        return _by_kind(list(possible_repairs(self.rows, columns)), columns)

    def count(self, level: str) -> int:
        return sum(problem.level == level for problem in self.problems)

    @cached_property
    def errors(self) -> int:
        return self.count("error")

    @property
    def ready(self) -> bool:
        return not self.errors and bool(self.rows)

    def rows_with(self, level: str) -> int:
        """How many rows have a problem of this level."""
        return len({problem.row for problem in self.problems if problem.level == level and problem.row})


def look(services: Services, owner: str, sheet_id: str) -> View:
    """Raises NotFound."""
    with services.database.read() as connection:
        return look_in(connection, owner, sheet_id, services.settings.max_rows)


def look_in(connection: Connection, owner: str, sheet_id: str, max_rows: int) -> View:
    """The same in a transaction of the caller's. Raises NotFound."""
    sheet = store.get(connection, owner, sheet_id)
    rows = store.rows(connection, owner, sheet_id)
    return _view(sheet, rows, standing_repairs(connection, sheet, rows), max_rows)


_judged: dict[tuple[str, int, int], int] = {}
_MOST_JUDGED = 10_000


def errors_of(services: Services, sheet: Sheet) -> int:
    """How many problems keep a sheet from running; judged once for each version."""
    key = (sheet.id, sheet.version, services.settings.max_rows)
    if key not in _judged:
        if len(_judged) >= _MOST_JUDGED:
            _judged.clear()
        _judged[key] = look(services, sheet.owner, sheet.id).errors
    return _judged[key]


def as_file(view: View, format: Format) -> bytes:  # noqa: A002 (as in schema.writer)
    """The sheet as a .csv or .xlsx file: the columns it came with, then those that were added since.

    A workbook carries the rows' ids in a hidden column, so that an upload of it knows them again. Raises
    Unwritable for a cell that such a file cannot hold.
    """
    headings = {heading.key: heading.column or heading.text for heading in view.sheet.headings}
    added = {name: name for name in load().names if any(row.cells.get(name) for row in view.rows)}
    keys = headings | added
    lines = [[row.cells.get(key, "") for key in keys] for row in view.rows]
    if format == "csv":
        return write(list(keys.values()), lines, format)
    known = ([*line, row.id] for line, row in zip(lines, view.rows, strict=True))
    return write([*keys.values(), ROW_ID], known, format)


def standing_repairs(connection: Connection, sheet: Sheet, rows: Sequence[SheetRow]) -> list[Edit]:
    """The repairs whose result is still what the cell holds, each cell once."""
    cells = {row.id: row.cells for row in rows}
    made = log.of_origin(connection, sheet.owner, sheet.id, "repair")
    standing = {
        (edit.row_id, edit.column): edit
        for edit in made
        if edit.row_id in cells and edit.column and cells[edit.row_id].get(edit.column) == edit.after
    }
    return list(standing.values())


def possible_repairs(rows: Iterable[ViewRow | SheetRow], columns: Columns) -> Iterator[Edit]:
    """Every repair of a cell that needs no question, as the edit that makes it."""
    known: dict[tuple[str, str], Repair | None] = {}
    for row in rows:
        for column in columns.all:
            before = row.cells.get(column.name, "")
            if (column.name, before) not in known:
                known[column.name, before] = repair_cell(column, before)
            repair = known[column.name, before]
            if repair:
                yield Edit(row.id, column.name, before, repair.after, repair.code)


def _view(sheet: Sheet, rows: Sequence[SheetRow], repairs: Sequence[Edit], max_rows: int) -> View:
    columns = load()
    numbered = [Row(number, row.cells, row.id) for number, row in enumerate(rows, FIRST_NUMBER)]
    report = check(numbered, columns, headings=sheet.columns, max_rows=max_rows)
    numbers = {row.id: row.number for row in numbered if row.id}
    said = [*_said(sheet, rows, numbers), *report.problems, *_fixed(repairs, numbers, columns)]
    view_rows = tuple(
        ViewRow(
            row.id,
            numbered[place].number,
            row.file_row,
            row.revision,
            row.cells,
            report.values[place],
            row.strand,
        )
        for place, row in enumerate(rows)
    )
    return View(sheet, view_rows, in_order(said, columns), _by_kind(repairs, columns))


def _said(sheet: Sheet, rows: Sequence[SheetRow], numbers: Mapping[str, int]) -> Iterator[Problem]:
    """What reading the file had to say, as long as the cell that it is about is as it was."""
    cells = {row.id: row.cells for row in rows}
    for told in sheet.source.get("said", ()):
        row_id, was = told["row_id"], told["cell"]
        problem = Problem(
            numbers.get(row_id), told["column"], told["value"], told["level"], told["code"], told["message"]
        )
        if row_id is None:
            yield problem
        elif row_id in cells and cells[row_id].get(told["column"], "") == was:
            yield replace(problem, row_id=row_id)


def _fixed(repairs: Iterable[Edit], numbers: Mapping[str, int], columns: Columns) -> Iterator[Problem]:
    for edit in repairs:
        told = CellRepair(
            numbers[str(edit.row_id)],
            str(edit.column),
            edit.before,
            edit.after or columns[str(edit.column)].empty,
            edit.code or "",
            _why(edit, columns),
        )
        yield replace(fixed(told), row_id=edit.row_id)


def _by_kind(repairs: Iterable[Edit], columns: Columns) -> tuple[Mended, ...]:
    kinds: dict[tuple[str, str, str], list[Edit]] = {}
    for edit in repairs:
        kinds.setdefault((str(edit.column), edit.before, edit.after or ""), []).append(edit)
    return tuple(
        Mended(*kind, _why(edits[0], columns), tuple(str(edit.row_id) for edit in edits))
        for kind, edits in sorted(kinds.items(), key=lambda entry: -len(entry[1]))
    )


def _why(edit: Edit, columns: Columns) -> str:
    """The repair is a pure function of the cell: it says again why it did what it did."""
    column = str(edit.column)
    if edit.code == DEFAULTED:
        return "the model gave what the column does not take, twice, so its default holds"
    repair = repair_cell(columns[column], edit.before) if column in columns else None
    return repair.why if repair else ""

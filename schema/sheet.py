"""A file examined in one call: read, headers recognised, cells repaired, everything checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schema.check import Checker, Row, check
from schema.columns import Column, Columns, Value, load
from schema.headers import ROW_ID, Headings, recognise
from schema.problems import Problem
from schema.reader import RawRow, Table, read
from schema.repair import Repair, repair_cell
from schema.wording import quoted

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CellRepair:
    """A cell that was repaired: its row's number in the file, its column, before and after, and why."""

    row: int
    column: str
    before: str
    after: str
    code: str
    why: str


@dataclass(frozen=True)
class Examined:
    """All that is known of a file. `raw`, `cells` and `values` stand in the order of `table.rows`.

    keys      what each column's cells are kept under: the column's name, or a header we do not know
    raw       cells as read, by key
    cells     the same after repairs; the very same mapping where a row had none
    repairs   what was changed between the two
    problems  whole file first, then row by row; repairs are among them with level `fixed`
    values    typed values of the cells that are right, without defaults
    row_ids   what the hidden column of our workbooks holds, empty where there is none
    """

    table: Table
    headings: Headings
    keys: tuple[str, ...]
    raw: tuple[Cells, ...]
    cells: tuple[Cells, ...]
    repairs: tuple[CellRepair, ...]
    problems: tuple[Problem, ...]
    values: tuple[dict[str, Value], ...]
    row_ids: tuple[str, ...]


def examine(
    data: bytes, name: str, *, max_rows: int = 500, max_bytes: int = 10 << 20, columns: Columns | None = None
) -> Examined:
    """Read, repair and check a file. Raises Unreadable where there is no sheet to speak of."""
    columns = columns or load()
    table = read(data, name, max_rows=max_rows, max_bytes=max_bytes, columns=columns)
    headings = recognise(table.headers, columns)
    keys = _keys(headings)
    raw = tuple(_by_key(keys, row) for row in table.rows)
    checker = Checker(columns, headings.present)
    present = [column for column in columns.all if column.name in headings.present]
    cells, repairs = _repaired(table.rows, raw, present, checker)
    rows = [Row(row.number, found) for row, found in zip(table.rows, cells, strict=True)]
    report = check(rows, columns, headings=headings.present, max_rows=max_rows, checker=checker)
    said = (*table.problems, *headings.problems, *report.problems, *map(fixed, repairs))
    problems = in_order(said, columns)
    return Examined(table, headings, keys, raw, cells, repairs, problems, report.values, _row_ids(table))


def _row_ids(table: Table) -> tuple[str, ...]:
    if ROW_ID not in table.headers:
        return ("",) * len(table.rows)
    place = list(table.headers).index(ROW_ID)
    return tuple(row.cells[place] for row in table.rows)


def _by_key(keys: Sequence[str], row: RawRow) -> dict[str, str]:
    """A row's cells; columns without a header have none, or they would have been given one."""
    cells = dict(zip(keys, row.cells, strict=True))
    cells.pop("", None)
    return cells


def _keys(headings: Headings) -> tuple[str, ...]:
    """A key for each column of the file: the name of ours, else the header, numbered where it repeats."""
    taken = set(headings.present)
    keys: list[str] = []
    for name, header in zip(headings.names, headings.headers, strict=True):
        key, count = name or (header if header.strip() and header != ROW_ID else ""), 1
        while key and name is None and key in taken:
            count += 1
            key = f"{header} ({count})"
        taken.add(key)
        keys.append(key)
    return tuple(keys)


def _repaired(
    rows: Sequence[RawRow], raw: Sequence[Cells], present: Sequence[Column], checker: Checker
) -> tuple[tuple[Cells, ...], tuple[CellRepair, ...]]:
    """The cells after all repairs. Column by column, each different text once: most columns hold few."""
    cells = list(raw)
    done: list[tuple[int, CellRepair]] = []
    for column in present:
        name = column.name
        repairs = _repairs(column, {found[name] for found in raw}, checker)
        for place, found in enumerate(raw if repairs else ()):
            before = found[name]
            repair = repairs.get(before)
            if repair:
                cells[place] = {**cells[place], name: repair.after}
                row = rows[place].number
                done.append((place, CellRepair(row, name, before, repair.after, repair.code, repair.why)))
    done.sort(key=lambda entry: entry[0])
    return tuple(cells), tuple(repair for _, repair in done)


def _repairs(column: Column, texts: set[str], checker: Checker) -> dict[str, Repair]:
    """What is to be changed, by text. Free text is right as it is and may still have spaces round it."""
    suspects = (text for text in texts if column.editor == "text" or checker.cell(column, text)[1])
    found = ((text, repair_cell(column, text)) for text in suspects)
    return {text: repair for text, repair in found if repair}


def in_order(problems: Sequence[Problem], columns: Columns) -> tuple[Problem, ...]:
    """Whole file first, then by row and column, and nothing twice.

    The headers tell better what is missing than the check can, and a formula why a needed cell is empty.
    """
    once: dict[object, Problem] = {}
    for place, problem in enumerate(problems):
        word = "required" if problem.code == "formula-error" else problem.code
        alone = word in ("required", "missing-column")
        once.setdefault((word, problem.row, problem.column) if alone else place, problem)
    places = {name: place for place, name in enumerate(columns.names, 1)}

    def order(problem: Problem) -> tuple[int, int]:
        """The place of a column counts within a row only."""
        if problem.row is None:
            return 0, 0
        return problem.row, places.get(problem.column or "", len(places) + 1)

    return tuple(sorted(once.values(), key=order))


def fixed(repair: CellRepair) -> Problem:
    """What is said of a repair that was made."""
    sentence = f"{quoted(repair.before)} was changed to {quoted(repair.after)}: {repair.why}."
    return Problem(repair.row, repair.column, repair.before, "fixed", repair.code, sentence, repair.after)

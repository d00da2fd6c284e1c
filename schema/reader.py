"""A file's bytes read into a table of text cells, told by its content: .csv, .xlsx, .xls, .xlsb or .ods."""

from __future__ import annotations

from dataclasses import replace

from schema import workbook
from schema.archive import Package
from schema.cell_check import FORMULA
from schema.columns import Columns, load
from schema.errors import Unreadable
from schema.headers import fit, recognise
from schema.kinds import kind_of
from schema.problems import Problem
from schema.refusals import refusal
from schema.table import HEAD, RawRow, Table, letter, tabulate
from schema.text_file import TextSheet, read_text
from schema.wording import listed, quoted, sized

__all__ = ["HARD_LIMIT", "RawRow", "Table", "read"]

HARD_LIMIT = 100_000
"""Rows below the header that are read, whatever the settings say."""
_DAMAGED = "\ufffd"
_LOOKED_AT = 1_000
"""Empty needed cells that are looked at a second time; where more are empty, no formula is the reason."""


def read(
    data: bytes, name: str, *, max_rows: int = 500, max_bytes: int = 10 << 20, columns: Columns | None = None
) -> Table:
    """Read a file into a table, changing nothing.

    `max_rows` is the limit that a sentence names: up to HARD_LIMIT rows are read, and the check says where
    that is too many. Raises Unreadable with what is wrong and how to mend it.
    """
    columns = columns or load()
    if len(data) > max_bytes:
        raise refusal("too-big", name, size=sized(len(data)), limit=sized(max_bytes))
    kind = kind_of(data, name)
    if kind == "text":
        table = _of_text(read_text(data, name, HARD_LIMIT, max_rows, columns), columns)
    else:
        table = _of_workbook(workbook.sheets(data, name, HARD_LIMIT, max_rows), data, name, max_rows, columns)
    names = recognise(table.headers, columns).names
    problems = [*table.problems, *_damaged(table, names)]
    if isinstance(kind, Package) and kind.formulas:
        problems += _formulas(table, names, data, name, columns)
    return replace(table, problems=tuple(problems))


def _of_text(sheet: TextSheet, columns: Columns) -> Table:
    table = tabulate(sheet.records, columns)
    encoding = sheet.decoded.encoding
    problems = table.problems
    if sheet.decoded.guessed:
        sentence = (
            f"The file is not in UTF-8. It was read as {encoding}, which is a guess: look at the letters "
            "with accents. If they are wrong, save the file again as CSV UTF-8."
        )
        problems = (Problem(None, None, encoding, "warning", "bad-encoding", sentence), *problems)
    return replace(table, encoding=encoding, delimiter=sheet.delimiter, problems=problems)


def _of_workbook(
    sheets: list[workbook.Sheet], data: bytes, name: str, max_rows: int, columns: Columns
) -> Table:
    """The table of the sheet whose header fits best; visible sheets go before hidden ones, then the first."""

    def merit(sheet: workbook.Sheet) -> int:
        return max((fit(cells, columns) for _, cells in sheet.records[:HEAD]), default=0)

    filled = [sheet for sheet in sheets if sheet.records] or sheets[:1]
    if not filled:
        return tabulate((), columns)
    chosen = max(filled, key=lambda sheet: (merit(sheet), sheet.visible))
    others = [sheet.name for sheet in filled if sheet is not chosen and sheet.visible and merit(sheet) > 1]
    problems = tuple(_about_sheets(chosen, others))
    if not chosen.whole and chosen.records:
        chosen, *_ = workbook.sheets(data, name, HARD_LIMIT, max_rows, only=chosen.name)
    table = tabulate(chosen.records, columns, chosen.left)
    return replace(table, sheet=chosen.name, problems=(*problems, *table.problems))


def _about_sheets(chosen: workbook.Sheet, others: list[str]) -> list[Problem]:
    said = []
    if not chosen.visible:
        said.append(f"The rows were read from the hidden sheet {quoted(chosen.name)}: its header fits best.")
    if others:
        names = listed([quoted(other) for other in others], most=5)
        said.append(
            f"Only the sheet {quoted(chosen.name)} was read. There seem to be prompts in {names} too."
        )
    return [Problem(None, None, None, "warning", "other-sheets", sentence) for sentence in said]


def _damaged(table: Table, names: tuple[str | None, ...]) -> list[Problem]:
    """A warning for each cell with characters that the file has lost; emoji in .xls files are."""
    return [
        Problem(
            row.number,
            names[place] or table.headers[place],
            cell,
            "warning",
            "damaged-text",
            f"Some characters of this cell are lost in the file and stand as {_DAMAGED}. Type them again, or "
            "save the sheet as .xlsx or CSV UTF-8 from where it is still right.",
        )
        for row in table.rows
        for place, cell in enumerate(row.cells)
        if _DAMAGED in cell
    ]


def _formulas(
    table: Table, names: tuple[str | None, ...], data: bytes, name: str, columns: Columns
) -> list[Problem]:
    """A second look at needed cells that came back empty in rows that have other values."""
    needed = [(place, column) for place, column in enumerate(names) if column and columns[column].required]
    empty = {
        (row.number, table.left + place + 1): column
        for row in table.rows
        for place, column in needed
        if not row.cells[place].strip()
    }
    if not empty or len(empty) > _LOOKED_AT or not table.sheet:
        return []
    try:
        found = workbook.shown(data, name, table.sheet, empty)
    except Unreadable:  # the first look stands: the cell is empty, and the check says so
        return []
    return [
        Problem(row, empty[row, column], text, "error", "formula-error", _formula(text, letter(column)))
        for (row, column), text in sorted(found.items())
    ]


def _formula(shown: str, column: str) -> str:
    return f"{quoted(shown)}: {FORMULA} Format column {column} as Text, then type the text again."

"""Rows of text cells made into a table: which row is the header, and what each column is headed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schema.columns import Columns
from schema.headers import fit
from schema.problems import Problem
from schema.wording import listed, quoted

HEAD = 20
"""Non-empty rows among which the header is looked for."""
COLUMNS = 1_000
"""Columns that a sheet may have; each unknown one is told about, and nobody reads more."""

Record = tuple[int, tuple[str, ...]]
"""A non-empty row as found: its number as a spreadsheet program shows it, its cells up to the last one."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One non-empty row. `number` is what a spreadsheet program shows; cells as read, one for each header."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """What was read, nothing repaired.

    headers     as read; a column with cells and no header is named after its letter, “Column D”
    header_row  its number, 0 where the sheet has no cells
    rows        the non-empty rows below the header
    sheet       name of the workbook's sheet, None for text
    encoding    of a text file, None for a workbook
    delimiter   of a text file, None for a workbook
    problems    what reading has to say: a guessed encoding, damaged cells, formulas, what was left out
    left        empty columns before the first header
    """

    headers: tuple[str, ...]
    header_row: int
    rows: tuple[RawRow, ...]
    sheet: str | None
    encoding: str | None
    delimiter: str | None
    problems: tuple[Problem, ...]
    left: int = 0


def tabulate(records: Sequence[Record], columns: Columns, left: int = 0) -> Table:
    """Find the header and give each row a cell for each header. `left` empty columns stand before them."""
    at = header_at(records, columns)
    if at is None:
        return Table((), 0, (), None, None, None, ())
    number, head = records[at]
    body = records[at + 1 :]
    width = max(len(cells) for _, cells in records[at:])
    headers = [*head, *[""] * (width - len(head))]
    for place in _unnamed(headers, body):
        headers[place] = f"Column {letter(left + place + 1)}"
    first = next(place for place, header in enumerate(headers) if header.strip())
    rows = tuple(
        RawRow(row, (*cells, *[""] * (width - len(cells)))[first:] if first or len(cells) < width else cells)
        for row, cells in body
    )
    return Table(tuple(headers[first:]), number, rows, None, None, None, _above(records[:at]), left + first)


def header_at(records: Sequence[Record], columns: Columns) -> int | None:
    """The place of the row near the top that names the most columns, else the first; None without rows.

    A row below the first must name two columns, or hold nothing else: “style” may well be a cell.
    """
    best, most = 0 if records else None, 0
    for place, (_, cells) in enumerate(records[:HEAD]):
        named = fit(cells, columns)
        if named > most and (named > 1 or named == sum(1 for cell in cells if cell.strip())):
            best, most = place, named
    return best


def letter(column: int) -> str:
    """A column's letters as spreadsheet programs show them: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _unnamed(headers: Sequence[str], body: Sequence[Record]) -> set[int]:
    """Places without a header where some row has a cell."""
    empty = {place for place, header in enumerate(headers) if not header.strip()}
    found: set[int] = set()
    for _, cells in body:
        if len(empty) == len(found):
            break
        found.update(place for place in empty - found if place < len(cells) and cells[place].strip())
    return found


def _above(records: Sequence[Record]) -> tuple[Problem, ...]:
    """Rows above the header are not prompts; that they were left out is said."""
    if not records:
        return ()
    words = [next(cell for cell in cells if cell.strip()) for _, cells in records]
    left_out = listed([quoted(word) for word in words], most=3)
    sentence = f"Left out, because it stands above the header: {left_out}."
    return (Problem(None, None, None, "warning", "above-header", sentence),)

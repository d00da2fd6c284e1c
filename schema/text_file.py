"""Text files (.csv, .tsv, .txt) read into rows: delimiter, quotes and line ends as spreadsheets take them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from schema.archive import CELLS
from schema.columns import Columns
from schema.encoding import Decoded, decode
from schema.headers import fit
from schema.refusals import refusal
from schema.table import COLUMNS, HEAD, Record

DELIMITERS = ",;\t|"
_TOP = 1 << 18
"""Characters in which the delimiter shows."""
_CELL = (1 << 31) - 1
"""A cell may be as long as its file, which is bounded. The module's limit holds for all threads at once."""
_LAST = 1 << 20
"""The last row of a sheet in spreadsheet programs; a file with more lines is none, even if they are blank."""


@dataclass(frozen=True)
class TextSheet:
    """The non-empty rows of a text file, each with its number after import, and how the file was read."""

    records: list[Record]
    decoded: Decoded
    delimiter: str


def read_text(data: bytes, name: str, most: int, limit: int, columns: Columns) -> TextSheet:
    """Decode and split a text file.

    `most` is the number of rows that are read at all, `limit` what a sentence names. Raises Unreadable.
    """
    decoded = decode(data, name)
    text, delimiter = _announced(decoded.text)
    delimiter = delimiter or _delimiter(text, columns)
    records: list[Record] = []
    cells = 0
    for number, row in _records(text, delimiter, name):
        records.append((number, row))
        cells += len(row)
        if len(row) > COLUMNS:
            raise refusal("too-many-columns", name, count=len(row), limit=COLUMNS)
        if len(records) > most + 1 or number > _LAST:
            raise refusal("too-many-rows", name, hard=most, limit=limit)
        if cells > CELLS:
            raise refusal("too-many-cells", name, what=f"over {CELLS:,}", limit=CELLS)
    return TextSheet(records, decoded, delimiter)


def _announced(text: str) -> tuple[str, str | None]:
    """The text without the line `sep=;` that Excel obeys and does not show, and the delimiter it names."""
    head, _, rest = text.partition("\n")
    if len(head.rstrip("\r")) == 5 and head[:4].lower() == "sep=":
        return rest, head[4]
    return text, None


def _delimiter(text: str, columns: Columns) -> str:
    """The one with which a row near the top fits best as header, else the most frequent in the first row."""

    def merit(delimiter: str) -> tuple[int, int]:
        try:
            head = [cells for _, cells in islice(_split(text[:_TOP], delimiter, strict=False), HEAD)]
        except _Unbalanced:
            head = []
        best = max((fit(cells, columns) for cells in head), default=0)
        return best, max(len(head[0]) - 1, 0) if head else 0

    return max(DELIMITERS, key=merit)


def _records(text: str, delimiter: str, name: str) -> Iterator[Record]:
    """The records of the whole text; a quotation mark too many or too few is told with its line."""
    try:
        yield from _split(text, delimiter, strict=True)
    except _Unbalanced as fault:
        raise refusal("unclosed-quote", name, what=str(fault)) from None


class _Unbalanced(Exception):
    """Quotation marks that do not come in pairs; the text says where."""


def _split(text: str, delimiter: str, *, strict: bool) -> Iterator[Record]:
    """Non-empty records with their numbers: a record with line ends in it is one row, so is a blank line."""
    csv.field_size_limit(_CELL)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    number = 0
    while True:
        number += 1
        begin = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise _Unbalanced(_place(str(error), begin, reader.line_num)) from None
        if row is None:
            return
        while row and not row[-1].strip():
            row.pop()
        if row:
            yield number, tuple(row)


def _place(error: str, begin: int, line: int) -> str:
    if "unexpected end" in error:
        return f"one that is opened in the row beginning at line {begin} is never closed"
    return f"in line {line} text follows a closing one"

"""Sheets written: the templates, and any rows, as .csv (UTF-8 with its mark, RFC 4180) or .xlsx.

What no file can hold is written as U+FFFD, the replacement character, in both formats: control characters
other than tab and line end, halves of surrogate pairs, and the two code points that are no characters.
Nothing else is altered: a prompt that begins with = stays text in .xlsx. In a .csv opened with Excel it does
not, so .xlsx is the safe form there.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Literal

from schema.columns import Columns, load

Format = Literal["csv", "xlsx"]
_LOST = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def template(full: bool, format: Format, columns: Columns | None = None, *, max_rows: int = 500) -> bytes:  # noqa: A002
    """The sheet to begin with: all columns or the simple ones, and the schema's example rows.

    In .xlsx the cells down to row `max_rows` are formatted as Text and have their drop-downs.
    """
    columns = columns or load()
    chosen = columns.all if full else columns.simple
    names = [column.name for column in chosen]
    rows = [[str(example.get(name, "")) for name in names] for example in columns.examples]
    if format == "csv":
        return _csv(names, rows)
    return _xlsx(names, rows, columns, down_to=max_rows)


def write(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    format: Format,  # noqa: A002
    columns: Columns | None = None,
) -> bytes:
    """Rows under headers as a file; columns of ours get their drop-downs and notes in .xlsx.

    Raises Unwritable for a text that is longer than a workbook's cell.
    """
    heads = [writable(header) for header in headers]
    clean = ([writable(cell) for cell in row] for row in rows)
    return _csv(heads, clean) if format == "csv" else _xlsx(heads, clean, columns or load())


def writable(text: str) -> str:
    """The text as a file will hold it, U+FFFD for what it cannot hold: compare to tell what was replaced."""
    return _LOST.sub("\ufffd", text)


def _xlsx(headers: Sequence[str], rows: Iterable[Sequence[str]], columns: Columns, down_to: int = 0) -> bytes:
    from schema.xlsx_file import xlsx  # its library takes as long to load as all else that a command needs

    return xlsx(headers, rows, columns, down_to)


def _csv(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")

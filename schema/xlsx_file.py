"""The .xlsx form of a sheet: text cells, drop-downs, notes at the headers and an Expected values sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation

from schema.columns import Column, Columns
from schema.errors import Unwritable
from schema.guide import GuideLine, guide
from schema.headers import ROW_ID
from schema.table import letter
from schema.wording import quoted

LONGEST = 32_767
"""UTF-16 units in a cell of a workbook. Source: Excel's specifications and limits."""
FORMATTED = 1_000
"""Rows that are given formatted cells; a limit of 100,000 must not make the template 2 MB."""
LISTED = 20
"""Whole numbers up to this many are offered in a drop-down."""
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_TEXT = "@"
_LISTS = "Lists"
_GUIDE = ("Column", "Needed", "Takes", "If empty", "Mind")
_GUIDE_WIDTHS = (18, 9, 60, 12, 70)


def xlsx(headers: Sequence[str], rows: Iterable[Sequence[str]], columns: Columns, down_to: int = 0) -> bytes:
    """A workbook with the sheet, its guide and its hidden lists; rows are formatted as Text to `down_to`.

    Raises Unwritable for a text that is longer than a cell.
    """
    rows = list(rows)
    _measure(headers, rows)
    book = Workbook(write_only=True)
    lines = {line.column: line for line in guide(columns)}
    ours = {place: columns[name] for place, name in enumerate(headers, 1) if name in columns}
    sheet = _sheet(book, headers, ours)
    sheet.append([_head(sheet, header, lines.get(header)) for header in headers])
    last = _fill(sheet, headers, rows, ours, down_to)
    _guide(book, lines.values())
    _drop_downs(book, sheet, ours, last)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _measure(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Refuse what openpyxl would cut off silently, before any of it is written."""
    for number, row in enumerate((headers, *rows), 1):
        for header, text in zip(headers, row, strict=True):
            if len(text) > LONGEST // 7 and len(_escaped(text).encode("utf-16-le")) > 2 * LONGEST:
                raise Unwritable(
                    f"Row {number}, {quoted(header, 30)}: the text has {len(text):,} characters; a cell of a "
                    f"workbook holds {LONGEST:,}. Take the sheet as CSV, or shorten the text."
                )


def _sheet(book: Workbook, headers: Sequence[str], ours: dict[int, Column]) -> Any:
    """The first sheet, its header frozen, its columns as wide as what they hold."""
    sheet = book.create_sheet("Sheet")
    sheet.freeze_panes = "A2"
    for place, header in enumerate(headers, 1):
        shape = sheet.column_dimensions[letter(place)]
        shape.width = _width(ours.get(place), header)
        shape.number_format = _TEXT
        shape.hidden = header == ROW_ID
    return sheet


def _width(column: Column | None, header: str) -> int:
    """Characters: free text gets room to be read in, needed text most; a list as much as its longest word."""
    if column and column.editor == "text":
        return 80 if column.required else 32
    words = (*column.choices, *map(str, column.examples)) if column else ()
    return min(max(map(len, (header, *words))) + 4, 32)


def _head(sheet: Any, header: str, line: GuideLine | None) -> Any:
    cell = _put(WriteOnlyCell(sheet), header)
    cell.font = Font(bold=True)
    cell.number_format = _TEXT
    if line:
        cell.comment = Comment(_note(line), "Promptsheet", height=140, width=320)
    return cell


def _note(line: GuideLine) -> str:
    """What a person must know who looks at the header only."""
    empty = "Needed in every row." if line.needed else f"If empty: {line.empty}."
    return "\n".join((f"Takes {line.takes}.", empty, *line.mind))


def _fill(
    sheet: Any, headers: Sequence[str], rows: Sequence[Sequence[str]], ours: dict[int, Column], down_to: int
) -> int:
    """Write the rows and formatted empty ones below; gives the number of the last.

    A sheet that is only written streams each row out before the next, so one cell a column is filled anew.
    Beyond FORMATTED rows, and for an empty cell of a row, the format of the column has to do.
    """
    cells = [_cell(sheet, ours.get(place)) for place in range(1, len(headers) + 1)]
    last = 1 + len(rows)
    for row in rows:
        texts = zip(cells, row, strict=True)
        # The last is written in any case: every row is as wide as the header.
        sheet.append(_put(cell, text) if text or cell is cells[-1] else None for cell, text in texts)
    for _ in range(last, min(down_to, FORMATTED)):
        sheet.append(_put(cell, "") for cell in cells)
    return max(last, down_to, 2)


def _cell(sheet: Any, column: Column | None) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.number_format = _TEXT
    cell.alignment = Alignment(vertical="top", wrap_text=column is not None and column.editor == "text")
    return cell


def _put(cell: Any, text: str) -> Any:
    """Fill a cell with text as it is, also where it begins with = and would become a formula."""
    cell.value = _escaped(text) or None
    cell.data_type = "s"
    return cell


def _escaped(text: str) -> str:
    """Text as a workbook spells it: XML would lose a carriage return, and _x0041_ would be read as A."""
    return _ESCAPE.sub("_x005F_", text).replace("\r", "_x000D_")


def _guide(book: Workbook, lines: Iterable[GuideLine]) -> None:
    """The Expected values sheet."""
    sheet = book.create_sheet("Expected values")
    sheet.freeze_panes = "A2"
    for place, width in enumerate(_GUIDE_WIDTHS, 1):
        sheet.column_dimensions[letter(place)].width = width
    sheet.append([_head(sheet, title, None) for title in _GUIDE])
    for line in lines:
        texts = (line.column, "yes" if line.needed else "no", line.takes, line.empty, " ".join(line.mind))
        cells = [_put(WriteOnlyCell(sheet), text) for text in texts]
        for cell in cells:
            cell.number_format = _TEXT
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.append(cells)


def _drop_downs(book: Workbook, sheet: Any, ours: dict[int, Column], last: int) -> None:
    """List validations from a hidden sheet: a list inside the rule itself may have 255 characters only."""
    lists = {place: words for place, column in ours.items() if (words := _offered(column))}
    if not lists:
        return
    hidden = book.create_sheet(_LISTS)
    hidden.sheet_state = "hidden"
    for line in range(max(map(len, lists.values()))):
        hidden.append([words[line] if line < len(words) else None for words in lists.values()])
    for source, (place, words) in enumerate(lists.items(), 1):
        column = ours[place]
        rule = DataValidation(
            type="list",
            formula1=f"{_LISTS}!${letter(source)}$1:${letter(source)}${len(words)}",
            allow_blank=True,
            showErrorMessage=column.editor != "palette",  # a palette may be colours instead
            errorTitle=column.title,
            error=f"{column.name} takes {column.description}."[:225],
        )
        rule.add(f"{letter(place)}2:{letter(place)}{last}")
        sheet.data_validations.append(rule)


def _offered(column: Column) -> tuple[str, ...]:
    """The words of a drop-down: the choices, or the few whole numbers a column takes."""
    low, high = column.minimum, column.maximum
    if column.whole_number and low is not None and high is not None and high - low < LISTED:
        return tuple(map(str, range(low, high + 1)))
    return column.choices

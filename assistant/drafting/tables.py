"""Tables in an answer: CSV with any delimiter, and Markdown; in fences or between sentences."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO

from schema.columns import Columns
from schema.headers import fit, recognise
from schema.repair import repair_cell
from schema.text_file import DELIMITERS
from schema.values import blank, value_of
from schema.wording import quoted

PROMPT = "prompt"
_FENCE = re.compile(r"^[ \t]*(```|~~~)[^\n]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_BAR = re.compile(r"(?<!\\)\|")
_HEAD = 30
"""Lines at the top of a text in which its header is looked for: sentences may stand before it."""

_TAIL = 6
"""Lines that a sentence below a table may have."""

Line = tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """Rows of cells under their headers; no headers where the text had none.

    merged  rows in which a prompt with unquoted commas was put together again
    """

    headers: Line
    lines: tuple[Line, ...]
    merged: int = 0
    said: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return max(map(len, (self.headers, *self.lines)), default=0)

    def under(self, before: Grid) -> Grid:
        """The same rows under another's headers."""
        return replace(self, headers=before.headers)

    def objects(self) -> Iterator[Mapping[str, str]]:
        """Each row by header; a header that comes twice counts once."""
        for line in self.lines:
            if line != self.headers:
                cells: dict[str, str] = {}
                for header, cell in zip(self.headers, line, strict=False):
                    cells.setdefault(header, cell)
                yield cells


def grids(text: str, columns: Columns) -> Iterator[Grid]:
    """The tables of an answer: those in its fences, else the ones in its whole text."""
    blocks = [found[2] for found in _FENCE.finditer(text)]
    found = [grid for block in blocks if (grid := _grid(block, columns, fenced=True))]
    if not any(grid.headers for grid in found):
        found = [grid] if (grid := _grid(text, columns, fenced=False)) else []
    yield from found


def _grid(text: str, columns: Columns, *, fenced: bool) -> Grid | None:
    lines = text.strip("\n").split("\n")
    marked = _markdown(lines, columns)
    if marked:
        return marked
    best = max(DELIMITERS, key=lambda delimiter: _merit(lines, delimiter, columns))
    named, place = _merit(lines, best, columns)
    if not named:
        return Grid((), tuple(_split(text, best))) if fenced else None
    headers, *rows = _split("\n".join(lines[-place:]), best)
    if fenced:
        return _fitted(headers, rows, columns)
    after = _split(_last_paragraph(lines), best)
    if after and rows[-len(after) :] == after and all(_odd(row, headers, columns) for row in after):
        grid = _fitted(headers, rows[: -len(after)], columns)
        return replace(grid, said=(_left_out(after[0]),))
    return _fitted(headers, rows, columns)


def _merit(lines: Sequence[str], delimiter: str, columns: Columns) -> tuple[int, int]:
    """How many columns the best header line names with this delimiter, and minus its place."""
    merits = [(_names(line, delimiter, columns), -place) for place, line in enumerate(lines[:_HEAD])]
    return max(merits, default=(0, 0))


def _names(line: str, delimiter: str, columns: Columns) -> int:
    """How many columns a header line names; one that does not name the prompt is none."""
    cells = next(iter(_split(line, delimiter)), ())
    if len(cells) == 1 and cells[0].endswith(":"):
        return 0  # the sentence above a list
    return fit(cells, columns) if PROMPT in recognise(cells, columns).names else 0


def _split(text: str, delimiter: str) -> list[Line]:
    """Records without the empty ones; quotation marks that do not fit are letters."""
    csv.field_size_limit((1 << 31) - 1)
    found: list[Line] = []
    try:
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        found += (tuple(map(str.strip, line)) for line in reader if any(map(str.strip, line)))
    except csv.Error:
        found = [tuple(line.split(delimiter)) for line in text.split("\n") if line.strip()]
    return found


def _last_paragraph(lines: Sequence[str]) -> str:
    """What stands below the last empty line; nothing where there is none, or where it is long."""
    for place in range(len(lines) - 1, max(0, len(lines) - _TAIL) - 1, -1):
        if not lines[place].strip():
            return "\n".join(lines[place + 1 :])
    return ""


def _odd(row: Line, headers: Line, columns: Columns) -> bool:
    """Whether a line below the table is a sentence: too few cells, or cells that no column takes."""
    if len(row) < len(headers):
        return True
    names = recognise(headers, columns).names
    return len(row) > len(headers) or not _right(row, names, columns)


def _left_out(line: Line) -> str:
    return f"Left out, because it stands below the table: {quoted(', '.join(line))}."


def _markdown(lines: Sequence[str], columns: Columns) -> Grid | None:
    """The rows between bars, from the line above the rule of hyphens on; None where there is none."""
    for place, line in enumerate(lines[1:], 1):
        if "-" in line and "|" in line and _RULE.fullmatch(line):
            headers = _between_bars(lines[place - 1])
            if PROMPT in recognise(headers, columns).names:
                rows = [
                    _between_bars(row)
                    for row in lines[place + 1 :]
                    if "|" in row and not _RULE.fullmatch(row)
                ]
                return Grid(headers, tuple(rows))
    return None


def _between_bars(line: str) -> Line:
    inner = line.strip()
    inner = inner.removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return tuple(
        re.sub(r"<br\s*/?>", "\n", cell.strip().replace("\\|", "|")).strip("`") for cell in _BAR.split(inner)
    )


def _fitted(headers: Line, rows: Sequence[Line], columns: Columns) -> Grid:
    """Rows that have more cells than there are headers, with the parts of their prompt put together."""
    names = recognise(headers, columns).names
    place = names.index(PROMPT)
    lines, merged = [], 0
    for row in rows:
        surplus = len(row) - len(headers)
        if surplus > 0:
            whole = (*row[:place], ", ".join(row[place : place + surplus + 1]), *row[place + surplus + 1 :])
            if _right(whole, names, columns):
                row, merged = whole, merged + 1
        lines.append(row)
    return Grid(headers, tuple(lines), merged)


def _right(row: Line, names: Sequence[str | None], columns: Columns) -> bool:
    """Whether each cell is one that its column takes, as it is or repaired."""
    for name, cell in zip(names, row, strict=True):
        column = columns[name] if name else None
        if (
            column
            and not blank(cell)
            and value_of(column, cell) is None
            and repair_cell(column, cell) is None
        ):
            return False
    return True

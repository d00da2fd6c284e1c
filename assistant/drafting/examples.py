"""Example prompts out of what was pasted: lines, lists, quoted cells, or a sheet with a prompt column."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from schema.columns import Columns, load
from schema.errors import Unreadable
from schema.headers import recognise
from schema.reader import read
from schema.values import SPACE

_COLUMN = "prompt"
_NUMBER = re.compile(r"\(?(\d{1,3})[.):]\s+(?=\S)")
_BULLET = re.compile(r"[-*+•‣▪●◦·–—]\s+(?=\S)")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)\w*[ \t]*$", re.MULTILINE)
_PAIRS = {'"': '"', "'": "'", "“": "”", "„": "“", "«": "»", "»": "«", "‘": "’", "`": "`"}
_LINES = 50
"""Lines that one quoted cell may have; a quotation mark that is never closed is a mark and nothing more."""


def examples_of(text: str, columns: Columns | None = None) -> tuple[str, ...]:
    """The prompts in a pasted block or in the text of a .csv or .txt file.

    A sheet with a prompt column gives the cells of that column. Otherwise each line is a prompt, without
    running numbers, bullets and the quotation marks round it; a quoted cell may go over several lines, as
    spreadsheets put them on the clipboard. A JSON list of texts is taken too.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = _FENCE.sub("", text)
    found = _of_sheet(text, columns or load())
    if found is None:
        found = _of_json(text)
    if found is None:
        lines = [line.strip(SPACE) for line in _records(text)]
        found = [_unquoted(line) for line in _unnumbered([line for line in lines if line])]
    return tuple(filter(None, (prompt.strip(SPACE) for prompt in found)))


def _of_sheet(text: str, columns: Columns) -> list[str] | None:
    """The cells of the prompt column; None where no header near the top names one."""
    try:
        table = read(text.encode("utf-8", "replace"), "", columns=columns)
    except Unreadable:
        return None
    names = recognise(table.headers, columns).names
    if _COLUMN not in names:
        return None
    place = names.index(_COLUMN)
    return [row.cells[place] for row in table.rows]


def _of_json(text: str) -> list[str] | None:
    if not text.lstrip(SPACE).startswith("["):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    texts = isinstance(found, list) and all(isinstance(item, str) for item in found)
    return found if texts else None


def _records(text: str) -> Iterator[str]:
    """Lines; those of a cell that opens with a quotation mark and closes lines later are one."""
    lines = text.split("\n")
    place = 0
    while place < len(lines):
        end = _end_of_cell(lines, place)
        yield "\n".join(lines[place : end + 1])
        place = end + 1


def _end_of_cell(lines: list[str], start: int) -> int:
    """The line in which the quoted cell that opens in `start` closes; `start` itself for all other lines."""
    if not lines[start].lstrip(SPACE).startswith('"') or lines[start].count('"') % 2 == 0:
        return start
    for place in range(start + 1, min(len(lines), start + _LINES)):
        if lines[place].lstrip(SPACE).startswith('"') and lines[place].strip(SPACE) != '"':
            break  # the next cell begins: the mark above was never closed
        if lines[place].count('"') % 2:
            return place if lines[place].rstrip(SPACE + ",;").endswith('"') else start
    return start


def _unnumbered(lines: list[str]) -> list[str]:
    """Without bullets, and without numbers that run on from line to line: “1. FC” may be a club."""
    lines = [_BULLET.sub("", line, count=1) if _BULLET.match(line) else line for line in lines]
    numbers = [int(match[1]) for line in lines if (match := _NUMBER.match(line))]
    runs = len(numbers) > 1 and all(
        number == numbers[0] + place or number == 1 for place, number in enumerate(numbers)
    )
    if not runs and not (len(numbers) == len(lines) == 1):
        return lines
    return [_NUMBER.sub("", line, count=1) if _NUMBER.match(line) else line for line in lines]


def _unquoted(line: str) -> str:
    """Without the quotation marks that enclose the whole of it, as in a CSV file or a list of texts."""
    inner = line.rstrip(SPACE + ",;")
    closing = _PAIRS.get(inner[:1])
    if len(inner) < 3 or closing is None or not inner.endswith(closing):
        return line
    body = inner[1:-1]
    if inner[0] == '"':
        body = body.replace('""', "\0")
    if inner[0] in body or closing in body:
        return line  # the marks belong to words inside: “Warm Wishes” above “Cold Days”
    return body.replace("\0", '"').strip(SPACE)

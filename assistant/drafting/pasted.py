"""Rows out of whatever a model or a chat app wrote: texts by column, and what could not be used."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from assistant.drafting.examples import examples_of
from assistant.drafting.tables import Grid, grids
from assistant.model.braces import LONGEST, Object, Scanner
from assistant.model.thoughts import answered
from schema.columns import Columns, load
from schema.headers import plain, recognise
from schema.values import blank
from schema.wording import counted, listed, quoted

__all__ = ["LONGEST", "Pasted", "Scanner", "cells_of", "read_any", "read_pasted", "text_of"]

PROMPT = "prompt"
_COUNTING = {"", "no", "nr", "number", "num", "row", "rows", "id", "index", "n", "#"}
"""Headers of running numbers, which chat apps like to add; they are nothing to speak of."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_PAIR = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")
_NUMBERED = re.compile(r"\s*(?:\*\*)?\(?\d{1,4}[.):]\s*(?:\*\*)?\s*\S")
_BULLET = re.compile(r"\s*[-*•]\s+\S")
_BOLD = re.compile(r"^\*\*(.+?)\*\*$")


@dataclass
class Pasted:
    """What an answer held.

    rows  texts of cells by column, of rows that have any cell we know
    said  sentences about what was renamed, left out or put together
    """

    rows: list[dict[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def read_any(text: str, columns: Columns | None = None) -> list[dict[str, str]]:
    """The rows of an answer of any shape, as texts by column; none where it has none."""
    return read_pasted(text, columns).rows


def read_pasted(text: str, columns: Columns | None = None) -> Pasted:
    """The rows of a chat app's answer, pasted as it is, and what is to be said of it.

    Reads JSON in any of its disguises, Markdown tables, CSV with any delimiter, fenced or between sentences,
    and numbered lists of prompts. Headers are recognised as those of a sheet are. Nothing is repaired.
    """
    columns = columns or load()
    text = answered(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    unused: list[str] = []
    for reading in (_of_objects, _of_tables, _of_list):
        found = reading(text, columns)
        if any(row.get(PROMPT) for row in found.rows):
            return found
        unused += found.said
    return Pasted([], list(dict.fromkeys(unused)))


def cells_of(value: Object, columns: Columns) -> dict[str, str]:
    """An object's cells as texts: keys that name a column, exactly or nearly; the rest is left out."""
    names = _names(tuple(map(str, value)), columns)
    return {name: text_of(cell) for name, cell in zip(names, value.values(), strict=True) if name}


@lru_cache(maxsize=256)
def _names(keys: tuple[str, ...], columns: Columns) -> tuple[str | None, ...]:
    """The column of each key: a model writes the same keys in every row."""
    return recognise(keys, columns).names


def text_of(value: Any) -> str:
    """A value of JSON as the text of a cell: nothing for null and NaN, a list joined by commas.

    Signs that no cell can hold (control characters, halves of letters) are left out.
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(filter(None, map(text_of, value)))
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub("", _PAIR.sub(_joined, text))


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _of_objects(text: str, columns: Columns) -> Pasted:
    scanner = Scanner()
    objects = [*scanner.feed(text), *scanner.rest(whole=True)]
    found = _named(_strings(objects, text) or objects, columns)
    if scanner.too_long:
        found.said.append(f"{_rows(scanner.too_long)} longer than {LONGEST:,} characters was left out.")
    return found


def _strings(objects: Sequence[Object], text: str) -> list[Object]:
    """A list of texts, alone or in an object, as prompts."""
    try:
        alone = [json.loads(text)] if text.lstrip().startswith("[") else []
    except (ValueError, RecursionError):
        alone = []
    lists = [*alone, *(value for each in objects for value in each.values() if len(each) == 1)]
    return [
        {PROMPT: item}
        for found in lists
        if isinstance(found, list) and all(isinstance(part, str) for part in found)
        for item in found
    ]


def _named(objects: Iterable[Mapping[str, Any]], columns: Columns) -> Pasted:
    """Objects as rows: each kind of object has its keys recognised once."""
    found, kinds = Pasted(), dict[tuple[str, ...], tuple[str | None, ...]]()
    for value in objects:
        keys = tuple(map(str, value))
        if keys not in kinds:
            kinds[keys] = _names(keys, columns)
        cells = {name: text_of(cell) for name, cell in zip(kinds[keys], value.values(), strict=True) if name}
        if not all(map(blank, cells.values())):
            found.rows.append(cells)
    found.said += _about(kinds)
    return found


def _about(kinds: dict[tuple[str, ...], tuple[str | None, ...]]) -> Iterator[str]:
    """Which headers were read as which columns, and which are not used."""
    pairs = dict.fromkeys(
        (key, name) for keys, names in kinds.items() for key, name in zip(keys, names, strict=True)
    )
    for key, name in pairs:
        if name and name != key:
            yield f"{quoted(key)} was read as {name}."
    unused = [quoted(key, 30) for key, name in pairs if name is None and plain(key) not in _COUNTING]
    if len(unused) == 1:
        yield f"{unused[0]} is no column we know, and its cells are not used."
    elif unused:
        yield f"{listed(unused, most=8)} are no columns we know, and their cells are not used."


def _of_tables(text: str, columns: Columns) -> Pasted:
    """The tables of an answer, one below the other; a later one without headers goes on with those before."""
    found = Pasted()
    before: Grid | None = None
    merged = 0
    for grid in grids(text, columns):
        if not grid.headers and before and before.width >= grid.width:
            grid = grid.under(before)
        if not grid.headers:
            continue
        before = grid
        merged += grid.merged
        part = _named(grid.objects(), columns)
        found.rows += part.rows
        found.said += [sentence for sentence in (*grid.said, *part.said) if sentence not in found.said]
    if merged:
        sentence = "the prompt has commas and no quotation marks round it; its parts were put together."
        found.said.append(f"In {_rows(merged).lower()} {sentence}")
    return found


def _of_list(text: str, _: Columns) -> Pasted:
    """A numbered list of prompts, or one with bullets; sentences round it are no prompts."""
    lines = text.split("\n")
    for sign in (_NUMBERED, _BULLET):
        items = [line for line in lines if sign.match(line)]
        if items and (len(items) > 1 or sign is _NUMBERED):
            prompts = [_BOLD.sub(r"\1", prompt) for prompt in examples_of("\n".join(_unbold(items)))]
            return Pasted([{PROMPT: text_of(prompt)} for prompt in prompts])
    return Pasted()


def _unbold(items: Sequence[str]) -> Iterator[str]:
    """`**1.** A fox` and `**1. A fox**` as `1. A fox`."""
    for item in items:
        line = item.strip()
        yield re.sub(r"^\*\*(\(?\d+[.):])\s*(?:\*\*)?\s*(.*?)(?:\*\*)?$", r"\1 \2", line)


def _rows(count: int) -> str:
    return f"{counted(count)} rows".capitalize() if count != 1 else "One row"

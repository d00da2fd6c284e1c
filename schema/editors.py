"""How each column is shown and edited in a grid, as plain data that a page can carry."""

from __future__ import annotations

from typing import Any

from schema.columns import Column, Columns

WIDEST = 16
"""Characters of the widest column that is neither the prompt nor free text."""


def editors(columns: Columns) -> list[dict[str, Any]]:
    """One entry a column, in the schema's order.

    `editor` is text, choice, number or palette; `width` the characters its cells need; `colors` the
    approximate colours of each preset; `ratio` whether its choices are drawn as shapes.
    """
    return [_editor(column, columns) for column in columns.all]


def unknown(key: str, text: str) -> dict[str, Any]:
    """The entry of a header of the file that names no column: its cells are kept and not used."""
    return {
        "name": key,
        "title": text,
        "description": "kept with the sheet and not used",
        "note": "",
        "editor": "text",
        "required": False,
        "empty": "",
        "choices": [],
        "width": WIDEST,
        "unknown": True,
    }


def _editor(column: Column, columns: Columns) -> dict[str, Any]:
    return {
        "name": column.name,
        "title": column.title,
        "description": column.description,
        "note": column.note,
        "editor": column.editor,
        "required": column.required,
        "empty": column.empty,
        "choices": list(column.choices),
        "minimum": column.minimum,
        "maximum": column.maximum,
        "width": _width(column),
        "ratio": _ratios(column),
        "colors": {choice: columns.colors(choice) for choice in column.choices}
        if column.editor == "palette"
        else {},
    }


def _width(column: Column) -> int:
    if column.editor == "text":
        return WIDEST
    longest = max(map(len, (column.name, column.empty, *column.choices)), default=0)
    return min(WIDEST, longest)


def _ratios(column: Column) -> bool:
    """Whether every choice is a ratio such as 2:3."""
    parts = [choice.split(":") for choice in column.choices]
    return bool(parts) and all(len(pair) == 2 and "".join(pair).isdecimal() for pair in parts)

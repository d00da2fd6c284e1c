"""The schema sent to a language model: the shape of its rows, in the few keywords that every server takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schema.columns import Column, Columns, load

Spec = dict[str, Any]


def wire(names: Sequence[str], columns: Columns | None = None) -> Spec:
    """The shape `{"rows": [{…}]}` with the columns `names`, in the order of the full template.

    Types, enums, every property required, nothing beside them; a column that a row need not have is a union
    with null. Nothing else: patterns, bounds and rules between columns are refused by one server or another
    (allOf, not, if/then/else by OpenAI's strict mode), so they are checked on our side.
    """
    columns = columns or load()
    return listing("rows", {column.name: cell(column) for column in columns.all if column.name in names})


def cell(column: Column, *, needed: bool | None = None) -> Spec:
    """What one cell may be: its type, its allowed words, and null unless it is `needed` (the schema says)."""
    return typed(
        "integer" if column.whole_number else "string",
        column.spec.get("enum", ()),
        needed=column.required if needed is None else needed,
    )


def typed(kind: str, enum: Sequence[str] = (), *, needed: bool = True) -> Spec:
    """A scalar; one that is not needed may be null, which an enum must then hold as well."""
    spec: Spec = {"type": kind if needed else [kind, "null"]}
    if enum:
        spec["enum"] = [*enum, *(() if needed else (None,))]
    return spec


def closed(properties: Mapping[str, Spec]) -> Spec:
    """An object with these properties, all of them required, and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def listing(key: str, properties: Mapping[str, Spec]) -> Spec:
    """`{key: [{properties}]}`: servers ask for an object at the top, never for a list."""
    return closed({key: {"type": "array", "items": closed(properties)}})

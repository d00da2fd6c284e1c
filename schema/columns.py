"""The columns as frozen objects, read from columns.schema.json, the only source of what a column is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

Value = str | int

PATH = Path(__file__).with_name("columns.schema.json")


@dataclass(frozen=True, eq=False)
class Column:
    """One column. `spec` is its part of the schema, for what has no attribute here.

    Columns are told apart by identity, so that one can be the key of a memo.
    """

    name: str
    spec: Mapping[str, Any]
    required: bool
    simple: bool

    @property
    def title(self) -> str:
        return str(self.spec["title"])

    @property
    def description(self) -> str:
        return str(self.spec["description"])

    @property
    def note(self) -> str:
        """What to mind, or an empty string."""
        return str(self.spec.get("x-note", ""))

    @property
    def default(self) -> Value | None:
        return self.spec.get("default")

    @property
    def empty(self) -> str:
        """What an empty cell means, in a word; an empty string where the column is required."""
        if self.default is not None:
            return str(self.default)
        return str(self.spec.get("x-empty", ""))

    @property
    def examples(self) -> tuple[Value, ...]:
        return tuple(self.spec.get("examples", ()))

    @property
    def whole_number(self) -> bool:
        return bool(self.spec["type"] == "integer")

    @property
    def editor(self) -> str:
        """How a cell is edited: choice, number, palette or text."""
        if "enum" in self.spec:
            return "choice"
        return "number" if self.whole_number else str(self.spec.get("x-editor", "text"))

    @cached_property
    def choices(self) -> tuple[str, ...]:
        """The allowed words; for a palette the presets; empty for free text and numbers."""
        found: list[str] = list(self.spec.get("enum", ()))
        for branch in self.spec.get("anyOf", ()):
            found += branch.get("enum", ())
        return tuple(found)

    @property
    def minimum(self) -> int | None:
        return self.spec.get("minimum")

    @property
    def maximum(self) -> int | None:
        return self.spec.get("maximum")


class Columns:
    """All columns in the order of the full template, with the rules between them."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        simple = document["x-simple"]
        self.all: tuple[Column, ...] = tuple(
            Column(name, spec, name in document["required"], name in simple)
            for name, spec in document["properties"].items()
        )
        self.names: tuple[str, ...] = tuple(column.name for column in self.all)
        self.rules: tuple[Mapping[str, Any], ...] = tuple(document.get("allOf", ()))
        self.examples: tuple[Mapping[str, Value], ...] = tuple(document.get("examples", ()))
        self._by_name = {column.name: column for column in self.all}

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @property
    def simple(self) -> tuple[Column, ...]:
        """The columns of the simple template."""
        return tuple(column for column in self.all if column.simple)

    def with_defaults(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """The effective values of a row: what was set, and the default where nothing was."""
        return {
            column.name: value
            for column in self.all
            if (value := values.get(column.name, column.default)) is not None
        }

    def size(self, values: Mapping[str, Value]) -> tuple[int, int]:
        """Width and height in pixels of a row's images, by its model and aspect ratio.

        Source: Ideogram's table of aspect ratios and dimensions, kept in the schema as x-sizes; the entry ""
        holds for every model without one of its own. Raises KeyError for values that did not pass the check.
        """
        sizes = self["aspect_ratio"].spec["x-sizes"]
        effective = self.with_defaults(values)
        width, height = sizes.get(effective["model"], sizes[""])[effective["aspect_ratio"]]
        return width, height

    def colors(self, palette: str) -> tuple[str, ...]:
        """The #RRGGBB colours of a palette cell, best first; those of a preset are approximate."""
        presets: Mapping[str, list[str]] = self["color_palette"].spec["x-colors"]
        return tuple(presets.get(palette, palette.split()))


@cache
def load(path: Path = PATH) -> Columns:
    """Read a schema file. The default is the product's own; tests pass a copy with one column more."""
    return Columns(json.loads(path.read_text(encoding="utf-8")))

"""The Expected values table: what each column takes, in words, derived from the schema alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schema.columns import Columns, load
from schema.row_rules import bound


@dataclass(frozen=True, slots=True)
class GuideLine:
    """What one column takes.

    column   its name, the header exactly as it must be written
    needed   whether every row must have it
    choices  the words it takes; of a palette the presets
    words    what it takes beside or instead of those, in words; empty where the choices are all
    empty    what an empty cell means; an empty text where the column is needed
    mind     sentences to mind: the column's own note, then the rules that bind it
    examples cells as they may be written
    """

    column: str
    needed: bool
    choices: tuple[str, ...]
    words: str
    empty: str
    mind: tuple[str, ...]
    examples: tuple[str, ...]

    @property
    def takes(self) -> str:
        """The whole of it in one text: “on, off” or “a whole number, 1 to 4”."""
        return ": ".join(filter(None, (self.words, ", ".join(self.choices))))


def guide(columns: Columns | None = None) -> tuple[GuideLine, ...]:
    """A line for each column, in the order of the full template."""
    columns = columns or load()
    return tuple(
        GuideLine(
            column=column.name,
            needed=column.required,
            choices=column.choices,
            words="" if column.editor == "choice" else column.description,
            empty=column.empty,
            mind=(*filter(None, (column.note,)), *_rules(column.name, columns)),
            examples=tuple(map(str, column.examples)),
        )
        for column in columns.all
    )


def _rules(name: str, columns: Columns) -> Iterator[str]:
    """Titles of the rules that restrict a column, not of those that only ask for its value."""
    return (str(rule["title"]) for rule in columns.rules if name in bound(rule))

"""What may be picked for each column of every row, read from the schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.web.brief.form import DEFAULT, MODEL, OPEN, SAME, SPREAD, Form, said_of, settable
from schema.columns import Column

FEW = 20
"""Whole numbers that are listed one by one; where more are allowed, one is typed."""


@dataclass(frozen=True)
class Setting:
    """One column on the form: what is picked, what may be, and what is wrong with it."""

    column: Column
    said: Mapping[str, Any]
    modelled: bool
    error: str | None = None

    @property
    def pick(self) -> str:
        """What is picked, as far as it is still on offer."""
        offered = [value for value, _ in self.options]
        return self.said["pick"] if self.said["pick"] in offered else offered[0]

    @property
    def values(self) -> tuple[str, ...]:
        """The values that every row may be given, one by one."""
        column = self.column
        if column.whole_number and self._few:
            return tuple(str(n) for n in range(column.minimum or 0, (column.maximum or 0) + 1))
        return column.choices

    @property
    def typed(self) -> bool:
        """Whether a value may be typed that is the same for every row."""
        return self.column.editor in ("text", "palette") or (self.column.whole_number and not self._few)

    @property
    def spreads(self) -> bool:
        return len(self.values) > 1

    @property
    def options(self) -> list[tuple[str, str]]:
        """What the list offers, as (value, words)."""
        return list(self._options())

    def _options(self) -> Iterator[tuple[str, str]]:
        column = self.column
        if not column.required:
            empty = column.empty or "empty"
            yield OPEN, f"{empty}, unless the brief says more" if self._may_be_left else f"{empty} (default)"
        if not column.required and self._may_be_left:
            yield DEFAULT, f"{empty}, every row"
        first = self.said["pick"].removeprefix("=") if column.required else ""
        for value in sorted(self.values, key=lambda value: value != first):
            yield f"={value}", f"{value}, every row"
        if self.typed:
            yield SAME, "Own colours, every row …" if column.editor == "palette" else "Same for every row …"
        if self.spreads:
            yield SPREAD, "Spread evenly over …"
        if self._may_be_left and (self.modelled or self.said["pick"] == MODEL):
            yield MODEL, self._left

    @property
    def _few(self) -> bool:
        column = self.column
        return (
            column.minimum is not None
            and column.maximum is not None
            and column.maximum - column.minimum < FEW
        )

    @property
    def _may_be_left(self) -> bool:
        """Whether a model may choose: not who sees the images, and not one of two thousand million seeds."""
        column = self.column
        return not column.required and (self._few or not column.whole_number)

    @property
    def _left(self) -> str:
        word = "write it" if self.column.editor == "text" else "choose"
        return f"Let the model {word}{'' if self.modelled else ' (needs one)'}"


def settings(form: Form, errors: Mapping[str, str], *, modelled: bool) -> list[Setting]:
    """The settings of every row in the order of the columns; `modelled` where a model is connected."""
    return [
        Setting(column, said_of(form, column), modelled, errors.get(column.name)) for column in settable()
    ]

"""What a brief comes to while it is typed: rows of its examples, images, what the composer can make."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from assistant.drafting import asking
from assistant.drafting.brief import Brief
from assistant.drafting.composer import Composer
from assistant.drafting.variants import count
from assistant.language_model import Connected
from assistant.web.brief.form import COMPOSER, TEXTS, Form, Reading, settable
from assistant.words import count as counted
from assistant.words import figure
from schema import columns
from schema.columns import Column
from schema.wording import listed, quoted

IMAGES = "num_images"
FEW = 3
"""Sentences that the composer has no use for, of which more are only counted."""


@dataclass(frozen=True)
class Live:
    """A brief as it is saved, and what its page says of it. `saved_at` in seconds since 1970."""

    id: str
    form: Form
    reading: Reading
    saved_at: float
    sheet_id: str | None
    connected: Connected
    max_rows: int

    @property
    def brief(self) -> Brief:
        return self.reading.brief

    @property
    def composing(self) -> bool:
        """Whether the composer drafts, because it was chosen or because there is no model."""
        return self.connected.endpoint is None or self.form.get("writer") == COMPOSER

    @property
    def rows(self) -> int:
        return self.brief.rows

    @property
    def fields(self) -> list[str]:
        """All that may be wrong, in the order of the page."""
        return [*TEXTS, *(column.name for column in settable())]

    @property
    def palette_columns(self) -> list[Column]:
        """The columns whose colours are drawn."""
        return [column for column in settable() if column.editor == "palette"]

    @cached_property
    def varied(self) -> int:
        """Rows that the examples with {a|b} make."""
        return sum(made for made in map(count, self.brief.examples) if made > 1)

    @property
    def examples_said(self) -> str:
        """How many prompts there are, and how many rows those with {a|b} make."""
        prompts = len(self.brief.examples)
        head = f"{counted(prompts, 'prompt')}, one a line." if prompts else "One a line, as many as you like."
        if not self.varied:
            return f"{head} {{a|b}} in a prompt makes a row of each."
        cut = f", of which the first {figure(self.rows)} fit" if self.varied > self.rows else ""
        return f"{head} {{a|b}} makes one row of each: {counted(self.varied, 'row')} from these{cut}."

    @property
    def rows_said(self) -> str:
        """What may be asked for, and how many images the rows come to."""
        most = f"1 to {figure(self.max_rows - 1)}."
        each = self._images()
        if each is None or "rows" in self.reading.errors:
            return most
        low, high = each
        if low == high:
            return f"{most} With {counted(low, 'image')} a row: {counted(self.rows * low, 'image')}."
        images = f"{figure(self.rows * low)} to {figure(self.rows * high)}"
        return f"{most} With {low} to {high} images a row: {images} images."

    def _images(self) -> tuple[int, int] | None:
        """The fewest and the most images of a row; None where that is wrong or a sheet has no such column."""
        if IMAGES not in columns.load() or IMAGES in self.reading.errors:
            return None
        column = columns.load()[IMAGES]
        wish = self.brief.wish(IMAGES)
        values = [int(value or column.default or 1) for value in wish.values] or [*_limits(column)]
        return min(values), max(values)

    @cached_property
    def composer(self) -> Composer | None:
        """The composer with this brief; None while there is nothing to combine."""
        if not (self.brief.goal or self.brief.examples):
            return None
        return _composer(json.dumps(replace(self.brief, settings={}).to_json()))

    @property
    def composer_said(self) -> str:
        """How many rows it can make, of what, what would make more, and what it has no use for."""
        if self.composer is None:
            return ""
        parts = f": {listed(self.composer.parts)}" if self.composer.parts else ""
        said = [f"With these it can make at most {counted(self.composer.capacity, 'different row')}{parts}."]
        said.append(self.composer.advice(self.lacking))
        unused = [quoted(words) for words in self.composer.unused]
        if unused:
            said.append(f"It has no use for {listed(unused, 'and', FEW)}.")
        return " ".join(filter(None, said))

    @property
    def lacking(self) -> int:
        """Rows that the composer cannot make of these words, of those asked for."""
        return max(0, self.rows - self.composer.capacity) if self.composer else 0

    @property
    def left_to_a_model(self) -> list[str]:
        """The columns that are a model's to choose and that the composer leaves as they are."""
        wishes = self.brief.settings.items()
        return [
            name for name, wish in wishes if wish.kind == "model" and columns.load()[name].editor != "text"
        ]

    @cached_property
    def instruction(self) -> str:
        """What a chat app is told, with the brief as it stands."""
        return asking.instruction(self.brief)

    def palettes(self, column: Column) -> list[str]:
        """The palettes that every row, or one after the other, gets."""
        if column.name in self.reading.errors:
            return []
        return [value for value in self.brief.wish(column.name).values if value]


@lru_cache(8)
def _composer(brief: str) -> Composer:
    """Taking many examples apart takes a moment, and a brief is looked at again after each setting."""
    return Composer(Brief.from_json(json.loads(brief)), seed=0)


def _limits(column: Column) -> tuple[int, int]:
    return column.minimum or 1, column.maximum or 1

"""What a brief comes to while it is typed: rows of its examples, images, what can be combined."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from assistant.drafting import calls, combinations
from assistant.drafting.brief import Brief
from assistant.language_model import Connected
from assistant.web.brief.form import LISTS, TEXTS, Form, Reading, lists_of, settable
from assistant.words import count as counted
from assistant.words import figure
from schema import columns
from schema.columns import Column

IMAGES = "num_images"


@dataclass(frozen=True)
class Live:
    """A brief as it is saved, and what its page says of it.

    saved_at  in seconds since 1970
    takes     seconds that the model takes for its rows, low and high; None where nothing is known of that
    """

    id: str
    form: Form
    reading: Reading
    saved_at: float
    sheet_id: str | None
    connected: Connected
    max_rows: int
    takes: tuple[float, float] | None

    @property
    def brief(self) -> Brief:
        return self.reading.brief

    @property
    def rows(self) -> int:
        return self.brief.rows

    @property
    def fields(self) -> list[str]:
        """All that may be wrong, in the order of the page."""
        return [*TEXTS, LISTS, *(column.name for column in settable())]

    @property
    def palette_columns(self) -> list[Column]:
        """The columns whose colours are drawn."""
        return [column for column in settable() if column.editor == "palette"]

    @property
    def lists(self) -> dict[str, str]:
        """The lists that the examples name, each with its values as typed."""
        return lists_of(self.form)

    @cached_property
    def varied(self) -> int:
        """Rows that the examples with {a|b} or a list make."""
        brief = self.brief
        return combinations.count(
            [one for one in brief.examples if combinations.varies(one, brief.lists)], brief.lists
        )

    @property
    def examples_said(self) -> str:
        """How many prompts there are, and how many rows those with {a|b} make."""
        prompts = len(self.brief.examples)
        head = f"{counted(prompts, 'prompt')}, one a line." if prompts else "One a line, as many as you like."
        if not self.varied:
            return f"{head} {{a|b}} in a prompt makes a row of each, __animal__ one of each in a list."
        return f"{head} {{a|b}} and lists make one row of each: {counted(self.varied, 'row')} from these."

    @property
    def combining(self) -> str:
        """What the button for combining says: all of them, or how many as an even sample."""
        if self.varied <= self.rows:
            return f"Make {'all ' if self.varied > 1 else ''}{counted(self.varied, 'row')}"
        return f"Make {figure(self.rows)} of {counted(self.varied, 'row')}"

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
        chosen = wish.values or ([""] if wish.kind == "open" else [])
        values = [int(value or column.default or 1) for value in chosen] or [*_limits(column)]
        return min(values), max(values)

    @cached_property
    def instruction(self) -> str:
        """What a chat app is told, with the brief as it stands."""
        return calls.instruction(self.brief)

    def palettes(self, column: Column) -> list[str]:
        """The palettes that every row, or one after the other, gets."""
        if column.name in self.reading.errors:
            return []
        return [value for value in self.brief.wish(column.name).values if value]


def _limits(column: Column) -> tuple[int, int]:
    return column.minimum or 1, column.maximum or 1

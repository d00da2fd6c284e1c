"""What a back end takes, lacks and asks for, found by asking its terms about rows of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from jobs.backends.port import Gap, Terms
from schema import columns
from schema.columns import Column, Value

Row = dict[str, Value]


@dataclass(frozen=True)
class Price:
    """One image of a model and a rendering: thousandths of a credit, and dollars where they are listed."""

    model: str
    rendering: str
    credits: int
    dollars: float | None


@dataclass(frozen=True)
class Abilities:
    """`takes` are the columns that reach the images as they are written; `lacks` tells of the others.

    Both in the order of the columns.
    """

    takes: tuple[str, ...]
    lacks: tuple[Gap, ...]


def abilities(terms: Terms) -> Abilities:
    """Found from the same gaps that a quote warns of: each sentence once."""
    found = dict.fromkeys(gap for row in _rows() for gap in terms.gaps(row))
    if not terms.traits.magic:
        found |= {
            Gap(
                "magic_prompt",
                "The language model that drafts rows enlarges the prompt, if one is connected.",
            ): None
        }
    names = columns.load().names
    lacks = tuple(sorted(found, key=lambda gap: names.index(gap.column)))
    lacking = {gap.column for gap in lacks}
    return Abilities(tuple(name for name in names if name not in lacking), lacks)


def prices(terms: Terms) -> tuple[Price, ...]:
    """The price table: each model in each rendering. Raises NotConfigured where it cannot be read."""
    known = columns.load()
    rows = (
        _row(model=model, rendering=rendering)
        for model in known["model"].choices
        for rendering in known["rendering"].choices
    )
    return tuple(
        Price(str(row["model"]), str(row["rendering"]), terms.price(row), terms.dollars(row)) for row in rows
    )


def _rows() -> Iterator[Row]:
    """Every model with every two other cells that may be set, and every shape."""
    cells = [
        (column.name, value) for column in columns.load().all for value in _values(column) if _varied(column)
    ]
    for model in columns.load()["model"].choices:
        yield _row(model=model)
        for pair in combinations(cells, 2):
            yield _row(model=model, **dict(pair))
    for ratio in columns.load()["aspect_ratio"].choices:
        yield _row(aspect_ratio=ratio)


def _row(**cells: Value) -> Row:
    """A row with what is required, these cells and the defaults."""
    known = columns.load()
    needed = {column.name: _values(column)[0] for column in known.all if column.required}
    return known.with_defaults(needed | cells)


def _varied(column: Column) -> bool:
    return column.name not in ("model", "aspect_ratio")


def _values(column: Column) -> tuple[Value, ...]:
    """Every word it takes; of free texts, numbers and palettes an example."""
    return column.choices if column.editor == "choice" else column.examples[:1]

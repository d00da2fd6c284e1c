"""How the page of back ends puts prices and gaps into words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from flask import Blueprint

from jobs import amounts
from jobs.backends.abilities import Price
from jobs.backends.port import Gap
from schema.wording import listed

FEW = 2
"""Sentences about one column that are shown; the others say the like of other values."""

pages = Blueprint("backends", __name__, url_prefix="/backends")


@pages.app_template_filter()
def by_column(gaps: Sequence[Gap]) -> Iterator[tuple[str, Sequence[str], int]]:
    """Column, what is to be said about it, and how many sentences more there would be."""
    for column, group in groupby(gaps, lambda gap: gap.column):
        said = [gap.sentence for gap in group]
        yield column, said[:FEW], len(said[FEW:])


@pages.app_template_filter()
def price_table(table: Sequence[Price]) -> list[str]:
    """A price table in words: one sentence where all images cost the same, else one a model."""
    amounts = {(price.credits, price.dollars) for price in table}
    if not table:
        return ["The price table cannot be read."]
    if amounts == {(0, 0.0)}:
        return ["Nothing."]
    if len(amounts) == 1:
        return [f"{_amount(table[0])} an image."]
    return [_of_model(model, list(group)) for model, group in groupby(table, lambda price: price.model)]


def _of_model(model: str, table: Sequence[Price]) -> str:
    each = [f"{price.rendering} {_amount(price)}" for price in table]
    return f"An image of model {model}: {listed(each)}."


def _amount(price: Price) -> str:
    words = f"{amounts.spoken(price.credits)} credit{'' if price.credits == amounts.THOUSAND else 's'}"
    return words if price.dollars is None else f"{words} ({amounts.dollars(price.dollars)})"

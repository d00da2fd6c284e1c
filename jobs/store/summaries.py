"""A batch's rows counted in the database: the strip, what needs a person, what is to be known of rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs.store.batches import batch_rows


@dataclass(frozen=True, slots=True)
class Trouble:
    """Rows that ended alike: their state, the reason in words, how many there are.

    `price` is what they may cost again, in thousandths; `numbers` are the first, in the sheet's order.
    """

    state: str
    reason: str
    rows: int
    price: int
    numbers: Sequence[int]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said of rows that went well: the sentences, of how many rows, the numbers of the first."""

    sentences: Sequence[str]
    rows: int
    numbers: Sequence[int]


def by_step(
    connection: Connection, owner: str, batch_id: str, step: int, first: int
) -> list[tuple[int, str, int]]:
    """How many rows of each state every `step` rows from number `first` on hold: (place, state, rows)."""
    place = ((batch_rows.c.number - first) // step).label("place")
    found = connection.execute(
        sa.select(place, batch_rows.c.state, sa.func.count())
        .where(batch_rows.c.owner == owner, batch_rows.c.batch_id == batch_id)
        .group_by(place, batch_rows.c.state)
        .order_by(place)
    )
    return [(line[0], line[1], line[2]) for line in found]


def troubles(
    connection: Connection, owner: str, batch_id: str, states: Sequence[str], *, numbers: int, limit: int
) -> list[Trouble]:
    """The rows in these states by state and reason, the commonest first, each with its first `numbers`."""
    alike = (batch_rows.c.state, sa.func.coalesce(batch_rows.c.reason, ""))
    lines = _first_of_each(
        alike,
        sa.and_(
            batch_rows.c.owner == owner, batch_rows.c.batch_id == batch_id, batch_rows.c.state.in_(states)
        ),
        numbers,
    )
    groups: dict[tuple[str, str], Trouble] = {}
    for line in connection.execute(lines):
        state, reason, number, rows, price = line
        known = groups.get((state, reason))
        before = known.numbers if known else ()
        groups[state, reason] = Trouble(state, reason, rows, int(price), (*before, number))
    return sorted(groups.values(), key=lambda group: (-group.rows, group.numbers))[:limit]


def remarks(connection: Connection, owner: str, batch_id: str, *, numbers: int, limit: int) -> list[Remark]:
    """What was said of rows, by the sentences, those said of the most rows first."""
    notes = sa.cast(batch_rows.c.notes, sa.Text)
    lines = _first_of_each(
        (notes,),
        sa.and_(batch_rows.c.owner == owner, batch_rows.c.batch_id == batch_id, notes != "[]"),
        numbers,
    )
    groups: dict[str, Remark] = {}
    for line in connection.execute(lines):
        said, number, rows, _ = line
        known = groups.get(said)
        before = known.numbers if known else ()
        groups[said] = Remark(known.sentences if known else json.loads(said), rows, (*before, number))
    return sorted(groups.values(), key=lambda group: (-group.rows, group.numbers))[:limit]


def _first_of_each(
    alike: Sequence[sa.ColumnElement[str]], which: sa.ColumnElement[bool], numbers: int
) -> sa.Select[Any]:
    """The first rows of each group with (…alike, number, rows in the group, their price), in one query."""
    ranked = (
        sa.select(
            *(column.label(f"alike_{place}") for place, column in enumerate(alike)),
            batch_rows.c.number,
            sa.func.count().over(partition_by=alike).label("rows"),
            sa.func.sum(batch_rows.c.price).over(partition_by=alike).label("price"),
            sa.func.row_number().over(partition_by=alike, order_by=batch_rows.c.number).label("place"),
        )
        .where(which)
        .subquery()
    )
    shown = [column for column in ranked.c if column.name != "place"]
    return sa.select(*shown).where(ranked.c.place <= numbers).order_by(ranked.c.number)


_PRICE = sa.func.nullif(batch_rows.c.price, 0, type_=sa.BigInteger)


def micros(connection: Connection, owner: str, batch_id: str) -> tuple[dict[str, int], int] | None:
    """Millionths of a US dollar: what the rows of each state cost, or would, and what is spent.

    None where some row has no price in dollars.
    """
    found = connection.execute(
        sa.select(
            batch_rows.c.state,
            sa.func.count() - sa.func.count(batch_rows.c.micros),
            sa.func.sum(batch_rows.c.micros),
            sa.func.coalesce(sa.func.sum(batch_rows.c.micros * batch_rows.c.spent // _PRICE), 0),
        )
        .where(batch_rows.c.owner == owner, batch_rows.c.batch_id == batch_id)
        .group_by(batch_rows.c.state)
    ).all()
    if any(line[1] for line in found):
        return None
    return {line[0]: int(line[2]) for line in found}, int(sum(line[3] for line in found))

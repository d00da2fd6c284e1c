"""Attempts at a row of a batch that another one followed: what was asked each time, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs.store.batches import batch_rows
from jobs.store.database import metadata

past_attempts = sa.Table(
    "past_attempts",
    metadata,
    sa.Column("batch_id", sa.String(20), sa.ForeignKey("batches.id"), primary_key=True),
    sa.Column("row_id", sa.String(20), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("values", sa.JSON, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("ticket", sa.Text),
    sa.Column("at", sa.Float),
)


@dataclass(frozen=True, slots=True)
class Past:
    """One of a row's earlier attempts; `n` counts from 1, `at` is when it ended, or was sent."""

    n: int
    values: Mapping[str, Any]
    state: str
    reason: str | None
    ticket: str | None
    at: float | None


_PAST = [past_attempts.c[name] for name in Past.__dataclass_fields__]


def keep(connection: Connection, which: sa.ColumnElement[bool]) -> None:
    """Remember the attempts at these rows of batches as they ended, before others follow them."""
    last = (
        sa.select(sa.func.coalesce(sa.func.max(past_attempts.c.n), 0))
        .where(
            past_attempts.c.batch_id == batch_rows.c.batch_id, past_attempts.c.row_id == batch_rows.c.row_id
        )
        .correlate(batch_rows)
        .scalar_subquery()
    )
    same = ("batch_id", "row_id", "owner", "values", "state", "reason", "ticket")
    ended = sa.func.coalesce(batch_rows.c.ended_at, batch_rows.c.sent_at)
    rows = sa.select(*(batch_rows.c[name] for name in same), last + 1, ended).where(which)
    connection.execute(past_attempts.insert().from_select([*same, "n", "at"], rows))


def of_rows(
    connection: Connection, owner: str, batch_id: str, row_ids: Sequence[str]
) -> dict[str, list[Past]]:
    """The earlier attempts at these rows, oldest first; a row without any is left out."""
    found: dict[str, list[Past]] = {}
    query = sa.select(past_attempts.c.row_id, *_PAST).where(
        past_attempts.c.owner == owner,
        past_attempts.c.batch_id == batch_id,
        past_attempts.c.row_id.in_(row_ids),
    )
    for row_id, *past in connection.execute(query.order_by(past_attempts.c.n)):
        found.setdefault(row_id, []).append(Past(*past))
    return found

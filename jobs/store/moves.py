"""What moves batches and their rows between states by hand: stopped, resumed, tried again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs.batch import IN_HAND, OPEN, BatchState, Item, RowState
from jobs.store import attempts
from jobs.store.batches import batch_rows, batches, get


def open_backends(connection: Connection, states: Sequence[str]) -> list[str]:
    """The back ends, of every owner, that have a batch in one of these states."""
    return list(
        connection.scalars(sa.select(batches.c.backend).where(batches.c.state.in_(states)).distinct())
    )


def move(connection: Connection, owner: str, batch_id: str, sources: Sequence[str], target: str) -> bool:
    """Take a batch from one of these states to another; False where it is in none. Raises NotFound."""
    get(connection, owner, batch_id)
    moved = connection.execute(
        batches.update()
        .where(batches.c.owner == owner, batches.c.id == batch_id, batches.c.state.in_(sources))
        .values(state=target, reason=None, running_since=None, ended_at=None)
    )
    return bool(moved.rowcount)


def set_pending(
    connection: Connection,
    batch_id: str,
    states: Sequence[str],
    *,
    row_id: str | None = None,
    edited: Item | None = None,
) -> None:
    """Make rows in these states wait again, one of them or all; the attempts that ended are kept.

    What was ordered and not fetched is on its way again: it is looked up, not ordered anew. With `edited`
    (one row: its new values, images and prices) it is ordered anew. What may have been billed and will not be
    fetched counts as spent.
    """
    which = (batch_rows.c.batch_id == batch_id) & batch_rows.c.state.in_(states)
    if row_id is not None:
        which &= batch_rows.c.row_id == row_id
    ordered = batch_rows.c.ticket.is_not(None)
    lost = ordered | (batch_rows.c.state == RowState.UNKNOWN)
    values: dict[str, Any] = {
        "state": sa.case((ordered, RowState.SENT), else_=RowState.PENDING),
        "spent": batch_rows.c.spent + sa.case((lost & ~ordered, batch_rows.c.price), else_=0),
    }
    if edited:
        values = {
            "state": RowState.PENDING,
            "spent": batch_rows.c.spent + sa.case((lost, batch_rows.c.price), else_=0),
            "ticket": None,
            "values": dict(edited.values),
            "images": edited.images,
            "price": edited.price,
            "micros": edited.micros,
        }
    attempts.keep(connection, which)
    connection.execute(
        batch_rows.update()
        .where(which)
        .values(
            **values,
            holder=None,
            lease=None,
            attempt=None,
            reason=None,
            notes=[],
            crashes=0,
            withheld=0,
            sent_at=None,
            ended_at=None,
        )
    )


def add_images(connection: Connection, batch_id: str, count: int) -> None:
    """A row is to make so many images more, or fewer, than before."""
    connection.execute(
        batches.update().where(batches.c.id == batch_id).values(images=batches.c.images + count)
    )


def trial_waits(connection: Connection, batch_id: str) -> bool:
    """Whether a row of a batch's trial still has to run."""
    waits = sa.select(sa.literal(1)).where(
        batch_rows.c.batch_id == batch_id, batch_rows.c.state == RowState.PENDING, batch_rows.c.trial
    )
    return connection.scalar(waits.limit(1)) is not None


def end_trial(connection: Connection, batch_id: str) -> None:
    connection.execute(batches.update().where(batches.c.id == batch_id).values(trial=False))


def to_look_after(connection: Connection) -> bool:
    """Whether there is work: a batch that runs or stops, or one on its way of a batch that is paused."""
    on_its_way = batch_rows.c.state.in_(IN_HAND) & (batches.c.state == BatchState.PAUSED)
    left = sa.select(sa.literal(1)).where(batch_rows.c.batch_id == batches.c.id, on_its_way).exists()
    query = sa.select(sa.literal(1)).where(
        batches.c.state.in_(OPEN) | ((batches.c.state == BatchState.PAUSED) & left)
    )
    return connection.scalar(query.limit(1)) is not None


def in_states(connection: Connection, states: Sequence[str]) -> list[str]:
    """The ids of everybody's batches in these states."""
    return list(connection.scalars(sa.select(batches.c.id).where(batches.c.state.in_(states))))

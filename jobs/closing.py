"""How a batch leaves the run: over, stopped or paused; what it holds of a person's credits goes with it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs import amounts, credits
from jobs.batch import IN_HAND, MADE, WORKING, BatchState, RowState
from jobs.store import batches as store
from jobs.store import notices
from jobs.store.batches import Batch, batch_rows, batches

MAY_BE_BILLED = batch_rows.c.state.in_((*IN_HAND, RowState.UNKNOWN)) | batch_rows.c.ticket.is_not(None)
"""Rows whose price is neither spent nor free: on their way, without an answer, or ordered and not fetched."""


def close_if_over(connection: Connection, batch_id: str, now: float) -> None:
    """Move a batch on when nothing of it is left to wait for; costs one look-up where something is."""
    if _any(connection, batch_id, *IN_HAND):
        return
    batch = _batch(connection, batch_id)
    if batch.state == BatchState.STOPPING:
        _end(connection, batch, BatchState.STOPPED, now)
    elif batch.state in (*WORKING, BatchState.PAUSED):
        if not _any(connection, batch_id, RowState.PENDING):
            _end(connection, batch, BatchState.FINISHED, now)
        elif (
            batch.state != BatchState.PAUSED
            and batch.trial
            and not _any(connection, batch_id, RowState.PENDING, trial=True)
        ):
            pause(connection, batch_id, "The trial is done. Look at its images; the other rows wait.", now)


def pause(connection: Connection, batch_id: str, reason: str, now: float) -> None:
    """Stop claiming until a person resumes; `reason` is shown. Changes nothing where nothing runs."""
    moved = connection.execute(
        batches.update()
        .where(batches.c.id == batch_id, batches.c.state.in_((BatchState.QUEUED, BatchState.RUNNING)))
        .values(state=BatchState.PAUSED, reason=reason)
    )
    if moved.rowcount:
        batch = _batch(connection, batch_id)
        store.tell(connection, batch.owner, batch_id, now, f"Paused: {reason}")
        notices.add(connection, batch.owner, batch_id, "warning", f"{batch.name} is paused: {reason}", now)


def pause_all(connection: Connection, backend: str, reason: str, now: float) -> None:
    """Pause every batch of a back end that cannot be used."""
    found = sa.select(batches.c.id).where(batches.c.backend == backend, batches.c.state.in_(WORKING))
    for batch_id in connection.scalars(found).all():
        pause(connection, batch_id, reason, now)


def top_up(connection: Connection, batch: Batch, now: float, monthly: int) -> None:
    """Reserve what the rows still to run may cost and is not held yet. Raises OutOfCredits."""
    eligible = sa.true() if not batch.trial else batch_rows.c.trial
    may_cost = MAY_BE_BILLED | ((batch_rows.c.state == RowState.PENDING) & eligible)
    needed = _price(connection, batch.id, may_cost)
    missing = needed - credits.held(connection, batch.owner, batch.id)
    if missing > 0:
        credits.reserve(connection, batch.owner, batch.id, missing, now, monthly)


def _end(connection: Connection, batch: Batch, state: BatchState, now: float) -> None:
    connection.execute(
        batches.update().where(batches.c.id == batch.id).values(state=state, reason=None, ended_at=now)
    )
    # A row without an answer may have been billed: its share stays held until the answer or a person comes.
    keep = _price(connection, batch.id, MAY_BE_BILLED)
    back = credits.refund(connection, batch.owner, batch.id, keep, now)
    done = store.tallies(connection, batch.owner, [batch.id])[batch.id]
    made = sum(done.rows.get(word, 0) for word in MADE)
    left = batch.rows - made
    sentence = f"{state.capitalize()}: {made:,} of {batch.rows:,} rows done, {done.made:,} images."
    if back:
        sentence += f" {amounts.spoken(back)} credits came back."
    store.tell(connection, batch.owner, batch.id, now, sentence)
    if state == BatchState.FINISHED:
        text = f"{batch.name} is finished: {made:,} done" + (f", {left:,} need you." if left else ".")
        notices.add(connection, batch.owner, batch.id, "warning" if left else "fixed", text, now)


_ANY = (
    sa.select(sa.literal(1))
    .where(
        batch_rows.c.batch_id == sa.bindparam("batch"),
        batch_rows.c.state.in_(sa.bindparam("states", expanding=True)),
    )
    .limit(1)
)
_ANY_OF_TRIAL = _ANY.where(batch_rows.c.trial)


def _any(connection: Connection, batch_id: str, *states: str, trial: bool = False) -> bool:
    query = _ANY_OF_TRIAL if trial else _ANY
    return connection.scalar(query, {"batch": batch_id, "states": states}) is not None


def _price(connection: Connection, batch_id: str, which: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.sum(batch_rows.c.price)).where(batch_rows.c.batch_id == batch_id, which)
    return int(connection.scalar(query) or 0)


def _batch(connection: Connection, batch_id: str) -> Batch:
    columns = [batches.c[name] for name in Batch.__dataclass_fields__]
    return Batch(*connection.execute(sa.select(*columns).where(batches.c.id == batch_id)).one())

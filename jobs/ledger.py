"""What keeps a row from being lost or paid twice: claim → sent → finish, and reconcile after a crash.

Every function works in the caller's write transaction. A move is fenced by the row's attempt id: whoever lost
the row meanwhile changes nothing and is told so. `sent` is durable before the call that it allows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from jobs import ids
from jobs.amounts import spoken
from jobs.batch import IN_HAND, BatchState, RowState
from jobs.closing import MAY_BE_BILLED, close_if_over, pause
from jobs.credits import settle
from jobs.store import batches as store
from jobs.store import images
from jobs.store.batches import batch_rows, batches
from jobs.store.images import Image

LEASE = 30.0
"""Seconds a row stays with a worker that gives no sign of life; renewed every third of it."""

NEXT_LOOK = 5.0
"""Seconds until what was ordered is looked up again, where a person must mend why it could not be."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that this process may run, and must finish or release."""

    batch_id: str
    owner: str
    row_id: str
    number: int
    attempt: str
    values: Mapping[str, Any]
    images: int
    price: int
    ticket: str | None = None
    """Of what was ordered already, by a process that is gone."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: done, refused, failed or unknown, with the reason in words.

    `billed` images are paid for, whether they are among `images` or were withheld.
    """

    state: RowState
    images: Sequence[Image] = ()
    withheld: int = 0
    billed: int = 0
    reason: str | None = None
    notes: Sequence[str] = ()


def claim(connection: Connection, backend: str, holder: str, limit: int, now: float) -> list[Claim]:
    """Take up to `limit` pending rows of a back end, in turn from every owner and every batch of theirs."""
    waiting = _waiting(connection, backend, limit)
    taken: list[Claim] = []
    for batch, share in _shares(waiting, limit).items():
        fitting = _within_budget(connection, batch, share, now)
        if fitting:
            taken += _take(connection, batch, holder, fitting, now)
            connection.execute(_SERVE, {"batch": batch.id, "now": now})
    return taken


def mark_sent(connection: Connection, attempt: str, now: float) -> bool:
    """The last step before the call. False: the row is no longer this attempt's, or its batch was stopped."""
    return connection.execute(_MARK_SENT, {"try": attempt, "now": now, "until": now + LEASE}).rowcount == 1


def keep_ticket(connection: Connection, attempt: str, ticket: str, now: float) -> None:  # noqa: ARG001
    """Remember what a row's images are fetched with: from now on nobody orders them again by himself."""
    connection.execute(_KEEP_TICKET, {"try": attempt, "to keep": ticket})


def let_go(connection: Connection, attempt: str, pause: float, now: float) -> None:
    """Leave a row that was ordered to whoever comes next, in `pause` seconds at the earliest."""
    connection.execute(
        batch_rows.update()
        .where(batch_rows.c.attempt == attempt, batch_rows.c.state == RowState.SENT)
        .values(holder=None, lease=now + pause)
    )


def unsend(connection: Connection, attempt: str, now: float) -> None:
    """The provider did not accept the call: the row is claimed again, to be sent under the same attempt."""
    connection.execute(
        batch_rows.update()
        .where(batch_rows.c.attempt == attempt, batch_rows.c.state == RowState.SENT)
        .values(state=RowState.CLAIMED, sent_at=None, lease=now + LEASE)
    )


def release(connection: Connection, attempt: str, now: float) -> None:
    """Give a claimed row back unsent, and end its batch where that was all that was waited for."""
    given = connection.execute(
        batch_rows.update()
        .where(batch_rows.c.attempt == attempt, batch_rows.c.state == RowState.CLAIMED)
        .values(state=RowState.PENDING, attempt=None, holder=None, lease=None)
        .returning(batch_rows.c.batch_id)
    ).scalar_one_or_none()
    if given:
        close_if_over(connection, given, now)


def finish(connection: Connection, attempt: str, outcome: Outcome, now: float) -> bool:
    """Write down what became of a row in hand. A late answer still turns `unknown` into what it says.

    False: the row was given to another attempt meanwhile; the answer is not wanted.
    """
    row = connection.execute(
        _FINISH,
        {
            "try": attempt,
            "as": outcome.state,
            "why": outcome.reason,
            "said": list(outcome.notes),
            "got": len(outcome.images),
            "kept": outcome.withheld,
            "paid": outcome.billed,
            "now": now,
        },
    ).one_or_none()
    if row is None:
        return False
    images.add(connection, outcome.images)
    settle(connection, row.owner, row.batch_id, row.row_id, row.price * outcome.billed // row.images, now)
    if outcome.state != RowState.DONE:
        sentence = f"Row {row.number} {outcome.state}: {outcome.reason}"
        store.tell(connection, row.owner, row.batch_id, now, sentence)
    close_if_over(connection, row.batch_id, now)
    return True


def renew(connection: Connection, attempts: Collection[str], now: float) -> None:
    """Sign of life for rows in hand."""
    connection.execute(
        batch_rows.update()
        .where(batch_rows.c.attempt.in_(attempts), batch_rows.c.holder.is_not(None))
        .values(lease=now + LEASE)
    )


# The statements that every row needs are built once: building one costs more than running it.
_RUNNING = sa.exists().where(batches.c.id == batch_rows.c.batch_id, batches.c.state == BatchState.RUNNING)
_MARK_SENT = (
    batch_rows.update()
    .where(batch_rows.c.attempt == bindparam("try"), batch_rows.c.state == RowState.CLAIMED, _RUNNING)
    .values(state=RowState.SENT, sent_at=bindparam("now"), lease=bindparam("until"))
)
_KEEP_TICKET = (
    batch_rows.update()
    .where(
        batch_rows.c.attempt == bindparam("try"),
        batch_rows.c.state.in_((RowState.SENT, RowState.UNKNOWN)),
    )
    .values(ticket=bindparam("to keep"))
)
_FINISH = (
    batch_rows.update()
    .where(
        batch_rows.c.attempt == bindparam("try"),
        batch_rows.c.state.in_((*IN_HAND, RowState.UNKNOWN)),
    )
    .values(
        state=bindparam("as"),
        reason=bindparam("why"),
        notes=bindparam("said", type_=sa.JSON),
        made=bindparam("got"),
        withheld=bindparam("kept"),
        ended_at=bindparam("now"),
        holder=None,
        lease=None,
        ticket=None,
        spent=batch_rows.c.spent
        + batch_rows.c.price * bindparam("paid", type_=sa.Integer) // batch_rows.c.images,
    )
    .returning(*(batch_rows.c[name] for name in ("batch_id", "owner", "row_id", "number", "price", "images")))
)
# Rows are counted no further than is asked for: a batch may have 100,000.
_SOME = (
    sa.select(sa.literal(1))
    .where(
        batch_rows.c.batch_id == batches.c.id,
        batch_rows.c.state == RowState.PENDING,
        sa.or_(batches.c.trial.is_(False), batch_rows.c.trial),
    )
    .correlate(batches)
    .limit(bindparam("limit"))
    .subquery()
)
_WAITING = (
    sa.select(
        *(batches.c[name] for name in ("id", "owner", "trial", "budget", "turn")),
        sa.select(sa.func.count()).select_from(_SOME).correlate(batches).scalar_subquery().label("waiting"),
    )
    .where(
        batches.c.backend == bindparam("backend"),
        batches.c.state.in_((BatchState.QUEUED, BatchState.RUNNING)),
    )
    .order_by(batches.c.turn, batches.c.created_at)
)
_SERVE = (
    batches.update()
    .where(batches.c.id == bindparam("batch"))
    .values(
        turn=sa.select(sa.func.max(batches.c.turn) + 1).scalar_subquery(),
        state=BatchState.RUNNING,
        started_at=sa.func.coalesce(batches.c.started_at, bindparam("now")),
        running_since=sa.func.coalesce(batches.c.running_since, bindparam("now")),
    )
)


def _waiting(connection: Connection, backend: str, limit: int) -> list[Any]:
    """Batches with rows to claim: every owner's first before anybody's second, longest unserved first."""
    found = connection.execute(_WAITING, {"backend": backend, "limit": limit})
    waiting = [batch for batch in found if batch.waiting]
    by_owner: dict[str, list[Any]] = {}
    for batch in waiting:
        by_owner.setdefault(batch.owner, []).append(batch)
    latest = {owner: max(batch.turn for batch in theirs) for owner, theirs in by_owner.items()}
    return sorted(
        waiting,
        key=lambda batch: (by_owner[batch.owner].index(batch), latest[batch.owner], batch.turn),
    )


def _shares(waiting: Sequence[Any], limit: int) -> dict[Any, int]:
    """How many rows each batch gets when one is dealt to each in turn."""
    left = {batch: batch.waiting for batch in waiting}
    shares = dict.fromkeys(waiting, 0)
    for batch in cycle(waiting):
        if limit == 0 or not any(left.values()):
            break
        if left[batch]:
            left[batch] -= 1
            shares[batch] += 1
            limit -= 1
    return {batch: share for batch, share in shares.items() if share}


def _within_budget(connection: Connection, batch: Any, share: int, now: float) -> int:
    """How many of the next rows fit under the batch's cap; pauses it where none does and none is in hand."""
    if batch.budget is None:
        return share
    committed, in_hand = connection.execute(
        sa.select(
            sa.func.sum(batch_rows.c.spent + sa.case((MAY_BE_BILLED, batch_rows.c.price), else_=0)),
            sa.func.sum(sa.case((batch_rows.c.state.in_(("claimed", "sent")), 1), else_=0)),
        ).where(batch_rows.c.batch_id == batch.id)
    ).one()
    room, fitting = batch.budget - committed, 0
    for price in connection.scalars(_next_rows(batch, share).with_only_columns(batch_rows.c.price)):
        room -= price
        if room < 0:
            break
        fitting += 1
    if not fitting and not in_hand:
        pause(connection, batch.id, f"Your cap of {spoken(batch.budget)} credits is reached.", now)
    return fitting


def _next_rows(batch: Any, limit: int) -> sa.Select[Any]:
    query = sa.select(batch_rows.c.row_id).where(
        batch_rows.c.batch_id == batch.id, batch_rows.c.state == RowState.PENDING
    )
    if batch.trial:
        query = query.where(batch_rows.c.trial)
    return query.order_by(batch_rows.c.number).limit(limit)


def _take(connection: Connection, batch: Any, holder: str, count: int, now: float) -> list[Claim]:
    token = ids.new(6)
    # A common table expression: PostgreSQL may run a plain subquery with LIMIT more than once.
    free = _next_rows(batch, count).with_for_update(skip_locked=True).cte("free")
    taken = connection.execute(
        batch_rows.update()
        .where(batch_rows.c.batch_id == batch.id, batch_rows.c.row_id.in_(sa.select(free.c.row_id)))
        .values(
            state=RowState.CLAIMED,
            attempt=sa.literal(token) + batch_rows.c.row_id,
            attempts=batch_rows.c.attempts + 1,
            holder=holder,
            lease=now + LEASE,
        )
        .returning(*(batch_rows.c[name] for name in Claim.__dataclass_fields__))
    ).all()
    return sorted((Claim(*row) for row in taken), key=lambda claimed: claimed.number)

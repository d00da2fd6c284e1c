"""After a crash: what becomes of the rows whose worker is gone."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs import ids
from jobs.batch import IN_HAND, OPEN, WORKING, BatchState, RowState
from jobs.closing import close_if_over
from jobs.ledger import LEASE, Claim
from jobs.store import batches as store
from jobs.store import moves
from jobs.store.batches import batch_rows, batches

MAX_CRASHES = 2
"""A row that was being made when its worker died twice is not tried again: it may be the cause."""

LOST = (
    "It was sent, then the connection to its worker was lost; no answer will come. It may have been billed."
)


def new_holder() -> str:
    """Who holds a row: machine, process, and a word that tells it from a later one of that number."""
    return f"{socket.gethostname()}:{os.getpid()}:{ids.new(6)}"


def gone(holder: str | None) -> bool:
    """Whether a holder is known to have ended. Of other machines nothing is known: their leases run out.

    One that was killed with its parent is a zombie until somebody collects it, in a container for ever.
    """
    if holder is None:
        return True
    host, pid, _ = holder.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    import psutil  # here, because most looks find no other holder than oneself

    try:
        return bool(psutil.Process(int(pid)).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


@dataclass(frozen=True, slots=True)
class Lost:
    """A row whose holder is gone. `over` says that no call of its attempt can still be under way or matter.

    `claim` is there where the row was ordered: the adopter has it now, and is to fetch its images.
    """

    backend: str
    attempt: str
    images: int
    over: bool
    claim: Claim | None = None


def look_after(
    connection: Connection, free_to_repeat: Callable[[str], bool], adopter: str, leases: bool, now: float
) -> tuple[list[Lost], list[str]]:
    """See to what was lost, and name the back ends with rows to claim: a runner's whole look."""
    return reconcile(connection, free_to_repeat, now, adopter, leases=leases), moves.open_backends(
        connection, WORKING
    )


def reconcile(
    connection: Connection,
    free_to_repeat: Callable[[str], bool],
    now: float,
    adopter: str | None = None,
    *,
    leases: bool = True,
) -> list[Lost]:
    """Free the rows of holders that are gone or, where `leases` count, silent.

    `free_to_repeat` says it of a back end.

    A claimed row was not sent: it is pending again. A sent row with a ticket stays so and goes to `adopter`,
    the holder who asks, if there is one. Without a ticket it is pending again where its back end is free to
    repeat, else `unknown`: it may have been paid, and is not sent again unless a person says so.
    """
    columns = (batches.c.backend, *(batch_rows.c[name] for name in _NEEDED))
    held = connection.execute(
        sa.select(*columns)
        .join(batches, batches.c.id == batch_rows.c.batch_id)
        .where(batches.c.state.in_((*OPEN, BatchState.PAUSED)), batch_rows.c.state.in_(IN_HAND))
    ).all()
    ended = {
        holder for holder in {row.holder for row in held} if holder not in (None, adopter) and gone(holder)
    }
    lost = [row for row in held if row.holder in ended or _over(row, now, leases)]
    seen_to = [_see_to(connection, row, free_to_repeat(row.backend), adopter, now) for row in lost]
    for batch_id in moves.in_states(connection, OPEN):
        close_if_over(connection, batch_id, now)
    return [one for one in seen_to if one]


def _over(row: Any, now: float, leases: bool) -> bool:
    """Whether nobody is heard of a row. One that nobody holds waits no longer than a lease, by any clock."""
    until = row.lease or 0
    if row.holder is None:
        return not now <= until <= now + LEASE
    return leases and until < now


_NEEDED = dict.fromkeys((*(f.name for f in fields(Claim)), "state", "crashes", "holder", "lease"))


def _see_to(
    connection: Connection, row: Any, repeatable: bool, adopter: str | None, now: float
) -> Lost | None:
    """None for what was ordered, where nobody adopts it."""
    if row.ticket is None or row.state != RowState.SENT:
        _free(connection, row, repeatable, now)
        return Lost(row.backend, row.attempt, row.images, row.state == RowState.CLAIMED or repeatable)
    crashes = row.crashes + (row.holder is not None)
    if crashes >= MAX_CRASHES:
        _park(connection, row, crashes, now)
        return Lost(row.backend, row.attempt, row.images, over=False)
    return _adopted(connection, row, crashes, adopter, now) if adopter else None


def _adopted(connection: Connection, row: Any, crashes: int, adopter: str, now: float) -> Lost:
    """A fresh attempt id, so that whoever had the row cannot finish it any more; it is the same try."""
    attempt = ids.new(6) + row.row_id
    connection.execute(
        batch_rows.update()
        .where(batch_rows.c.attempt == row.attempt, batch_rows.c.state == RowState.SENT)
        .values(attempt=attempt, holder=adopter, lease=now + LEASE, crashes=crashes)
    )
    held = {f.name: getattr(row, f.name) for f in fields(Claim)}
    return Lost(row.backend, row.attempt, row.images, over=False, claim=Claim(**held | {"attempt": attempt}))


def _park(connection: Connection, row: Any, crashes: int, now: float) -> None:
    """Its ticket stays: trying it again fetches what was ordered."""
    reason = (
        "Its worker ended twice while this row was being fetched. It may have been billed; "
        "trying it again fetches its images and orders none."
    )
    connection.execute(
        batch_rows.update()
        .where(batch_rows.c.attempt == row.attempt, batch_rows.c.state == RowState.SENT)
        .values(state=RowState.FAILED, reason=reason, crashes=crashes, ended_at=now, holder=None, lease=None)
    )
    store.tell(connection, row.owner, row.batch_id, now, f"Row {row.number} failed. {reason}")


def _free(connection: Connection, row: Any, repeatable: bool, now: float) -> None:
    crashes = row.crashes + (row.state == RowState.SENT)
    state, reason = RowState.PENDING, None
    if row.state == RowState.SENT and not repeatable:
        state, reason = RowState.UNKNOWN, LOST
    elif crashes >= MAX_CRASHES:
        state, reason = RowState.FAILED, "Its worker ended twice while this row was being made."
    values: dict[str, object] = {"state": state, "reason": reason, "crashes": crashes}
    if state == RowState.PENDING:
        values |= {"attempt": None, "sent_at": None}
    connection.execute(
        batch_rows.update()
        .where(batch_rows.c.attempt == row.attempt, batch_rows.c.state == row.state)
        .values(**values, holder=None, lease=None)
    )
    if reason:
        store.tell(connection, row.owner, row.batch_id, now, f"Row {row.number} {state}. {reason}")

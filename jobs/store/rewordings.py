"""Other wordings of refused rows: asked of the language model, proposed, and taken or not by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs.batch import RowState
from jobs.store.batches import batch_rows
from jobs.store.database import metadata

rewordings = sa.Table(
    "rewordings",
    metadata,
    sa.Column("batch_id", sa.String(20), sa.ForeignKey("batches.id"), primary_key=True),
    sa.Column("row_id", sa.String(20), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("after", sa.Text),
    sa.Column("why", sa.Text),
    sa.Column("holder", sa.String(120)),
    sa.Column("lease", sa.Float),
    sa.Index(None, "state"),
)


class Wording(StrEnum):
    WAITING = "waiting"
    PROPOSED = "proposed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Rewording:
    """A refused row whose prompt is to be put in other words; there is one at most of a row.

    state   waiting: for the model · proposed: `after` is its wording · failed: `why` says what went wrong
    before  the prompt as it was refused          reason  why it was
    """

    batch_id: str
    row_id: str
    owner: str
    number: int
    state: str
    before: str
    reason: str
    after: str | None = None
    why: str | None = None
    holder: str | None = None


_REWORDING = [rewordings.c[name] for name in Rewording.__dataclass_fields__]


def ask(connection: Connection, wanted: Sequence[Rewording]) -> None:
    """Let these wait for the model; what was there of the same rows goes."""
    for one in wanted:
        drop(connection, one.owner, one.batch_id, [one.row_id])
    values = [{name: getattr(one, name) for name in Rewording.__dataclass_fields__} for one in wanted]
    if values:
        connection.execute(rewordings.insert(), values)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rewording with what trying its row again costs, in thousandths of a credit."""

    rewording: Rewording
    price: int


def of_batch(connection: Connection, owner: str, batch_id: str) -> list[Proposal]:
    """Those of rows that are still refused, in the sheet's order."""
    same = (batch_rows.c.batch_id == rewordings.c.batch_id) & (batch_rows.c.row_id == rewordings.c.row_id)
    query = (
        sa.select(batch_rows.c.price, *_REWORDING)
        .join(batch_rows, same)
        .where(rewordings.c.owner == owner, rewordings.c.batch_id == batch_id)
        .where(batch_rows.c.state == RowState.REFUSED)
        .order_by(rewordings.c.number)
    )
    return [Proposal(Rewording(*line), price) for price, *line in connection.execute(query)]


def drop(connection: Connection, owner: str, batch_id: str, row_ids: Sequence[str]) -> None:
    connection.execute(
        rewordings.delete().where(
            rewordings.c.owner == owner, rewordings.c.batch_id == batch_id, rewordings.c.row_id.in_(row_ids)
        )
    )


def note(connection: Connection, one: Rewording, **values: object) -> None:
    """Write what came of one, if it still waits and is its holder's."""
    connection.execute(
        rewordings.update()
        .where(rewordings.c.batch_id == one.batch_id, rewordings.c.row_id == one.row_id)
        .where(rewordings.c.state == Wording.WAITING, rewordings.c.holder == one.holder)
        .values(**values, holder=None)
    )


def waiting(connection: Connection) -> int:
    """How many, of every owner, wait for a model."""
    query = sa.select(sa.func.count()).where(rewordings.c.state == Wording.WAITING)
    return connection.scalar(query) or 0


def take(connection: Connection, holder: str, until: float, now: float) -> list[Rewording]:
    """Take all, of every owner, that wait for a model and that nobody holds any more."""
    free = rewordings.c.holder.is_(None) | (rewordings.c.lease < now)
    taken = connection.execute(
        rewordings.update()
        .where(rewordings.c.state == Wording.WAITING, free)
        .values(holder=holder, lease=until)
        .returning(*_REWORDING)
    )
    return sorted((Rewording(*line) for line in taken), key=lambda one: one.number)


def renew(connection: Connection, holder: str, until: float) -> None:
    """Sign of life for all that a holder has."""
    connection.execute(rewordings.update().where(rewordings.c.holder == holder).values(lease=until))


def holders(connection: Connection) -> set[str]:
    """Who has one in hand."""
    return set(connection.scalars(sa.select(rewordings.c.holder).where(rewordings.c.holder.is_not(None))))


def let_go(connection: Connection, holder: str) -> None:
    """Give back all that a holder has, for the next worker to see to."""
    connection.execute(
        rewordings.update().where(rewordings.c.holder == holder).values(holder=None, lease=None)
    )

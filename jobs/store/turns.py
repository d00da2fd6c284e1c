"""The conversation over a sheet: what was asked, what was answered, and the change set that was proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs.errors import NotFound
from jobs.store.database import metadata

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("sheet_id", sa.String(20), sa.ForeignKey("sheets.id"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("source", sa.String(10), nullable=False),
    sa.Column("reply", sa.Text),
    sa.Column("changes", sa.JSON, nullable=False),
    sa.Column("left", sa.JSON, nullable=False),
    sa.Column("operations", sa.JSON, nullable=False),
    sa.Column("seen", sa.JSON, nullable=False),
    sa.Column("holder", sa.String(100)),
    sa.Column("lease", sa.Float),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("answered_at", sa.Float),
    sa.Index(None, "state"),
)


class TurnState(StrEnum):
    WAITING = "waiting"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ANSWERED = "answered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing a person asked for, and what came of it. `n` counts from 1 within the sheet.

    state    waiting: for the model · proposed: some change is undecided · accepted: all are decided and some
             was taken · rejected: none was taken · answered: there was nothing to change, `reply` says it ·
             failed: `reply` says why
    source   who answered: program (no model was needed) or model
    changes  the change set, as assistant/chat/changes.py writes it
    left     rows that were left alone, as the same writes them
    operations  what the request came to, as assistant/chat/operations.py has it
    seen     ids of the rows that were `selected` and `shown` where it was asked
    """

    sheet_id: str
    n: int
    owner: str
    state: str
    text: str
    source: str
    reply: str | None
    changes: Sequence[Mapping[str, Any]]
    left: Sequence[Mapping[str, Any]]
    operations: Sequence[Mapping[str, Any]]
    seen: Mapping[str, Sequence[str]]
    holder: str | None
    lease: float | None
    created_at: float
    answered_at: float | None


_TURN = [turns.c[name] for name in Turn.__dataclass_fields__]


def add(
    connection: Connection,
    owner: str,
    sheet_id: str,
    text: str,
    source: str,
    now: float,
    seen: Mapping[str, Sequence[str]] | None = None,
) -> int:
    """A turn that waits for its answer; returns its number. The caller knows the sheet to be the owner's."""
    last = connection.scalar(sa.select(sa.func.max(turns.c.n)).where(turns.c.sheet_id == sheet_id))
    n = (last or 0) + 1
    connection.execute(
        turns.insert().values(
            sheet_id=sheet_id,
            n=n,
            owner=owner,
            state=TurnState.WAITING,
            text=text,
            source=source,
            changes=[],
            left=[],
            operations=[],
            seen={name: list(ids) for name, ids in (seen or {}).items()},
            created_at=now,
        )
    )
    return n


def get(connection: Connection, owner: str, sheet_id: str, n: int, *, lock: bool = False) -> Turn:
    """With `lock` nobody else may decide on it before this transaction ends. Raises NotFound."""
    query = sa.select(*_TURN).where(turns.c.owner == owner, turns.c.sheet_id == sheet_id, turns.c.n == n)
    found = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound("There is no such proposal for this sheet.")
    return Turn(*found)


def of_sheet(connection: Connection, owner: str, sheet_id: str) -> list[Turn]:
    """The whole conversation, oldest first."""
    found = connection.execute(
        sa.select(*_TURN).where(turns.c.owner == owner, turns.c.sheet_id == sheet_id).order_by(turns.c.n)
    )
    return [Turn(*line) for line in found]


def write(connection: Connection, turn: Turn, **values: object) -> None:
    """Change what stands of a turn: its state, reply, changes."""
    connection.execute(
        turns.update().where(turns.c.sheet_id == turn.sheet_id, turns.c.n == turn.n).values(**values)
    )


def note(connection: Connection, turn: Turn, **values: object) -> bool:
    """The same while the turn waits and is still its holder's. False: it is not, and nothing was written."""
    changed = connection.execute(
        turns.update()
        .where(turns.c.sheet_id == turn.sheet_id, turns.c.n == turn.n)
        .where(turns.c.state == TurnState.WAITING, turns.c.holder == turn.holder)
        .values(**values)
    )
    return bool(changed.rowcount)


def waiting(connection: Connection) -> int:
    """How many turns, of every owner, wait for a model."""
    return connection.scalar(sa.select(sa.func.count()).where(turns.c.state == TurnState.WAITING)) or 0


def take(connection: Connection, holder: str, until: float, now: float) -> list[Turn]:
    """Take every turn, of every owner, that waits for a model and that nobody holds any more."""
    free = turns.c.holder.is_(None) | (turns.c.lease < now)
    taken = connection.execute(
        turns.update()
        .where(turns.c.state == TurnState.WAITING, free)
        .values(holder=holder, lease=until)
        .returning(*_TURN)
    )
    return [Turn(*line) for line in taken]


def renew(connection: Connection, holder: str, until: float) -> None:
    """Sign of life for all that a holder has."""
    connection.execute(
        turns.update().where(turns.c.holder == holder, turns.c.state == TurnState.WAITING).values(lease=until)
    )


def holders(connection: Connection) -> set[str]:
    """Who has a turn in hand."""
    held = turns.c.state == TurnState.WAITING, turns.c.holder.is_not(None)
    return set(connection.scalars(sa.select(turns.c.holder).where(*held)))


def let_go(connection: Connection, holder: str) -> None:
    """Give back all that a holder has, for the next worker to answer at once."""
    connection.execute(turns.update().where(turns.c.holder == holder).values(holder=None, lease=None))

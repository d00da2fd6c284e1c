"""Drafts: sheets that are being written from a brief, what was asked and how far they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs import ids
from jobs.errors import NotFound
from jobs.store.database import metadata

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("sheet_id", sa.String(20), sa.ForeignKey("sheets.id"), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("brief", sa.JSON, nullable=False),
    sa.Column("plan", sa.JSON(none_as_null=True)),
    sa.Column("asked", sa.Integer, nullable=False),
    sa.Column("had", sa.Integer, nullable=False),
    sa.Column("came", sa.Integer, nullable=False),
    sa.Column("repaired", sa.Integer, nullable=False),
    sa.Column("repeated", sa.Integer, nullable=False),
    sa.Column("tokens", sa.Integer, nullable=False),
    sa.Column("said", sa.JSON, nullable=False),
    sa.Column("variety", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("holder", sa.String(100)),
    sa.Column("lease", sa.Float),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("started_at", sa.Float),
    sa.Column("ended_at", sa.Float),
    sa.Column("brief_id", sa.String(20)),
    sa.Index(None, "state"),
    sa.Index(None, "owner", "sheet_id"),
)


class DraftState(StrEnum):
    DRAFTING = "drafting"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft and how far it is; its rows are those of its sheet.

    source    who writes: model, combinations (of the examples), or pasted (the answer of a chat app)
    brief     what was asked, as assistant/drafting/brief.py writes it
    plan      the strands, as assistant/drafting/plan.py writes them; None before, and for few rows
    asked     rows asked for
    came      rows that came; one that a person deleted since is not replaced
    had       of those, the rows that were there when it was begun, or taken up again
    repaired  rows in which something was put right; repeated: rows that were too like another, and replaced
    tokens    that the model counted, 0 where it does not say
    said      sentences for the person: what was fallen back to, what was left out
    variety   at the end, how different the rows are, in words
    reason    why it failed or ended early, a sentence
    holder    the worker that has it, until `lease` (seconds since 1970)
    """

    id: str
    owner: str
    sheet_id: str
    state: str
    source: str
    brief: Mapping[str, Any]
    plan: Mapping[str, Any] | None
    asked: int
    had: int
    came: int
    repaired: int
    repeated: int
    tokens: int
    said: Sequence[str]
    variety: str | None
    reason: str | None
    holder: str | None
    lease: float | None
    created_at: float
    started_at: float | None
    ended_at: float | None


_DRAFT = [drafts.c[name] for name in Draft.__dataclass_fields__]


def add(
    connection: Connection,
    owner: str,
    sheet_id: str,
    source: str,
    brief: Mapping[str, Any],
    asked: int,
    now: float,
    brief_id: str | None = None,
    plan: Mapping[str, Any] | None = None,
) -> str:
    """A new draft, of a brief that was typed or of none, that waits for a worker; returns its id."""
    draft_id = ids.new()
    connection.execute(
        drafts.insert().values(
            id=draft_id,
            owner=owner,
            sheet_id=sheet_id,
            state=DraftState.DRAFTING,
            source=source,
            brief=dict(brief),
            plan=dict(plan) if plan else None,
            asked=asked,
            had=0,
            came=0,
            repaired=0,
            repeated=0,
            tokens=0,
            said=[],
            created_at=now,
            brief_id=brief_id,
        )
    )
    return draft_id


def get(connection: Connection, owner: str, draft_id: str, *, lock: bool = False) -> Draft:
    """With `lock` nobody else may change it before this transaction ends. Raises NotFound."""
    query = sa.select(*_DRAFT).where(drafts.c.owner == owner, drafts.c.id == draft_id)
    found = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound("There is no such draft. It may belong to somebody else.")
    return Draft(*found)


def of_sheet(connection: Connection, owner: str, sheet_id: str) -> Draft | None:
    """The draft that a sheet came from, the newest where there are several; None for an uploaded sheet."""
    found = connection.execute(
        sa.select(*_DRAFT)
        .where(drafts.c.owner == owner, drafts.c.sheet_id == sheet_id)
        .order_by(drafts.c.created_at.desc())
        .limit(1)
    ).one_or_none()
    return Draft(*found) if found else None


def brief_of(connection: Connection, owner: str, sheet_id: str) -> str | None:
    """The id of the brief that a sheet was drafted from; other sheets may be of the same one."""
    query = sa.select(drafts.c.brief_id).where(drafts.c.owner == owner, drafts.c.sheet_id == sheet_id)
    found: str | None = connection.scalar(query.order_by(drafts.c.created_at.desc()).limit(1))
    return found


def waiting(connection: Connection) -> int:
    """How many drafts, of every owner, are being written or wait to be."""
    query = sa.select(sa.func.count()).where(drafts.c.state == DraftState.DRAFTING)
    return connection.scalar(query) or 0


def take(connection: Connection, holder: str, until: float, now: float) -> list[Draft]:
    """Take every draft, of every owner, that is to be written and that nobody holds any more."""
    free = drafts.c.holder.is_(None) | (drafts.c.lease < now)
    taken = connection.execute(
        drafts.update()
        .where(drafts.c.state == DraftState.DRAFTING, free)
        .values(holder=holder, lease=until, started_at=sa.func.coalesce(drafts.c.started_at, now))
        .returning(*_DRAFT)
    )
    return [Draft(*line) for line in taken]


def hold(connection: Connection, draft_id: str, holder: str) -> None:
    """Take one draft, for who writes it in this very transaction."""
    connection.execute(drafts.update().where(drafts.c.id == draft_id).values(holder=holder))


def renew(connection: Connection, holder: str, until: float) -> set[str]:
    """Sign of life for all that a holder has; returns those that are still its to write."""
    kept = connection.execute(
        drafts.update()
        .where(drafts.c.holder == holder, drafts.c.state == DraftState.DRAFTING)
        .values(lease=until)
        .returning(drafts.c.id)
    )
    return set(kept.scalars())


def note(connection: Connection, draft_id: str, holder: str, **values: object) -> bool:
    """Write down how far a draft is. False: it was stopped, or is another holder's now; nothing changed."""
    changed = connection.execute(
        drafts.update()
        .where(drafts.c.id == draft_id, drafts.c.holder == holder, drafts.c.state == DraftState.DRAFTING)
        .values(**values)
    )
    return bool(changed.rowcount)


def count(
    connection: Connection,
    draft_id: str,
    holder: str,
    *,
    rows: int = 0,
    repaired: int = 0,
    repeated: int = 0,
    tokens: int = 0,
) -> bool:
    """Count what came since. False: the draft was stopped, or is another holder's now; nothing changed."""
    return note(
        connection,
        draft_id,
        holder,
        came=drafts.c.came + rows,
        repaired=drafts.c.repaired + repaired,
        repeated=drafts.c.repeated + repeated,
        tokens=drafts.c.tokens + tokens,
    )


def plan(connection: Connection, owner: str, draft_id: str, plan: Mapping[str, Any], asked: int) -> None:
    """Keep a plan that a person has changed, and how many rows are wanted by it."""
    connection.execute(
        drafts.update()
        .where(drafts.c.owner == owner, drafts.c.id == draft_id)
        .values(plan=dict(plan), asked=asked)
    )


def holders(connection: Connection) -> set[str]:
    """Who has a draft in hand."""
    held = sa.select(drafts.c.holder).where(
        drafts.c.state == DraftState.DRAFTING, drafts.c.holder.is_not(None)
    )
    return set(connection.scalars(held))


def let_go(connection: Connection, holder: str) -> None:
    """Give back all that a holder has, for the next worker to go on with at once."""
    connection.execute(drafts.update().where(drafts.c.holder == holder).values(holder=None, lease=None))


def end(
    connection: Connection,
    owner: str,
    draft_id: str,
    state: DraftState,
    now: float,
    reason: str | None = None,
    *,
    holder: str | None = None,
) -> bool:
    """End a draft that is being written, only where `holder` has it if one is given. False: it is over."""
    mine = sa.true() if holder is None else drafts.c.holder == holder
    changed = connection.execute(
        drafts.update()
        .where(drafts.c.owner == owner, drafts.c.id == draft_id, drafts.c.state == DraftState.DRAFTING, mine)
        .values(state=state, reason=reason, ended_at=now, holder=None, lease=None)
    )
    return bool(changed.rowcount)


def go_on(connection: Connection, owner: str, draft_id: str, *, source: str, asked: int, had: int) -> bool:
    """Take a draft up again that had ended, for the rows it lacks. False: it is being written already."""
    changed = connection.execute(
        drafts.update()
        .where(drafts.c.owner == owner, drafts.c.id == draft_id, drafts.c.state != DraftState.DRAFTING)
        .values(
            state=DraftState.DRAFTING,
            source=source,
            asked=asked,
            had=had,
            came=had,
            reason=None,
            variety=None,
            said=[],
            ended_at=None,
            started_at=None,
            holder=None,
            lease=None,
        )
    )
    return bool(changed.rowcount)

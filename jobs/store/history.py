"""The log read back: what was done since a point of it, and everything that was ever written into cells."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs.store.edits import ABOUT, Edit, edit_groups, edits
from jobs.store.sheets import FEW


@dataclass(frozen=True, slots=True)
class Entry:
    """One edit with what its group says of it: who made it, where from, and which group it took back."""

    group: int
    actor: str
    origin: str
    undoes: int | None
    edit: Edit


@dataclass(frozen=True, slots=True)
class Touched:
    """What was done since some group: the rows concerned, and whether rows came, went or moved."""

    rows: frozenset[str]
    order: bool


def last(connection: Connection, owner: str, sheet_id: str) -> int:
    """The id of the newest group of a sheet's log, 0 where there is none."""
    newest = sa.select(sa.func.max(edit_groups.c.id)).where(
        edit_groups.c.owner == owner, edit_groups.c.sheet_id == sheet_id
    )
    return connection.scalar(newest) or 0


def since(connection: Connection, owner: str, sheet_id: str, group: int) -> Touched:
    """What groups later than this one did."""
    found = connection.execute(
        sa.select(edits.c.row_id, sa.func.max(sa.case((edits.c.column.is_(None), 1), else_=0)))
        .where(edits.c.owner == owner, edits.c.sheet_id == sheet_id, edits.c.group_id > group)
        .group_by(edits.c.row_id)
    ).all()
    rows = frozenset(row_id for row_id, _ in found if row_id != ABOUT)
    return Touched(rows, any(whole for _, whole in found))


def entries(
    connection: Connection, owner: str, sheet_id: str, row_ids: Collection[str] | None = None
) -> Iterator[Entry]:
    """Everything that was done to cells and rows, oldest first; with `row_ids` at least to those rows."""
    query = (
        sa.select(
            edit_groups.c.id,
            edit_groups.c.actor,
            edit_groups.c.origin,
            edit_groups.c.undoes,
            edits.c.row_id,
            edits.c.column,
            edits.c.before,
            edits.c.after,
            edits.c.code,
        )
        .join(edit_groups, edit_groups.c.id == edits.c.group_id)
        .where(edits.c.owner == owner, edits.c.sheet_id == sheet_id, edits.c.row_id != ABOUT)
        .order_by(edits.c.id)
    )
    if row_ids is not None and len(row_ids) <= FEW:
        query = query.where(edits.c.row_id.in_(row_ids))
    for group, actor, origin, undoes, *edit in connection.execute(query):
        yield Entry(group, actor, origin, undoes, Edit(*edit))

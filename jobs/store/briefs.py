"""Briefs as they are typed, saved all along, so that nothing is lost before a draft is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs import ids
from jobs.errors import NotFound
from jobs.store.database import metadata

briefs = sa.Table(
    "briefs",
    metadata,
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("form", sa.JSON, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False),
    sa.Column("sheet_id", sa.String(20), sa.ForeignKey("sheets.id")),
    sa.Column("discarded_at", sa.Float),
    sa.Index(None, "owner", "saved_at"),
)


@dataclass(frozen=True, slots=True)
class Form:
    """A brief's fields as the form has them, unchecked, and the sheet that was drafted from it last."""

    id: str
    form: Mapping[str, Any]
    saved_at: float
    sheet_id: str | None


_FORM = [briefs.c[name] for name in Form.__dataclass_fields__]


def add(connection: Connection, owner: str, form: Mapping[str, Any], now: float) -> str:
    brief_id = ids.new()
    connection.execute(briefs.insert().values(id=brief_id, owner=owner, form=dict(form), saved_at=now))
    return brief_id


def get(connection: Connection, owner: str, brief_id: str) -> Form:
    """Raises NotFound."""
    found = connection.execute(
        sa.select(*_FORM).where(briefs.c.owner == owner, briefs.c.id == brief_id)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such brief. Begin a new one on the start page.")
    return Form(*found)


def save(connection: Connection, owner: str, brief_id: str, form: Mapping[str, Any], now: float) -> None:
    """Raises NotFound."""
    get(connection, owner, brief_id)
    connection.execute(
        briefs.update()
        .where(briefs.c.owner == owner, briefs.c.id == brief_id)
        .values(form=dict(form), saved_at=now)
    )


def discard(connection: Connection, owner: str, brief_id: str, at: float | None) -> None:
    """Offer a brief no more, or, with None, again; what was typed stays. Raises NotFound."""
    get(connection, owner, brief_id)
    connection.execute(
        briefs.update().where(briefs.c.owner == owner, briefs.c.id == brief_id).values(discarded_at=at)
    )


def drafted(connection: Connection, owner: str, brief_id: str, sheet_id: str) -> None:
    """Remember the sheet that was drafted from a brief last."""
    connection.execute(
        briefs.update().where(briefs.c.owner == owner, briefs.c.id == brief_id).values(sheet_id=sheet_id)
    )


def newest(connection: Connection, owner: str, limit: int = 5) -> list[Form]:
    """The briefs that were typed last."""
    found = connection.execute(
        sa.select(*_FORM).where(briefs.c.owner == owner).order_by(briefs.c.saved_at.desc()).limit(limit)
    )
    return [Form(*line) for line in found]


def unfinished(connection: Connection, owner: str, limit: int = 3) -> list[Form]:
    """Briefs that nothing was drafted from yet and that were not discarded, the newest first."""
    found = connection.execute(
        sa.select(*_FORM)
        .where(briefs.c.owner == owner, briefs.c.sheet_id.is_(None), briefs.c.discarded_at.is_(None))
        .order_by(briefs.c.saved_at.desc())
        .limit(limit)
    )
    return [Form(*line) for line in found]

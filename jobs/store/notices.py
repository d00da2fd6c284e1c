"""What a person is told when they are elsewhere: one line each, until it was seen."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs.store.database import metadata

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("batch_id", sa.String(20), sa.ForeignKey("batches.id")),
    sa.Column("sheet_id", sa.String(20), sa.ForeignKey("sheets.id")),
    sa.Column("level", sa.String(10), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("read_at", sa.Float),
    sa.Index(None, "owner", "id"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """`level` is fixed (it went well) or warning (it needs a person). It is about a batch or a sheet."""

    id: int
    batch_id: str | None
    sheet_id: str | None
    level: str
    text: str
    at: float
    read_at: float | None


_NOTICE = [notices.c[name] for name in Notice.__dataclass_fields__]


def add(connection: Connection, owner: str, batch_id: str, level: str, text: str, at: float) -> None:
    """Tell of a batch."""
    connection.execute(notices.insert().values(owner=owner, batch_id=batch_id, level=level, text=text, at=at))


def add_of_sheet(connection: Connection, owner: str, sheet_id: str, level: str, text: str, at: float) -> None:
    connection.execute(notices.insert().values(owner=owner, sheet_id=sheet_id, level=level, text=text, at=at))


def latest(connection: Connection, owner: str, limit: int = 20) -> list[Notice]:
    """Newest first."""
    found = connection.execute(
        sa.select(*_NOTICE).where(notices.c.owner == owner).order_by(notices.c.id.desc()).limit(limit)
    )
    return [Notice(*line) for line in found]


def after(connection: Connection, owner: str, notice_id: int, limit: int = 5) -> list[Notice]:
    """Those that came after a notice, oldest first; of many, the newest."""
    query = sa.select(*_NOTICE).where(notices.c.owner == owner, notices.c.id > notice_id)
    found = connection.execute(query.order_by(notices.c.id.desc()).limit(limit)).all()
    return [Notice(*line) for line in reversed(found)]


def unread(connection: Connection, owner: str) -> int:
    query = sa.select(sa.func.count()).where(notices.c.owner == owner, notices.c.read_at.is_(None))
    return connection.scalar(query) or 0


def mark_read(connection: Connection, owner: str, at: float) -> None:
    connection.execute(
        notices.update().where(notices.c.owner == owner, notices.c.read_at.is_(None)).values(read_at=at)
    )

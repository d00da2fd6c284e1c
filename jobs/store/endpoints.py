"""The language model that a person connected, and what is known of how it wants to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs.store.database import metadata

endpoints = sa.Table(
    "endpoints",
    metadata,
    sa.Column("owner", sa.String(64), primary_key=True),
    sa.Column("base_url", sa.Text, nullable=False),
    sa.Column("sealed_key", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False),
)

manners = sa.Table(
    "manners",
    metadata,
    sa.Column("owner", sa.String(64), primary_key=True),
    sa.Column("base_url", sa.Text, primary_key=True),
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("rung", sa.Integer, nullable=False),
    sa.Column("dropped", sa.JSON, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("rate", sa.Float),
)


@dataclass(frozen=True, slots=True)
class Saved:
    """An endpoint as it is kept: its key sealed (jobs/vault.py), empty where it needs none."""

    base_url: str
    sealed_key: str
    model: str
    saved_at: float


_SAVED = [endpoints.c[name] for name in Saved.__dataclass_fields__]


def get(connection: Connection, owner: str) -> Saved | None:
    found = connection.execute(sa.select(*_SAVED).where(endpoints.c.owner == owner)).one_or_none()
    return Saved(*found) if found else None


def save(connection: Connection, owner: str, base_url: str, sealed_key: str, model: str, now: float) -> None:
    """Keep an endpoint in the place of the one before."""
    forget(connection, owner)
    connection.execute(
        endpoints.insert().values(
            owner=owner, base_url=base_url, sealed_key=sealed_key, model=model, saved_at=now
        )
    )


def forget(connection: Connection, owner: str) -> None:
    connection.execute(endpoints.delete().where(endpoints.c.owner == owner))


def how(connection: Connection, owner: str, base_url: str, model: str) -> tuple[int, Sequence[str]]:
    """The rung of the ladder of structured output that worked, and the parameters that were refused."""
    found = connection.execute(
        sa.select(manners.c.rung, manners.c.dropped).where(*_of(owner, base_url, model))
    ).one_or_none()
    return (found.rung, found.dropped) if found else (0, ())


def rate(connection: Connection, owner: str, base_url: str, model: str) -> float | None:
    """Rows a minute that one call was seen to write, None where none was seen yet."""
    query = sa.select(manners.c.rate).where(*_of(owner, base_url, model))
    found: float | None = connection.scalar(query)
    return found


def remember(
    connection: Connection,
    owner: str,
    base_url: str,
    model: str,
    rung: int,
    dropped: Sequence[str],
    now: float,
    speed: float | None = None,
) -> None:
    """Keep how an endpoint wants to be asked, and its `speed` as `rate` has it; None keeps the one before."""
    speed = rate(connection, owner, base_url, model) if speed is None else speed
    connection.execute(manners.delete().where(*_of(owner, base_url, model)))
    connection.execute(
        manners.insert().values(
            owner=owner,
            base_url=base_url,
            model=model,
            rung=rung,
            dropped=list(dropped),
            at=now,
            rate=speed,
        )
    )


def _of(owner: str, base_url: str, model: str) -> tuple[sa.ColumnElement[bool], ...]:
    return manners.c.owner == owner, manners.c.base_url == base_url, manners.c.model == model

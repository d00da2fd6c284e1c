"""The entries of the credit ledger: append-only, whole thousandths of a credit."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs.store.database import metadata, upsert_ignore

KINDS = ("grant", "reserve", "settle", "refund")

credit_entries = sa.Table(
    "credit_entries",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("month", sa.String(7), nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("batch_id", sa.String(20), sa.ForeignKey("batches.id")),
    sa.Column("row_id", sa.String(20)),
    sa.Column("grant_key", sa.String(80), unique=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Index(None, "owner", "month"),
    sa.Index(None, "batch_id"),
    sqlite_autoincrement=True,
)


def grant_once(connection: Connection, owner: str, month: str, amount: int, at: float) -> None:
    """The month's grant; a second one of the same month changes nothing."""
    insert = upsert_ignore(connection)
    connection.execute(
        insert(credit_entries)
        .values(owner=owner, month=month, kind="grant", amount=amount, grant_key=f"{owner} {month}", at=at)
        .on_conflict_do_nothing()
    )


def lock(connection: Connection, owner: str, month: str) -> None:
    """Make other reservations of this owner wait until this transaction ends."""
    connection.execute(
        sa.select(credit_entries.c.id)
        .where(credit_entries.c.grant_key == f"{owner} {month}")
        .with_for_update()
    )


def add(
    connection: Connection,
    owner: str,
    month: str,
    kind: str,
    amount: int,
    at: float,
    *,
    batch_id: str,
    row_id: str | None = None,
) -> None:
    assert kind in KINDS
    connection.execute(
        credit_entries.insert().values(
            owner=owner, month=month, kind=kind, amount=amount, batch_id=batch_id, row_id=row_id, at=at
        )
    )


def sums(
    connection: Connection, owner: str, *, month: str | None = None, batch_id: str | None = None
) -> dict[str, int]:
    """The sum of each kind, over a month or over a batch; every kind is there."""
    query = sa.select(credit_entries.c.kind, sa.func.sum(credit_entries.c.amount)).where(
        credit_entries.c.owner == owner
    )
    if month:
        query = query.where(credit_entries.c.month == month)
    if batch_id:
        query = query.where(credit_entries.c.batch_id == batch_id)
    found = connection.execute(query.group_by(credit_entries.c.kind))
    return dict.fromkeys(KINDS, 0) | {kind: int(amount) for kind, amount in found}

"""Batches and their rows: an immutable copy of a sheet, and what has become of each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs.batch import Item
from jobs.errors import NotFound
from jobs.store.database import metadata

batches = sa.Table(
    "batches",
    metadata,
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("sheet_id", sa.String(20), sa.ForeignKey("sheets.id")),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("backend", sa.String(20), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("images", sa.Integer, nullable=False),
    sa.Column("quoted", sa.BigInteger, nullable=False),
    sa.Column("budget", sa.BigInteger),
    sa.Column("trial", sa.Boolean, nullable=False),
    sa.Column("turn", sa.BigInteger, nullable=False),
    sa.Column("idempotency_key", sa.String(200)),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("started_at", sa.Float),
    sa.Column("running_since", sa.Float),
    sa.Column("ended_at", sa.Float),
    sa.UniqueConstraint("owner", "idempotency_key"),
    sa.Index(None, "owner", "created_at"),
    sa.Index(None, "state"),
)

batch_rows = sa.Table(
    "batch_rows",
    metadata,
    sa.Column("batch_id", sa.String(20), sa.ForeignKey("batches.id"), primary_key=True),
    sa.Column("row_id", sa.String(20), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("file_row", sa.Integer),
    sa.Column("values", sa.JSON, nullable=False),
    sa.Column("images", sa.Integer, nullable=False),
    sa.Column("price", sa.BigInteger, nullable=False),
    sa.Column("micros", sa.BigInteger),  # the price in millionths of a US dollar, where one is listed
    sa.Column("trial", sa.Boolean, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("attempt", sa.String(20)),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("crashes", sa.Integer, nullable=False),
    sa.Column("holder", sa.String(120)),
    sa.Column("lease", sa.Float),
    sa.Column("ticket", sa.Text),  # what was ordered and not fetched yet; see Resumable in backends/port.py
    sa.Column("sent_at", sa.Float),
    sa.Column("ended_at", sa.Float),
    sa.Column("made", sa.Integer, nullable=False),
    sa.Column("withheld", sa.Integer, nullable=False),
    sa.Column("spent", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("notes", sa.JSON, nullable=False),
    sa.Index(None, "batch_id", "state", "number"),
    sa.Index(None, "attempt"),
    sa.Index(None, "row_id"),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("batch_id", sa.String(20), sa.ForeignKey("batches.id"), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Index(None, "batch_id", "id"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch without its rows. Credits in thousandths; `trial` while only the trial's rows may run."""

    id: str
    owner: str
    sheet_id: str | None
    name: str
    backend: str
    state: str
    reason: str | None
    rows: int
    images: int
    quoted: int
    budget: int | None
    trial: bool
    created_at: float
    started_at: float | None
    running_since: float | None
    ended_at: float | None


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One row of a batch. `made` images are there, `withheld` were kept back by the provider."""

    row_id: str
    number: int
    file_row: int | None
    values: Mapping[str, Any]
    images: int
    price: int
    trial: bool
    state: str
    attempt: str | None
    attempts: int
    ticket: str | None
    sent_at: float | None
    ended_at: float | None
    made: int
    withheld: int
    spent: int
    reason: str | None
    notes: Sequence[str]


_BATCH = [batches.c[name] for name in Batch.__dataclass_fields__]
_ROW = [batch_rows.c[name] for name in BatchRow.__dataclass_fields__]


def add(
    connection: Connection, batch: Batch, items: Iterable[Item], trial: set[str], key: str | None
) -> None:
    """Write a batch and its rows; `trial` are the ids of the rows that run first."""
    head = {name: getattr(batch, name) for name in Batch.__dataclass_fields__}
    connection.execute(batches.insert().values(**head, idempotency_key=key, turn=0))
    connection.execute(
        batch_rows.insert(),
        [
            {
                "batch_id": batch.id,
                "owner": batch.owner,
                "row_id": item.row_id,
                "number": item.number,
                "file_row": item.file_row,
                "values": dict(item.values),
                "images": item.images,
                "price": item.price,
                "micros": item.micros,
                "trial": item.row_id in trial,
                "state": "pending",
                "attempts": 0,
                "crashes": 0,
                "made": 0,
                "withheld": 0,
                "spent": 0,
                "notes": [],
            }
            for item in items
        ],
    )


def get(connection: Connection, owner: str, batch_id: str) -> Batch:
    """Raises NotFound, also for another owner's batch."""
    found = connection.execute(
        sa.select(*_BATCH).where(batches.c.owner == owner, batches.c.id == batch_id)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such batch. The page of batches lists those you have.")
    return Batch(*found)


def by_key(connection: Connection, owner: str, key: str) -> str | None:
    """The id of the batch that was started with this idempotency key."""
    found: str | None = connection.scalar(
        sa.select(batches.c.id).where(batches.c.owner == owner, batches.c.idempotency_key == key)
    )
    return found


def listing(
    connection: Connection,
    owner: str,
    *,
    limit: int,
    before: float | None = None,
    after: float | None = None,
    sheet_id: str | None = None,
    ids: Sequence[str] | None = None,
) -> list[Batch]:
    """The owner's batches, newest first; those begun in a time, of one sheet, or with these ids, if given."""
    query = sa.select(*_BATCH).where(batches.c.owner == owner)
    if sheet_id is not None:
        query = query.where(batches.c.sheet_id == sheet_id)
    if before is not None:
        query = query.where(batches.c.created_at < before)
    if after is not None:
        query = query.where(batches.c.created_at > after)
    if ids is not None:
        query = query.where(batches.c.id.in_(ids))
    found = connection.execute(query.order_by(batches.c.created_at.desc(), batches.c.id).limit(limit))
    return [Batch(*line) for line in found]


def count(connection: Connection, owner: str) -> int:
    return connection.scalar(sa.select(sa.func.count()).where(batches.c.owner == owner)) or 0


def count_by_sheet(connection: Connection, owner: str, sheet_ids: Sequence[str]) -> dict[str, int]:
    """How many batches were made of each of these sheets; a sheet without any is left out."""
    query = sa.select(batches.c.sheet_id, sa.func.count()).where(
        batches.c.owner == owner, batches.c.sheet_id.in_(sheet_ids)
    )
    return {line[0]: line[1] for line in connection.execute(query.group_by(batches.c.sheet_id))}


def rows(
    connection: Connection,
    owner: str,
    batch_id: str,
    *,
    states: Sequence[str] = (),
    ids: Sequence[str] = (),
    after: int = 0,
    limit: int | None = None,
) -> list[BatchRow]:
    """The rows in the sheet's order, numbered above `after`; in these states and with these ids, if any."""
    query = sa.select(*_ROW).where(batch_rows.c.owner == owner, batch_rows.c.batch_id == batch_id)
    if states:
        query = query.where(batch_rows.c.state.in_(states))
    if ids:
        query = query.where(batch_rows.c.row_id.in_(ids))
    if after:
        query = query.where(batch_rows.c.number > after)
    return [BatchRow(*line) for line in connection.execute(query.order_by(batch_rows.c.number).limit(limit))]


# Built once: for a list of batches, building it costs more than running it.
_LATEST = batch_rows.alias()
_ENDS = (
    sa.select(batch_rows.c.batch_id, batch_rows.c.ended_at)
    .select_from(batches)
    .join(
        batch_rows,
        sa.and_(
            batch_rows.c.batch_id == batches.c.id,
            batch_rows.c.row_id.in_(
                sa.select(_LATEST.c.row_id)
                .where(_LATEST.c.batch_id == batches.c.id, _LATEST.c.ended_at >= batches.c.running_since)
                .order_by(_LATEST.c.ended_at.desc())
                .limit(sa.bindparam("limit"))
                .correlate(batches)
            ),
        ),
    )
    .where(
        batches.c.owner == sa.bindparam("owner"), batches.c.id.in_(sa.bindparam("batches", expanding=True))
    )
    .order_by(batch_rows.c.ended_at.desc())
)


def ends(connection: Connection, owner: str, batch_ids: Sequence[str], limit: int) -> dict[str, list[float]]:
    """When the latest rows of batches ended since each runs, newest first; one that never ran has none."""
    found: dict[str, list[float]] = {batch_id: [] for batch_id in batch_ids}
    asked = {"owner": owner, "batches": list(batch_ids), "limit": limit}
    for line in connection.execute(_ENDS, asked):
        found[line.batch_id].append(line.ended_at)
    return found


def row(connection: Connection, owner: str, batch_id: str, row_id: str) -> BatchRow:
    """Raises NotFound, also for another owner's row."""
    found = rows(connection, owner, batch_id, ids=[row_id])
    if not found:
        raise NotFound("This batch has no such row.")
    return found[0]


@dataclass(frozen=True, slots=True)
class Share:
    """Some of a batch's rows, and what they cost, or would, in thousandths."""

    rows: int
    price: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a batch has come: rows by state, images made and withheld, thousandths of a credit spent.

    `prices` is what the rows of each state cost, or would; `trial` are the trial's rows that were not run.
    """

    rows: Mapping[str, int]
    made: int
    withheld: int
    spent: int
    prices: Mapping[str, int]
    trial: Share


def tallies(connection: Connection, owner: str, batch_ids: Sequence[str]) -> dict[str, Tally]:
    """One query for many batches: what the lists and the progress pages show."""
    found = connection.execute(
        sa.select(
            batch_rows.c.batch_id,
            batch_rows.c.state,
            sa.func.count(),
            sa.func.sum(batch_rows.c.made),
            sa.func.sum(batch_rows.c.withheld),
            sa.func.sum(batch_rows.c.spent),
            sa.func.sum(batch_rows.c.price),
            sa.func.sum(sa.case((batch_rows.c.trial, 1), else_=0)),
            sa.func.sum(sa.case((batch_rows.c.trial, batch_rows.c.price), else_=0)),
        )
        .where(batch_rows.c.owner == owner, batch_rows.c.batch_id.in_(batch_ids))
        .group_by(batch_rows.c.batch_id, batch_rows.c.state)
    ).all()
    return {batch_id: _tally([line[1:] for line in found if line[0] == batch_id]) for batch_id in batch_ids}


def _tally(lines: Sequence[Sequence[Any]]) -> Tally:
    made, withheld, spent = (int(sum(line[place] for line in lines)) for place in (2, 3, 4))
    counts, prices = {line[0]: line[1] for line in lines}, {line[0]: int(line[5]) for line in lines}
    trial = next((Share(int(line[6]), int(line[7])) for line in lines if line[0] == "pending"), Share(0, 0))
    return Tally(counts, made, withheld, spent, prices, trial)


def tell(connection: Connection, owner: str, batch_id: str, at: float, text: str) -> None:
    """Add a line to what happened."""
    connection.execute(events.insert().values(owner=owner, batch_id=batch_id, at=at, text=text))


def story(connection: Connection, owner: str, batch_id: str, limit: int = 50) -> list[tuple[float, str]]:
    """What happened, newest first: time and sentence."""
    found = connection.execute(
        sa.select(events.c.at, events.c.text)
        .where(events.c.owner == owner, events.c.batch_id == batch_id)
        .order_by(events.c.id.desc())
        .limit(limit)
    )
    return [(line.at, line.text) for line in found]

"""Finished images: where each is kept, what it is called, and what it was made from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from jobs.errors import NotFound
from jobs.store.batches import batches
from jobs.store.database import metadata

images = sa.Table(
    "images",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(20), nullable=False, unique=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("batch_id", sa.String(20), sa.ForeignKey("batches.id"), nullable=False),
    sa.Column("row_id", sa.String(20), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("index", sa.Integer, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("seed", sa.BigInteger),
    sa.Column("prompt", sa.Text, nullable=False),
    sa.Column("prompt_used", sa.Text),
    sa.Column("ratio", sa.String(10), nullable=False),
    sa.Column("style", sa.String(20), nullable=False),
    sa.Column("private", sa.Boolean, nullable=False),
    sa.Column("starred", sa.Boolean, nullable=False),
    sa.Column("deleted_at", sa.Float),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("source", sa.String(20)),  # the image whose file it is, where it was taken over
    sa.Index(None, "owner", "seq"),
    sa.Index(None, "batch_id", "number", "index"),
    sa.Index(None, "batch_id", "seq"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Image:
    """One finished image.

    `number` is its row's on screen, `index` its own within the row, `key` where its file is kept; width and
    height in pixels, size in bytes. `source` is the id of the image that this one was taken over from: they
    share a file.
    """

    id: str
    owner: str
    batch_id: str
    row_id: str
    number: int
    index: int
    key: str
    width: int
    height: int
    size: int
    seed: int | None
    prompt: str
    prompt_used: str | None
    ratio: str
    style: str
    private: bool
    created_at: float
    starred: bool = False
    seq: int = 0
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a gallery shows: None or False leaves a filter out; `text` is searched in prompts."""

    text: str = ""
    batch_id: str | None = None
    ratio: str | None = None
    style: str | None = None
    starred: bool = False
    private: bool = False


_IMAGE = [images.c[name] for name in Image.__dataclass_fields__]
_HERE = images.c.deleted_at.is_(None)

GONE = "There is no such image. It may have been deleted."


def add(connection: Connection, made: Iterable[Image]) -> None:
    values = [
        {name: getattr(image, name) for name in Image.__dataclass_fields__ if name != "seq"} for image in made
    ]
    if values:
        connection.execute(images.insert(), values)


def get(connection: Connection, owner: str, image_id: str) -> Image:
    """Raises NotFound, also for another owner's image."""
    found = connection.execute(
        sa.select(*_IMAGE).where(images.c.owner == owner, images.c.id == image_id, _HERE)
    ).one_or_none()
    if found is None:
        raise NotFound(GONE)
    return Image(*found)


def of_rows(connection: Connection, owner: str, batch_id: str, row_ids: Sequence[str] = ()) -> list[Image]:
    """A batch's images in the sheet's order, of some rows or of all."""
    query = sa.select(*_IMAGE).where(images.c.owner == owner, images.c.batch_id == batch_id, _HERE)
    if row_ids:
        query = query.where(images.c.row_id.in_(row_ids))
    return [Image(*line) for line in connection.execute(query.order_by(images.c.number, images.c.index))]


def by_place(
    connection: Connection, owner: str, batch_ids: Collection[str], row_ids: Collection[str]
) -> dict[tuple[str, str], list[Image]]:
    """The images of these rows in these batches by (batch id, row id), in their order."""
    found: dict[tuple[str, str], list[Image]] = {}
    query = sa.select(*_IMAGE).where(
        images.c.owner == owner, images.c.batch_id.in_(batch_ids), images.c.row_id.in_(row_ids), _HERE
    )
    for line in connection.execute(query.order_by(images.c.number, images.c.index)):
        found.setdefault((line.batch_id, line.row_id), []).append(Image(*line))
    return found


def since(connection: Connection, owner: str, batch_id: str, seq: int) -> list[Image]:
    """A batch's images that came after the one with this `seq`, in the order they came."""
    query = sa.select(*_IMAGE).where(images.c.owner == owner, images.c.batch_id == batch_id, _HERE)
    return [
        Image(*line) for line in connection.execute(query.where(images.c.seq > seq).order_by(images.c.seq))
    ]


# Built once: for a list of batches, building it costs more than running it.
_OF_BATCH = images.alias()
_FIRSTS = (
    sa.select(*_IMAGE)
    .select_from(batches)
    .join(
        images,
        images.c.seq.in_(
            sa.select(_OF_BATCH.c.seq)
            .where(
                _OF_BATCH.c.batch_id == batches.c.id,
                _OF_BATCH.c.owner == bindparam("owner"),
                _OF_BATCH.c.deleted_at.is_(None),
            )
            .order_by(_OF_BATCH.c.number, _OF_BATCH.c.index)
            .limit(bindparam("count"))
            .correlate(batches)
        ),
    )
    .where(batches.c.id.in_(bindparam("batches", expanding=True)))
    .order_by(images.c.number, images.c.index)
)


def firsts(
    connection: Connection, owner: str, batch_ids: Sequence[str], count: int
) -> dict[str, list[Image]]:
    """The first `count` images of each batch, in the sheet's order; an empty list where there is none."""
    found: dict[str, list[Image]] = {batch_id: [] for batch_id in batch_ids}
    asked = {"owner": owner, "batches": list(batch_ids), "count": count}
    for line in connection.execute(_FIRSTS, asked):
        found[line.batch_id].append(Image(*line))
    return found


def page(
    connection: Connection,
    owner: str,
    wanted: Wanted,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = 60,
) -> list[Image]:
    """The newest images that fit, of those older than `before` and newer than `after` (seqs) if given."""
    query = sa.select(*_IMAGE).where(images.c.owner == owner, _HERE, *_conditions(wanted))
    if before is not None:
        query = query.where(images.c.seq < before)
    if after is not None:
        query = query.where(images.c.seq > after)
    return [Image(*line) for line in connection.execute(query.order_by(images.c.seq.desc()).limit(limit))]


def neighbours(connection: Connection, owner: str, wanted: Wanted, seq: int) -> tuple[str | None, str | None]:
    """The ids of the next newer and the next older image that fit."""
    fitting = sa.select(images.c.id).where(images.c.owner == owner, _HERE, *_conditions(wanted)).limit(1)
    newer: str | None = connection.scalar(fitting.where(images.c.seq > seq).order_by(images.c.seq))
    older: str | None = connection.scalar(fitting.where(images.c.seq < seq).order_by(images.c.seq.desc()))
    return newer, older


def count(connection: Connection, owner: str, wanted: Wanted, *, before: int | None = None) -> int:
    """How many fit, of those older than `before` (a seq) if given."""
    query = sa.select(sa.func.count()).where(images.c.owner == owner, _HERE, *_conditions(wanted))
    if before is not None:
        query = query.where(images.c.seq < before)
    return connection.scalar(query) or 0


def star(connection: Connection, owner: str, image_id: str, starred: bool) -> None:
    get(connection, owner, image_id)
    connection.execute(
        images.update().where(images.c.owner == owner, images.c.id == image_id).values(starred=starred)
    )


def delete(connection: Connection, owner: str, image_id: str, at: float | None) -> None:
    """Take an image out of every list, or with None bring it back; its file stays. Raises NotFound."""
    changed = connection.execute(
        images.update().where(images.c.owner == owner, images.c.id == image_id).values(deleted_at=at)
    )
    if not changed.rowcount:
        raise NotFound(GONE)


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [
        images.c.prompt.icontains(word, autoescape=True) for word in wanted.text.split()
    ]
    if wanted.batch_id is None:
        found.append(_once())
    equal = (
        (images.c.batch_id, wanted.batch_id),
        (images.c.ratio, wanted.ratio),
        (images.c.style, wanted.style),
    )
    found += [column == value for column, value in equal if value]
    switched = ((images.c.starred, wanted.starred), (images.c.private, wanted.private))
    found += [column.is_(True) for column, on in switched if on]
    return found


def _once() -> sa.ColumnElement[bool]:
    """Over all batches an image is shown once: not where it was taken over, unless that is the one left."""
    first = images.alias("first")
    there = sa.exists().where(first.c.id == images.c.source, first.c.deleted_at.is_(None))
    return images.c.source.is_(None) | images.c.starred | ~there

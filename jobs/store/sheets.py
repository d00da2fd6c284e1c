"""Sheets and their rows as they are now; how they came to be so is in edits.py."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs import ids
from jobs.errors import NotFound
from jobs.store.database import metadata

Cells = Mapping[str, str]

FEW = 400
"""Rows that are asked for by their ids; for more, all are read."""

sheets = sa.Table(
    "sheets",
    metadata,
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("source", sa.JSON, nullable=False),
    sa.Column("headings", sa.JSON, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("deleted_at", sa.Float),
    sa.Index(None, "owner", "created_at"),
)

sheet_rows = sa.Table(
    "sheet_rows",
    metadata,
    sa.Column("sheet_id", sa.String(20), sa.ForeignKey("sheets.id"), primary_key=True),
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("place", sa.Float, nullable=False),
    sa.Column("file_row", sa.Integer),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("cells", sa.JSON, nullable=False),
    sa.Column("strand", sa.String(20)),
    sa.Index(None, "sheet_id", "place"),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A header: its text in the file, the key of its cells, the column it is read as."""

    text: str
    key: str
    column: str | None

    def to_json(self) -> dict[str, str | None]:
        return {"text": self.text, "key": self.key, "column": self.column}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet without its rows.

    `source` says where it came from: kind (upload or example), file, tab, encoding, header_row, and what
    reading it had to say.
    """

    id: str
    owner: str
    name: str
    source: Mapping[str, Any]
    headings: tuple[Heading, ...]
    version: int
    created_at: float
    deleted_at: float | None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that the sheet has, in its order."""
        return tuple(heading.column for heading in self.headings if heading.column)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as it is now.

    place     orders                 file_row  its number in the uploaded file, if it had one
    strand    of the draft's plan that it was written for, if any
    """

    id: str
    place: float
    file_row: int | None
    revision: int
    cells: Cells
    strand: str | None = None


def add(connection: Connection, owner: str, name: str, at: float) -> str:
    """A new, empty sheet; its headings and rows come with what fills it."""
    sheet_id = ids.new()
    connection.execute(
        sheets.insert().values(
            id=sheet_id, owner=owner, name=name, source={}, headings=[], version=0, created_at=at
        )
    )
    return sheet_id


def describe(
    connection: Connection, sheet: Sheet, source: Mapping[str, Any], headings: Sequence[Heading]
) -> None:
    """Say where a sheet's rows come from and which columns they have."""
    connection.execute(
        sheets.update()
        .where(sheets.c.owner == sheet.owner, sheets.c.id == sheet.id)
        .values(source=dict(source), headings=[heading.to_json() for heading in headings])
    )


def get(connection: Connection, owner: str, sheet_id: str, *, deleted: bool = False) -> Sheet:
    """Raises NotFound, also for another owner's sheet and, unless asked for, for a deleted one."""
    found = connection.execute(
        sheets.select().where(sheets.c.owner == owner, sheets.c.id == sheet_id)
    ).one_or_none()
    if found is None or (found.deleted_at and not deleted):
        raise NotFound(
            "There is no such sheet. It may have been deleted; the list of sheets shows those you have."
        )
    return _sheet(found)


def listing(
    connection: Connection, owner: str, *, limit: int | None = None, before: float | None = None
) -> list[tuple[Sheet, int]]:
    """The owner's sheets, newest first, each with its number of rows; those older than `before`."""
    rows = sa.select(sa.func.count()).where(sheet_rows.c.sheet_id == sheets.c.id).scalar_subquery()
    query = sa.select(sheets, rows.label("rows")).where(
        sheets.c.owner == owner, sheets.c.deleted_at.is_(None)
    )
    if before is not None:
        query = query.where(sheets.c.created_at < before)
    found = connection.execute(query.order_by(sheets.c.created_at.desc(), sheets.c.id).limit(limit))
    return [(_sheet(line), line.rows) for line in found]


def rename(connection: Connection, owner: str, sheet_id: str, name: str) -> None:
    _update(connection, owner, sheet_id, name=name)


def delete(connection: Connection, owner: str, sheet_id: str, at: float | None) -> None:
    """Delete a sheet, or with None bring a deleted one back."""
    _update(connection, owner, sheet_id, deleted_at=at)


def rows(
    connection: Connection, owner: str, sheet_id: str, ids_of: Collection[str] | None = None
) -> list[SheetRow]:
    """All rows in their order; with `ids_of` at least those."""
    query = sheet_rows.select().where(sheet_rows.c.owner == owner, sheet_rows.c.sheet_id == sheet_id)
    if ids_of is not None and len(ids_of) <= FEW:
        query = query.where(sheet_rows.c.id.in_(ids_of))
    found = connection.execute(query.order_by(sheet_rows.c.place))
    return [SheetRow(row.id, row.place, row.file_row, row.revision, row.cells, row.strand) for row in found]


def strands(connection: Connection, owner: str, sheet_id: str) -> dict[str, int]:
    """How many rows there are of each strand."""
    found = connection.execute(
        sa.select(sheet_rows.c.strand, sa.func.count())
        .where(sheet_rows.c.owner == owner, sheet_rows.c.sheet_id == sheet_id)
        .where(sheet_rows.c.strand.is_not(None))
        .group_by(sheet_rows.c.strand)
    )
    return {line.strand: line[1] for line in found}


def extent(connection: Connection, owner: str, sheet_id: str) -> tuple[int, float]:
    """How many rows a sheet has, and the place of the last; (0, 0.0) for an empty one."""
    found = connection.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.max(sheet_rows.c.place), 0.0)).where(
            sheet_rows.c.owner == owner, sheet_rows.c.sheet_id == sheet_id
        )
    ).one()
    return found[0], found[1]


def _update(connection: Connection, owner: str, sheet_id: str, **values: object) -> None:
    get(connection, owner, sheet_id, deleted=True)
    connection.execute(
        sheets.update().where(sheets.c.owner == owner, sheets.c.id == sheet_id).values(**values)
    )


def _sheet(line: Any) -> Sheet:
    headings = tuple(Heading(**heading) for heading in line.headings)
    return Sheet(
        line.id, line.owner, line.name, line.source, headings, line.version, line.created_at, line.deleted_at
    )

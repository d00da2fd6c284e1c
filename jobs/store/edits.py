"""The append-only log of every change to a sheet: who, where from, before, after; undo is read from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs.store.database import metadata
from jobs.store.sheets import Heading, Sheet, SheetRow, describe, rows, sheet_rows, sheets

ABOUT = ""
"""The row id of an edit that is about the sheet itself: its source and its headings."""

edit_groups = sa.Table(
    "edit_groups",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("sheet_id", sa.String(20), sa.ForeignKey("sheets.id"), nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("origin", sa.String(20), nullable=False),
    sa.Column("undoes", sa.Integer, sa.ForeignKey("edit_groups.id")),
    sa.Column("at", sa.Float, nullable=False),
    sa.Index(None, "sheet_id", "id"),
    sqlite_autoincrement=True,
)

edits = sa.Table(
    "edits",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("sheet_id", sa.String(20), sa.ForeignKey("sheets.id"), nullable=False),
    sa.Column("group_id", sa.Integer, sa.ForeignKey("edit_groups.id"), nullable=False),
    sa.Column("row_id", sa.String(20), nullable=False),
    sa.Column("column", sa.Text),
    sa.Column("before", sa.JSON(none_as_null=True)),
    sa.Column("after", sa.JSON(none_as_null=True)),
    sa.Column("code", sa.String(40)),
    sa.Index(None, "group_id"),
    sa.Index(None, "sheet_id", "row_id"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry of the log.

    With a column it is about one cell: before and after are its texts, None for an empty one. Without, it
    is about a whole row, {"place", "file_row", "cells"} and maybe "strand": before None adds it, after None
    deletes it; with both, {"place", "file_row"}, it moves. With the row id ABOUT it is about the sheet
    itself, {"source", "headings"}.
    `code` is the repair's word where a repair made the edit.
    """

    row_id: str
    column: str | None
    before: Any
    after: Any
    code: str | None = None

    def inverse(self) -> Edit:
        return Edit(self.row_id, self.column, self.after, self.before, self.code)


@dataclass(frozen=True, slots=True)
class Group:
    """Edits that were made, and are undone, together."""

    id: int
    actor: str
    origin: str
    undoes: int | None
    at: float


def groups(connection: Connection, owner: str, sheet_id: str) -> list[Group]:
    """The log's groups, oldest first."""
    found = connection.execute(
        edit_groups.select()
        .where(edit_groups.c.owner == owner, edit_groups.c.sheet_id == sheet_id)
        .order_by(edit_groups.c.id)
    )
    return [Group(line.id, line.actor, line.origin, line.undoes, line.at) for line in found]


def of_group(connection: Connection, owner: str, sheet_id: str, group_id: int) -> list[Edit]:
    """The edits of one group, in the order they were made."""
    return _read(
        connection, edits.c.owner == owner, edits.c.sheet_id == sheet_id, edits.c.group_id == group_id
    )


def of_origin(connection: Connection, owner: str, sheet_id: str, origin: str) -> list[Edit]:
    """All edits of a sheet from groups of one origin, oldest first."""
    groups_of = sa.select(edit_groups.c.id).where(
        edit_groups.c.owner == owner, edit_groups.c.sheet_id == sheet_id, edit_groups.c.origin == origin
    )
    return _read(connection, edits.c.group_id.in_(groups_of))


def new_row(
    place: float, cells: Mapping[str, str], *, file_row: int | None = None, strand: str | None = None
) -> dict[str, Any]:
    """A row as an edit of a whole row has it."""
    found = {"place": place, "file_row": file_row, "cells": dict(cells)}
    return found | ({"strand": strand} if strand else {})


def whole(row: SheetRow) -> dict[str, Any]:
    """A row that is there as an edit of a whole row has it."""
    return new_row(row.place, row.cells, file_row=row.file_row, strand=row.strand)


def reordered(rows: Sequence[SheetRow], wanted: Sequence[SheetRow]) -> list[Edit]:
    """The edits that put rows, all in their places now, into another order."""
    places = zip(wanted, (row.place for row in rows), strict=True)
    return [moved(row, place, row.file_row) for row, place in places if row.place != place]


def moved(row: SheetRow, place: float, file_row: int | None) -> Edit:
    """The edit that gives a row another place, and its number in another file."""
    before = {"place": row.place, "file_row": row.file_row}
    return Edit(row.id, None, before, {"place": place, "file_row": file_row})


def about(sheet: Sheet) -> dict[str, Any]:
    """A sheet as an edit of the sheet itself has it."""
    return {"source": dict(sheet.source), "headings": [heading.to_json() for heading in sheet.headings]}


def _read(connection: Connection, *conditions: sa.ColumnElement[bool]) -> list[Edit]:
    found = connection.execute(edits.select().where(*conditions).order_by(edits.c.id))
    return [Edit(line.row_id, line.column, line.before, line.after, line.code) for line in found]


def append(
    connection: Connection,
    sheet: Sheet,
    made: Iterable[Edit],
    *,
    actor: str,
    origin: str,
    at: float,
    undoes: int | None = None,
) -> int:
    """Write edits into the log as one group and into the sheet; returns the group's id."""
    listed = list(made)
    # First, so that changes of one sheet wait for each other: their ids are in the order of their commits.
    connection.execute(sheets.update().where(sheets.c.id == sheet.id).values(version=sheets.c.version + 1))
    group_id: int = connection.execute(
        edit_groups.insert().values(
            owner=sheet.owner, sheet_id=sheet.id, actor=actor, origin=origin, undoes=undoes, at=at
        )
    ).inserted_primary_key[0]  # type: ignore[index]
    if listed:
        connection.execute(
            edits.insert(),
            [
                {
                    "owner": sheet.owner,
                    "sheet_id": sheet.id,
                    "group_id": group_id,
                    "row_id": edit.row_id,
                    "column": edit.column,
                    "before": edit.before,
                    "after": edit.after,
                    "code": edit.code,
                }
                for edit in listed
            ],
        )
        _apply(connection, sheet, listed)
    return group_id


def _apply(connection: Connection, sheet: Sheet, listed: Sequence[Edit]) -> None:
    for edit in listed:
        if edit.row_id == ABOUT:
            headings = [Heading(**heading) for heading in edit.after["headings"]]
            describe(connection, sheet, edit.after["source"], headings)
    made = [edit for edit in listed if edit.row_id != ABOUT]
    _add_rows(connection, sheet, [edit for edit in made if edit.column is None and edit.before is None])
    _move_rows(
        connection, sheet, [edit for edit in made if edit.column is None and edit.before and edit.after]
    )
    _change_cells(connection, sheet, [edit for edit in made if edit.column is not None])
    gone = [edit.row_id for edit in made if edit.column is None and edit.after is None]
    for start in range(0, len(gone), 500):
        connection.execute(
            sheet_rows.delete().where(
                sheet_rows.c.sheet_id == sheet.id, sheet_rows.c.id.in_(gone[start : start + 500])
            )
        )


def _add_rows(connection: Connection, sheet: Sheet, made: Sequence[Edit]) -> None:
    if made:
        connection.execute(
            sheet_rows.insert(),
            [
                {
                    "sheet_id": sheet.id,
                    "id": edit.row_id,
                    "owner": sheet.owner,
                    "revision": 1,
                    "strand": None,
                    **edit.after,
                }
                for edit in made
            ],
        )


def _move_rows(connection: Connection, sheet: Sheet, made: Sequence[Edit]) -> None:
    if made:
        connection.execute(
            sheet_rows.update()
            .where(sheet_rows.c.sheet_id == sheet.id, sheet_rows.c.id == sa.bindparam("row"))
            .values(place=sa.bindparam("new_place"), file_row=sa.bindparam("new_file_row")),
            [
                {
                    "row": edit.row_id,
                    "new_place": edit.after["place"],
                    "new_file_row": edit.after["file_row"],
                }
                for edit in made
            ],
        )


def _change_cells(connection: Connection, sheet: Sheet, made: Sequence[Edit]) -> None:
    if not made:
        return
    meant = {edit.row_id for edit in made}
    current = {row.id: dict(row.cells) for row in rows(connection, sheet.owner, sheet.id, meant)}
    touched: set[str] = set()
    for edit in made:
        cells = current.get(edit.row_id)
        if cells is None or edit.column is None:
            continue
        if edit.after is None:
            cells.pop(edit.column, None)
        else:
            cells[edit.column] = edit.after
        touched.add(edit.row_id)
    if touched:
        connection.execute(
            sheet_rows.update()
            .where(sheet_rows.c.sheet_id == sheet.id, sheet_rows.c.id == sa.bindparam("row"))
            .values(cells=sa.bindparam("new"), revision=sheet_rows.c.revision + 1),
            [{"row": row_id, "new": current[row_id]} for row_id in touched],
        )

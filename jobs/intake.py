"""A file becomes a sheet: its cells as they were read, then the repairs as a change of their own."""

from __future__ import annotations

from collections.abc import Mapping

from jobs import ids, naming
from jobs.services import Services
from jobs.store import edits as log
from jobs.store import sheets as store
from jobs.store.database import Connection
from jobs.store.edits import Edit
from jobs.store.sheets import Heading, Sheet
from schema.problems import Problem
from schema.sheet import Examined, examine

MACHINE = "promptsheet"
"""The actor of what no person did."""


def take_in(services: Services, owner: str, data: bytes, name: str, *, kind: str = "upload") -> str:
    """Read a file into a new sheet, named after it; returns its id. Raises Unreadable."""
    found = _examine(services, data, name)
    with services.database.write() as connection:
        sheet_id = store.add(connection, owner, naming.title(name), services.clock())
        _fill(connection, services, store.get(connection, owner, sheet_id), found, name, kind)
    return sheet_id


def replace_with(services: Services, owner: str, sheet_id: str, data: bytes, name: str) -> int:
    """Put a file's rows in the place of a sheet's; returns the change's group, with which it can be undone.

    Raises NotFound and Unreadable, in which case the sheet is as it was.
    """
    found = _examine(services, data, name)
    with services.database.write() as connection:
        return _fill(connection, services, store.get(connection, owner, sheet_id), found, name, "upload")


def _examine(services: Services, data: bytes, name: str) -> Examined:
    settings = services.settings
    return examine(data, name, max_rows=settings.max_rows, max_bytes=settings.max_upload)


def _fill(
    connection: Connection, services: Services, sheet: Sheet, found: Examined, name: str, kind: str
) -> int:
    now = services.clock()
    row_ids = [ids.new() for _ in found.raw]
    by_number = dict(zip((row.number for row in found.table.rows), row_ids, strict=True))
    gone = [Edit(row.id, None, log.whole(row), None) for row in store.rows(connection, sheet.owner, sheet.id)]
    added = [
        Edit(
            row_id,
            None,
            None,
            {
                "place": float(place),
                "file_row": number,
                "cells": {key: text for key, text in cells.items() if text},
            },
        )
        for place, (number, row_id, cells) in enumerate(
            zip(by_number, row_ids, found.raw, strict=True), start=1
        )
    ]
    now_about = {"source": _source(found, name, kind, by_number), "headings": _headings(found)}
    described = Edit(log.ABOUT, None, log.about(sheet), now_about)
    group = log.append(connection, sheet, [described, *gone, *added], actor=sheet.owner, origin=kind, at=now)
    repairs = [
        Edit(by_number[repair.row], repair.column, repair.before, repair.after, repair.code)
        for repair in found.repairs
    ]
    if repairs:
        log.append(connection, sheet, repairs, actor=MACHINE, origin="repair", at=now)
    return group


def _headings(found: Examined) -> list[dict[str, str | None]]:
    return [
        Heading(text, key, column).to_json()
        for text, key, column in zip(found.table.headers, found.keys, found.headings.names, strict=True)
    ]


def _source(found: Examined, name: str, kind: str, by_number: Mapping[int, str]) -> dict[str, object]:
    table = found.table
    said = [*table.problems, *(told for told in found.headings.problems if told.code != "missing-column")]
    return {
        "kind": kind,
        "file": naming.file_name(name),
        "tab": table.sheet,
        "encoding": table.encoding,
        "header_row": table.header_row,
        "said": [_told(problem, found, by_number) for problem in said],
    }


def _told(problem: Problem, found: Examined, by_number: Mapping[int, str]) -> dict[str, object]:
    """A problem of the file, with the row's id and what its cell holds: it is said as long as that holds."""
    told: dict[str, object] = {
        name: getattr(problem, name) for name in ("column", "value", "level", "code", "message")
    }
    row_id = by_number.get(problem.row or 0)
    cell = ""
    if row_id and problem.column:
        place = list(by_number).index(problem.row or 0)
        cell = found.cells[place].get(problem.column, "")
    return {**told, "row_id": row_id, "cell": cell}

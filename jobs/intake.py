"""A file becomes a sheet: its cells as they were read, then the repairs as a change of their own."""

from __future__ import annotations

from collections.abc import Mapping

from jobs import matching, naming
from jobs.services import Services
from jobs.store import edits as log
from jobs.store import sheets as store
from jobs.store.database import Connection
from jobs.store.edits import Edit
from jobs.store.sheets import Heading, Sheet, SheetRow
from schema.headers import ROW_ID
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

    Rows that the sheet has already, by the ids of our workbooks or by content, keep their ids and their past.
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
    here = {row.id: row for row in store.rows(connection, sheet.owner, sheet.id)}
    row_ids = matching.row_ids(found.cells, found.row_ids, list(here.values()))
    numbers = [row.number for row in found.table.rows]
    by_number = dict(zip(numbers, row_ids, strict=True))
    kept = {row_id: here[row_id].cells for row_id in row_ids if row_id in here}
    gone = [Edit(row.id, None, log.whole(row), None) for row in here.values() if row.id not in kept]
    placed: list[Edit] = []
    written: list[Edit] = []
    for place, (row_id, number) in enumerate(zip(row_ids, numbers, strict=True)):
        if row_id in here:
            placed += _moved(here[row_id], place + 1.0, number)
            written += _changed(here[row_id], _filled(found.raw[place]), _filled(found.cells[place]))
        else:
            whole = {"place": place + 1.0, "file_row": number, "cells": _filled(found.raw[place])}
            placed.append(Edit(row_id, None, None, whole))
    now_about = {"source": _source(found, name, kind, by_number), "headings": _headings(found)}
    described = Edit(log.ABOUT, None, log.about(sheet), now_about)
    made = [described, *gone, *placed, *written]
    group = log.append(connection, sheet, made, actor=sheet.owner, origin=kind, at=now)
    repairs = [
        Edit(row_id, repair.column, repair.before, repair.after, repair.code)
        for repair in found.repairs
        if (row_id := by_number[repair.row]) and kept.get(row_id, {}).get(repair.column) != repair.after
    ]
    if repairs:
        log.append(connection, sheet, repairs, actor=MACHINE, origin="repair", at=now)
    return group


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    """The filled cells of a row."""
    return {key: text for key, text in cells.items() if text}


def _moved(row: SheetRow, place: float, number: int) -> list[Edit]:
    return [] if (row.place, row.file_row) == (place, number) else [log.moved(row, place, number)]


def _changed(row: SheetRow, raw: Mapping[str, str], repaired: Mapping[str, str]) -> list[Edit]:
    """The cells of a row that the sheet has already: those that hold the file's, repaired or not, stay."""
    return [
        Edit(row.id, key, row.cells.get(key), raw.get(key))
        for key in sorted(row.cells.keys() | raw.keys())
        if row.cells.get(key) not in (raw.get(key), repaired.get(key))
    ]


def _headings(found: Examined) -> list[dict[str, str | None]]:
    return [
        Heading(text, key, column).to_json()
        for text, key, column in zip(found.table.headers, found.keys, found.headings.names, strict=True)
        if text != ROW_ID
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

"""A sheet parted in two: the rows that can run stay, those that need a person become a sheet of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jobs.errors import Conflict
from jobs.intake import MACHINE
from jobs.origins import LOCKING, Origin, Place, origins
from jobs.services import Services
from jobs.sheet import View, ViewRow, look_in, standing_repairs
from jobs.store import edits as log
from jobs.store import sheets as store
from jobs.store.database import Connection
from jobs.store.edits import ABOUT, Edit
from jobs.store.sheets import Sheet

_FILE = frozenset({"upload", "example"})


def part(services: Services, owner: str, sheet_id: str) -> tuple[str, int]:
    """Move the rows with errors into a new sheet, with where their cells came from and their locks.

    Returns the new sheet's id and how many rows it has. In the old sheet it is one change of the person's.
    Raises NotFound, and Conflict where no row, or every one, can run, or the whole sheet cannot.
    """
    with services.database.write() as connection:
        view = look_in(connection, owner, sheet_id, services.settings.max_rows)
        bad = _bad(view)
        told = origins(connection, owner, sheet_id, [row.id for row in bad])
        repairs = {
            (edit.row_id, edit.column or ""): edit
            for edit in standing_repairs(connection, view.sheet, store.rows(connection, owner, sheet_id))
        }
        now = services.clock()
        rest_id = store.add(connection, owner, f"{view.sheet.name}, rest", now)
        rest = store.get(connection, owner, rest_id)
        _describe(connection, rest, view.sheet, bad, repairs, now)
        for source, made in _carried(bad, told, repairs):
            log.append(connection, rest, made, actor=MACHINE, origin=source, at=now)
        whole = {row.id: row for row in store.rows(connection, owner, sheet_id)}
        gone = [Edit(row.id, None, log.whole(whole[row.id]), None) for row in bad]
        log.append(connection, view.sheet, gone, actor=owner, origin="delete", at=now)
        return rest_id, len(bad)


def _bad(view: View) -> list[ViewRow]:
    faulty = [problem for problem in view.problems if problem.level == "error"]
    whole = next((problem for problem in faulty if problem.row_id is None), None)
    if whole:
        raise Conflict(f"The whole sheet has a problem, so that none of its rows can run: {whole.message}")
    ids = {problem.row_id for problem in faulty}
    bad = [row for row in view.rows if row.id in ids]
    if not bad:
        raise Conflict("Every row can run: there is nothing to part.")
    if len(bad) == len(view.rows):
        raise Conflict("No row can run yet. Solve a problem first.")
    return bad


def _describe(
    connection: Connection,
    rest: Sheet,
    sheet: Sheet,
    bad: Sequence[ViewRow],
    repairs: Mapping[Place, Edit],
    now: float,
) -> None:
    """The new sheet's first change: its headings and rows, with the cells as they were before repairs."""
    ids = {row.id for row in bad}
    said = [told for told in sheet.source.get("said", ()) if told["row_id"] in ids]
    about = log.about(sheet) | {"source": {**sheet.source, "said": said}}
    added = [
        Edit(
            row.id, None, None, {"place": float(place), "file_row": row.file_row, "cells": _raw(row, repairs)}
        )
        for place, row in enumerate(bad, start=1)
    ]
    made = [Edit(ABOUT, None, log.about(rest), about), *added]
    log.append(connection, rest, made, actor=rest.owner, origin="upload", at=now)


def _raw(row: ViewRow, repairs: Mapping[Place, Edit]) -> dict[str, str]:
    before = {key: repairs[row.id, key].before for key in row.cells if (row.id, key) in repairs}
    return {key: text for key, text in {**row.cells, **before}.items() if text}


def _carried(
    bad: Sequence[ViewRow], told: Mapping[Place, Origin], repairs: Mapping[Place, Edit]
) -> Iterator[tuple[str, list[Edit]]]:
    """Changes that write the cells once more as who or what they came from; released ones are released."""
    by_source: dict[str, list[Edit]] = {}
    released: list[Edit] = []
    for row in bad:
        for key, text in row.cells.items():
            origin = told.get((row.id, key))
            if origin is None or origin.source in _FILE:
                continue
            same = Edit(row.id, key, text, text)
            by_source.setdefault(origin.source, []).append(repairs.get((row.id, key), same))
            if origin.source in LOCKING and not origin.locked:
                released.append(same)
    yield from by_source.items()
    if released:
        yield "release", released

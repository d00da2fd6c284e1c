"""Rows that came, written into the draft's sheet through the log of its changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assistant.drafting.sieve import Arrival
from jobs.intake import MACHINE
from jobs.store import drafts, edits, sheets
from jobs.store.database import Connection
from jobs.store.drafts import Draft
from jobs.store.edits import Edit
from jobs.store.sheets import Sheet


def keep(connection: Connection, draft: Draft, arrivals: Sequence[Arrival], now: float) -> None:
    """Add rows below the last: what was written, dealt and repaired, each by its origin."""
    sheet = sheets.get(connection, draft.owner, draft.sheet_id, deleted=True)
    _, last = sheets.extent(connection, draft.owner, draft.sheet_id)
    added = [
        Edit(row.row_id, None, None, {"place": place, "file_row": None, "cells": dict(row.written)})
        for place, row in enumerate(arrivals, int(last) + 1)
    ]
    _append(connection, sheet, added, draft.source, now)
    _append(connection, sheet, list(_dealt(arrivals)), "settings", now)
    _append(connection, sheet, list(_repaired(arrivals)), "repair", now)


def keep_held(
    connection: Connection, draft: Draft, arrivals: Sequence[Arrival], counts: Mapping[str, int], now: float
) -> bool:
    """The same for a draft that its worker holds, counted. False: it is no longer to be written."""
    repaired = sum(bool(row.repairs) for row in arrivals)
    if not drafts.count(
        connection, draft.id, str(draft.holder), rows=len(arrivals), repaired=repaired, **counts
    ):
        return False
    if arrivals:
        keep(connection, draft, arrivals, now)
    return True


def mend(
    connection: Connection, draft: Draft, cells: Mapping[tuple[str, str], tuple[str, str]], now: float
) -> int:
    """Put right what the model wrote wrong, (row id, column) → (before, after); returns how many cells.

    A cell that a person has changed or a row that one has deleted meanwhile stays as it is.
    """
    sheet = sheets.get(connection, draft.owner, draft.sheet_id, deleted=True)
    rows = {row.id: row for row in sheets.rows(connection, draft.owner, draft.sheet_id)}
    made = [
        Edit(row_id, column, before, after)
        for (row_id, column), (before, after) in cells.items()
        if row_id in rows and rows[row_id].cells.get(column) == before
    ]
    _append(connection, sheet, made, draft.source, now)
    return len(made)


def _append(connection: Connection, sheet: Sheet, made: Sequence[Edit], origin: str, now: float) -> None:
    if made:
        edits.append(connection, sheet, made, actor=MACHINE, origin=origin, at=now)


def _dealt(arrivals: Sequence[Arrival]) -> Iterator[Edit]:
    for row in arrivals:
        for column, text in row.dealt.items():
            yield Edit(row.row_id, column, None, text)


def _repaired(arrivals: Sequence[Arrival]) -> Iterator[Edit]:
    for row in arrivals:
        for column, repair in row.repairs.items():
            yield Edit(row.row_id, column, row.written[column], repair.after, repair.code)

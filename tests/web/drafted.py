"""Drafts brought to where a test needs them, by the stores' own moves; no worker changes them meanwhile."""

from __future__ import annotations

from typing import Any

from assistant.drafting.brief import Brief, Wish
from jobs import ids
from jobs.services import LOCAL, Services
from jobs.store import drafts, sheets
from jobs.store import edits as log
from jobs.store.drafts import DraftState
from jobs.store.edits import Edit
from jobs.store.sheets import Heading

PRIVATE = {"visibility": Wish("fixed", ("private",))}
HOLDER = "machine:1:test"
BRIEF = Brief("Woodland stickers", ("A sticker of a fox",), rows=120, settings=PRIVATE)


def draft(
    services: Services,
    rows: int = 37,
    *,
    brief: Brief = BRIEF,
    source: str = "combinations",
    state: DraftState = DraftState.DRAFTING,
    reason: str | None = None,
    **how_far: Any,
) -> drafts.Draft:
    """A draft with so many good rows there; `how_far` are columns of it: repaired, tokens, said, …"""
    now = services.clock()
    with services.database.write() as connection:
        sheet_id = sheets.add(connection, LOCAL, "Woodland stickers", now)
        sheet = sheets.get(connection, LOCAL, sheet_id)
        headings = [Heading(name, name, name).to_json() for name in ("prompt", "visibility")]
        about = Edit(log.ABOUT, None, log.about(sheet), {"source": {"kind": "draft"}, "headings": headings})
        log.append(connection, sheet, [about], actor=LOCAL, origin=source, at=now)
        draft_id = drafts.add(connection, LOCAL, sheet_id, source, brief.to_json(), brief.rows, now)
        assert drafts.take(connection, HOLDER, now + 600, now)
    add_rows(services, get(services, draft_id), rows)
    with services.database.write() as connection:
        assert not how_far or drafts.note(connection, draft_id, HOLDER, **how_far)
        if state != DraftState.DRAFTING:
            assert drafts.end(connection, LOCAL, draft_id, state, services.clock(), reason)
    return get(services, draft_id)


def add_rows(services: Services, draft: drafts.Draft, count: int, **cells: str) -> None:
    """So many more rows of a draft that is being written."""
    with services.database.write() as connection:
        sheet = sheets.get(connection, LOCAL, draft.sheet_id)
        there = len(sheets.rows(connection, LOCAL, draft.sheet_id))
        new = [_row(place, cells) for place in range(there + 1, there + count + 1)]
        log.append(connection, sheet, new, actor=LOCAL, origin=draft.source, at=services.clock())
        assert drafts.count(connection, draft.id, HOLDER, rows=count)


def _row(place: int, cells: dict[str, str]) -> Edit:
    given = {"prompt": f"A sticker of fox {place}", "visibility": "private"} | cells
    return Edit(ids.new(), None, None, {"place": float(place), "file_row": None, "cells": given})


def get(services: Services, draft_id: str) -> drafts.Draft:
    with services.database.read() as connection:
        return drafts.get(connection, LOCAL, draft_id)

"""The list of sheets: found again after the tab is closed, renamed, deleted and brought back."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assistant.here import owner, services
from assistant.toasts import say
from assistant.web.sheet.room import pages
from jobs import naming
from jobs.sheet import errors_of
from jobs.store import batches, sheets
from jobs.store.sheets import Sheet
from schema.wording import quoted

MOST = 50
"""Sheets on a page of the list."""


@dataclass(frozen=True)
class Line:
    """A sheet in the list: how many rows, problems that keep it from running, batches made of it."""

    sheet: Sheet
    rows: int
    errors: int
    batches: int


@pages.get("")
def listing() -> str:
    """The newest sheets, or those older than ?before=."""
    here, before = services(), request.args.get("before", type=float)
    with here.database.read() as connection:
        found = sheets.listing(connection, owner(), limit=MOST + 1, before=before)
        made = batches.count_by_sheet(connection, owner(), [sheet.id for sheet, _ in found])
    lines = [Line(sheet, rows, errors_of(here, sheet), made.get(sheet.id, 0)) for sheet, rows in found[:MOST]]
    return render_template("sheet/listing.html", lines=lines, more=len(found) > MOST, before=before)


@pages.post("/<sheet_id>/name")
def rename(sheet_id: str) -> ResponseReturnValue:
    name = naming.given(request.form.get("name", ""))
    with services().database.write() as connection:
        sheets.rename(connection, owner(), sheet_id, name)
    return redirect(url_for(".listing"), 303)


@pages.post("/<sheet_id>/delete")
def delete(sheet_id: str) -> ResponseReturnValue:
    here = services()
    with here.database.write() as connection:
        sheet = sheets.get(connection, owner(), sheet_id, deleted=True)
        sheets.delete(connection, owner(), sheet_id, here.clock())
    say(f"{quoted(sheet.name)} is deleted.", undo=url_for(".restore", sheet_id=sheet_id))
    return redirect(url_for(".listing"), 303)


@pages.post("/<sheet_id>/restore")
def restore(sheet_id: str) -> ResponseReturnValue:
    with services().database.write() as connection:
        sheets.delete(connection, owner(), sheet_id, None)
        sheet = sheets.get(connection, owner(), sheet_id)
    say(f"{quoted(sheet.name)} is back.")
    return redirect(url_for(".listing"), 303)

"""/sheets: upload, list, look, edit, take home."""

from __future__ import annotations

import contextlib

from flask import Blueprint, Response
from werkzeug.datastructures import FileStorage

from assistant.downloads import CSV, XLSX, sheet_file
from assistant.here import owner, services
from assistant.web.api import telling
from assistant.web.api.cursors import cursor, place
from assistant.web.api.incoming import CellEdits, FormatQuery, PageQuery, Upload
from assistant.web.api.outgoing import Rows, SheetDetails, SheetQuote, Sheets
from assistant.web.api.spec import Answers, spec
from jobs import intake, mend
from jobs.errors import Conflict, Invalid
from jobs.mend import Change
from jobs.sheet import FIRST_NUMBER, as_file, look
from jobs.store import sheets as store

calls = Blueprint("sheets", __name__)

PAGE = 100
"""Rows on a page."""


@calls.post("/sheets")
@spec.validate(
    resp=Answers(201, SheetQuote, faults=(413, 415, 507)), tags=["sheets"], operation_id="createSheet"
)
def create(form: Upload) -> tuple[SheetQuote, int]:
    """Upload a sheet: it is read, repaired where that needs no question, and checked.

    A sheet with errors is taken all the same and is not ready; a file that is no sheet is 422.
    """
    file: object = form.file
    if not isinstance(file, FileStorage):
        raise Invalid("file: send one file, with its name.")
    sheet_id = intake.take_in(services(), owner(), file.read(), file.filename or "sheet")
    return telling.sheet_quote(sheet_id), 201


@calls.get("/sheets")
@spec.validate(resp=Answers(200, Sheets), tags=["sheets"], operation_id="listSheets")
def listing() -> Sheets:
    """All sheets, the newest first."""
    with services().database.read() as connection:
        found = store.listing(connection, owner())
    return Sheets(sheets=[telling.sheet_line(sheet, rows) for sheet, rows in found])


@calls.get("/sheets/<sheet_id>")
@spec.validate(resp=Answers(200, SheetDetails, faults=(404,)), tags=["sheets"], operation_id="getSheet")
def details(sheet_id: str) -> SheetDetails:
    """A sheet as it is now, what it would cost, and what is wrong with it."""
    return telling.sheet_details(sheet_id)


@calls.get("/sheets/<sheet_id>/rows")
@spec.validate(resp=Answers(200, Rows, faults=(404,)), tags=["sheets"], operation_id="listRows")
def rows(sheet_id: str, query: PageQuery) -> Rows:
    """The rows in their order, page by page."""
    after = place(query.cursor)
    with services().database.read() as connection:
        store.get(connection, owner(), sheet_id)
        found = store.rows(connection, owner(), sheet_id)
    numbered = [
        (number, row) for number, row in enumerate(found, FIRST_NUMBER) if after is None or row.place > after
    ]
    page, more = numbered[:PAGE], len(numbered) > PAGE
    shapes = [telling.row(number, row) for number, row in page]
    return Rows(rows=shapes, cursor=cursor(page[-1][1].place) if more else None)


@calls.patch("/sheets/<sheet_id>/rows")
@spec.validate(
    resp=Answers(200, SheetDetails, faults=(404, 415, 507)), tags=["sheets"], operation_id="editRows"
)
def edit(sheet_id: str, json: CellEdits) -> SheetDetails:
    """Write cells, as one change that can be undone; those that hold the value already stay as they are."""
    changes = [
        Change(made.row_id, made.column, "" if made.value is None else str(made.value)) for made in json.root
    ]
    with contextlib.suppress(Conflict):  # nothing to change: who repeats a call gets the same answer
        mend.set_cells(services(), owner(), sheet_id, changes)
    return telling.sheet_details(sheet_id)


@calls.get("/sheets/<sheet_id>/file")
@spec.validate(
    resp=Answers(200, files=(XLSX, CSV), faults=(404,)), tags=["sheets"], operation_id="getSheetFile"
)
def file(sheet_id: str, query: FormatQuery) -> Response:
    """The sheet as it is now, as a file."""
    view = look(services(), owner(), sheet_id)
    return sheet_file(as_file(view, query.format), view.sheet.name, query.format)

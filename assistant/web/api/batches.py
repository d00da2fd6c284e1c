"""/batches: start, look, stop, resume, retry, take home."""

from __future__ import annotations

from flask import Blueprint, Response

from assistant import downloads
from assistant.downloads import CSV, XLSX, ZIP
from assistant.here import owner, services
from assistant.web.api import telling
from assistant.web.api.cursors import cursor, place
from assistant.web.api.incoming import (
    BatchOrder,
    BatchRowsQuery,
    FormatQuery,
    OrderHeaders,
    PageQuery,
    Retry,
    RowEdit,
)
from assistant.web.api.outgoing import Batches, BatchMade, BatchRows, BatchRowShape, BatchShape
from assistant.web.api.spec import Answers, spec
from jobs import bundle, control, revising
from jobs.amounts import THOUSAND
from jobs.arrivals import with_past
from jobs.control import Order
from jobs.store import batches as store

calls = Blueprint("batches", __name__)

PAGE = 50
"""Batches on a page."""

ROWS = 500
"""Rows of a batch on a page."""


@calls.post("/batches")
@spec.validate(
    resp=Answers(202, BatchMade, faults=(402, 404, 409, 415, 507)),
    tags=["batches"],
    operation_id="createBatch",
)
def create(json: BatchOrder, headers: OrderHeaders) -> tuple[BatchMade, int]:
    """Start a batch of a sheet as it is now.

    409: the sheet has errors, or the key was used for another sheet. 402: too few credits. 503: the back end
    lacks a setting. With an Idempotency-Key the call can be repeated safely.
    """
    budget = None if json.budget is None else round(json.budget * THOUSAND)
    backend = json.backend or services().settings.backend
    order = Order(json.sheet_id, backend, budget, json.trial, headers.key, json.reuse)
    return BatchMade(id=control.start(services(), owner(), order)), 202


@calls.get("/batches")
@spec.validate(resp=Answers(200, Batches), tags=["batches"], operation_id="listBatches")
def listing(query: PageQuery) -> Batches:
    """All batches, the newest first, page by page."""
    with services().database.read() as connection:
        found = store.listing(connection, owner(), limit=PAGE + 1, before=place(query.cursor))
    page, more = found[:PAGE], len(found) > PAGE
    shapes = [telling.batch(batch.id) for batch in page]
    return Batches(batches=shapes, cursor=cursor(page[-1].created_at) if more else None)


@calls.get("/batches/<batch_id>")
@spec.validate(resp=Answers(200, BatchShape, faults=(404,)), tags=["batches"], operation_id="getBatch")
def details(batch_id: str) -> BatchShape:
    """How far a batch has come."""
    return telling.batch(batch_id)


@calls.post("/batches/<batch_id>/stop")
@spec.validate(resp=Answers(200, BatchShape, faults=(404,)), tags=["batches"], operation_id="stopBatch")
def stop(batch_id: str) -> BatchShape:
    """Start no further row; those on their way are finished. Harmless where nothing runs."""
    control.stop(services(), owner(), batch_id)
    return telling.batch(batch_id)


@calls.post("/batches/<batch_id>/resume")
@spec.validate(
    resp=Answers(200, BatchShape, faults=(402, 404, 409)), tags=["batches"], operation_id="resumeBatch"
)
def resume(batch_id: str) -> BatchShape:
    """Go on with the rows that were not run; after a trial with the others. 409: none waits."""
    control.resume(services(), owner(), batch_id)
    return telling.batch(batch_id)


@calls.post("/batches/<batch_id>/retry")
@spec.validate(
    resp=Answers(200, BatchShape, faults=(402, 404, 409, 415)), tags=["batches"], operation_id="retryBatch"
)
def retry(batch_id: str, json: Retry) -> BatchShape:
    """Run the failed and refused rows again, the unknown ones too where that is said. 409: there is none."""
    control.retry(services(), owner(), batch_id, unknown=json.unknown)
    return telling.batch(batch_id)


@calls.get("/batches/<batch_id>/rows")
@spec.validate(resp=Answers(200, BatchRows, faults=(404,)), tags=["batches"], operation_id="listRowsOfBatch")
def rows(batch_id: str, query: BatchRowsQuery) -> BatchRows:
    """The rows as they are run, in the sheet's order, page by page: all, or those in a state."""
    after, states = place(query.cursor), [query.state] if query.state else []
    with services().database.read() as connection:
        store.get(connection, owner(), batch_id)
        found = store.rows(
            connection, owner(), batch_id, states=states, after=int(after or 0), limit=ROWS + 1
        )
        page, more = found[:ROWS], len(found) > ROWS
        shown = with_past(connection, owner(), batch_id, page)
    return BatchRows(rows=[*map(telling.batch_row, shown)], cursor=cursor(page[-1].number) if more else None)


@calls.patch("/batches/<batch_id>/rows/<row_id>")
@spec.validate(
    resp=Answers(200, BatchRowShape, faults=(402, 404, 409, 415)),
    tags=["batches"],
    operation_id="editRowOfBatch",
)
def edit_row(batch_id: str, row_id: str, json: RowEdit) -> BatchRowShape:
    """Change a row that failed or was refused, and try it again in its place.

    409: it is done, on its way, or unknown and that is not to be risked. 422: a value cannot be.
    """
    cells = {name: text or "" for name, text in json.cells.items()}
    revising.revise(services(), owner(), batch_id, {row_id: cells}, unknown=json.unknown)
    with services().database.read() as connection:
        row = store.row(connection, owner(), batch_id, row_id)
        (shown,) = with_past(connection, owner(), batch_id, [row])
    return telling.batch_row(shown)


@calls.get("/batches/<batch_id>/zip")
@spec.validate(resp=Answers(200, files=(ZIP,), faults=(404,)), tags=["batches"], operation_id="getZip")
def zip_file(batch_id: str) -> Response:
    """The images that are there, manifest.csv and sheet.xlsx; also of a batch that runs or was stopped."""
    return downloads.zip_file(services(), bundle.load(services(), owner(), batch_id))


@calls.get("/batches/<batch_id>/sheet")
@spec.validate(
    resp=Answers(200, files=(XLSX, CSV), faults=(404,)), tags=["batches"], operation_id="getReturnedSheet"
)
def returned_sheet(batch_id: str, query: FormatQuery) -> Response:
    """The rows as they were run, and what became of each."""
    return downloads.returned_sheet(bundle.load(services(), owner(), batch_id), query.format)

"""One row that ended badly: its values to edit, saved by trying it again in its place."""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assistant.here import owner, services
from assistant.toasts import say
from assistant.web.batch.room import pages
from jobs import revising
from jobs.arrivals import with_past
from jobs.batch import TROUBLED, RowState
from jobs.errors import Conflict, PromptsheetError
from jobs.progress import progress
from jobs.store import batches as store
from jobs.store.batches import BatchRow
from schema import columns
from schema.problems import errors


@pages.get("/<batch_id>/rows/<row_id>")
def edit(batch_id: str, row_id: str) -> str:
    """The row's values in fields. Raises Conflict where the row is not one that may be edited."""
    row = _row(batch_id, row_id)
    return _page(batch_id, row, revising.texts(row.values), {})


@pages.post("/<batch_id>/rows/<row_id>")
def save(batch_id: str, row_id: str) -> ResponseReturnValue:
    """Write the fields and try the row again; where that cannot be, the page says why and keeps them all."""
    row, form = _row(batch_id, row_id), request.form
    cells = {
        name: form[name].replace("\r\n", "\n") for name in columns.load().names if form.get(name) is not None
    }
    wrong = errors(revising.judged(cells).problems)
    if wrong:
        told = {str(problem.column): problem.message for problem in reversed(wrong)}
        return _page(batch_id, row, cells, told), 422
    unknown = row.state == RowState.UNKNOWN and "unknown" in form
    try:
        revising.revise(services(), owner(), batch_id, {row_id: cells}, unknown=unknown)
    except PromptsheetError as reason:
        return _page(batch_id, row, cells, {}, str(reason)), reason.status
    say(f"Row {row.number} is tried again.")
    return redirect(url_for(".page", batch_id=batch_id), 303)


def _row(batch_id: str, row_id: str) -> BatchRow:
    with services().database.read() as connection:
        row = store.row(connection, owner(), batch_id, row_id)
    if row.state not in TROUBLED:
        raise Conflict(f"Row {row.number} is {row.state} by now; only rows that ended badly are edited here.")
    return row


def _page(
    batch_id: str, row: BatchRow, cells: Mapping[str, str], wrong: Mapping[str, str], trouble: str = ""
) -> str:
    with services().database.read() as connection:
        (shown,) = with_past(connection, owner(), batch_id, [row])
    return render_template(
        "batch/edit.html",
        p=progress(services(), owner(), batch_id),
        shown=shown,
        row=row,
        columns=columns.load().all,
        cells=cells,
        wrong=wrong,
        trouble=trouble,
    )

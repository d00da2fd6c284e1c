"""The first page: the ways to begin, a worked example that can be run at once, the newest batches."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from assistant.here import owner, services
from assistant.web.start import example
from jobs import control, ids
from jobs.control import Order
from jobs.progress import overview
from jobs.store import batches as store
from schema import columns

pages = Blueprint("start", __name__)

NEWEST = 5
"""Batches listed on the start page."""

A_YEAR = 31_536_000


@pages.get("/")
def index() -> str:
    here = services()
    with here.database.read() as connection:
        total = store.count(connection, owner())
    return render_template(
        "start/index.html",
        columns=columns.load(),
        example=example.about(here),
        batches=overview(here, owner(), limit=NEWEST),
        total=total,
        key=ids.new(24),
    )


@pages.post("/example")
def run_example() -> ResponseReturnValue:
    """Make the example's sheet if it is not there, and start it; the same `key` twice starts it once."""
    sheet_id = example.sheet(services(), owner())
    order = Order(sheet_id, example.BACKEND, key=request.form.get("key") or None)
    batch_id = control.start(services(), owner(), order)
    return redirect(url_for("batch.page", batch_id=batch_id), 303)


@pages.post("/example/sheet")
def example_sheet() -> ResponseReturnValue:
    return redirect(url_for("sheet.page", sheet_id=example.sheet(services(), owner())), 303)


@pages.get("/example/<edition>/<int:number>.webp")
def example_print(edition: str, number: int) -> Response:
    """A print of the example; its address changes with the example, so it may be kept for good."""
    path = example.print_of(services(), edition, number)
    response = send_file(path, "image/webp", max_age=A_YEAR)
    response.cache_control.immutable = True
    return response

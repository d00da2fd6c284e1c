"""The list of batches, newest first; the same lines stand on the start page."""

from __future__ import annotations

from flask import render_template, request

from assistant.here import owner, services
from assistant.web.batch.room import pages
from jobs.progress import overview
from jobs.store import batches as store

PAGE = 20
"""Batches shown at once."""

MOST = 50
"""Batches that a page may ask after at once."""


@pages.get("")
def listing() -> str:
    """The newest batches, or those begun before ?before=."""
    before = request.args.get("before", type=float)
    found = overview(services(), owner(), limit=PAGE + 1, before=before)
    with services().database.read() as connection:
        total = store.count(connection, owner())
    return render_template(
        "batch/listing.html", batches=found[:PAGE], more=len(found) > PAGE, before=before, total=total
    )


@pages.get("/lines")
def lines() -> str:
    """The lines of the batches ?id=, and of those begun ?after= the newest that a page shows."""
    after = request.args.get("after", type=float, default=0.0)
    asked = request.args.getlist("id")[:MOST]
    changed = overview(services(), owner(), limit=MOST, ids=asked)
    fresh = overview(services(), owner(), limit=PAGE, after=after)
    return render_template("batch/_lines.html", changed=changed, fresh=fresh, after=after)

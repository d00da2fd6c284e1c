"""The gallery: every image, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import request as htmx_request

from assistant.here import owner, services
from assistant.web.creations import wanted as wishes
from assistant.web.creations.room import pages
from jobs.backends import registry
from jobs.store import batches, images
from jobs.store.batches import Batch
from jobs.store.database import Connection
from jobs.store.images import Image, Wanted
from schema import columns

PAGE = 60
"""Images shown at once."""

BATCHES = 100
"""The newest batches, among which one may be chosen."""


@dataclass(frozen=True)
class Tally:
    """How many images fit, how many of those are starred, and older than those shown; how many there are."""

    fitting: int
    starred: int
    older: int
    all: int


@pages.get("/creations")
def index() -> ResponseReturnValue:
    """?q=, batch, ratio, style, starred, private choose; ?before= goes on after an image."""
    wanted, before = wishes.asked(), request.args.get("before", type=int)
    with services().database.read() as connection:
        shown = images.page(connection, owner(), wanted, before=before, limit=PAGE)
        tally = _tally(connection, wanted, shown)
        offered = batches.listing(connection, owner(), limit=BATCHES)
        theirs = batches.listing(
            connection, owner(), limit=PAGE, ids=list({image.batch_id for image in shown})
        )
        chosen = _chosen(connection, wanted, offered)
        wider = wishes.wider(connection, owner(), wanted) if not shown and tally.all else []
    page = render_template(
        "creations/index.html",
        shown=shown,
        tally=tally,
        wanted=wanted,
        address=wishes.address,
        before=before,
        batches=offered if chosen is None or chosen in offered else [chosen, *offered],
        caveats=_caveats(theirs),
        none_found=wishes.none_found(wanted, chosen.name if chosen else None),
        wider=wider,
        columns=columns.load(),
    )
    if htmx_request.htmx.target != "shown":
        return page
    return page, {"HX-Replace-Url": url_for(".index", **wishes.address(wanted))}


def _tally(connection: Connection, wanted: Wanted, shown: Sequence[Image]) -> Tally:
    def count(which: Wanted, before: int | None = None) -> int:
        return images.count(connection, owner(), which, before=before)

    return Tally(
        count(wanted),
        count(replace(wanted, starred=True)),
        count(wanted, shown[-1].seq) if shown else 0,
        count(Wanted()),
    )


def _chosen(connection: Connection, wanted: Wanted, offered: Sequence[Batch]) -> Batch | None:
    """The batch that is asked for, also one that is too old to be offered; None for one that is not there."""
    if wanted.batch_id is None:
        return None
    known = [batch for batch in offered if batch.id == wanted.batch_id]
    found = known or batches.listing(connection, owner(), limit=1, ids=[wanted.batch_id])
    return found[0] if found else None


def _caveats(theirs: Sequence[Batch]) -> list[str]:
    """What must be said of the back ends that drew these images."""
    drawn = {batch.backend: registry.traits(batch.backend, services().settings) for batch in theirs}
    some = "Some drawn" if len(drawn) > 1 else "Drawn"
    return [f"{some} by {traits.title}, {traits.caveat}" for traits in drawn.values() if traits.caveat]

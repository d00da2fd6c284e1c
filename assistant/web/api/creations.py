"""/creations: the gallery, page by page."""

from __future__ import annotations

from flask import Blueprint

from assistant.here import owner, services
from assistant.web.api import telling
from assistant.web.api.cursors import cursor, place
from assistant.web.api.incoming import CreationsQuery
from assistant.web.api.outgoing import Creations
from assistant.web.api.spec import Answers, spec
from jobs.store import batches, images
from jobs.store.images import Wanted

calls = Blueprint("creations", __name__)

PAGE = 60
"""Images on a page."""


@calls.get("/creations")
@spec.validate(resp=Answers(200, Creations), tags=["creations"], operation_id="listCreations")
def listing(query: CreationsQuery) -> Creations:
    """The images that fit, the newest first, page by page."""
    wanted = Wanted(query.q, query.batch or None, starred=query.starred)
    before = place(query.cursor)
    with services().database.read() as connection:
        found = images.page(
            connection, owner(), wanted, before=None if before is None else int(before), limit=PAGE + 1
        )
        page, more = found[:PAGE], len(found) > PAGE
        of = {key: batches.get(connection, owner(), key) for key in {image.batch_id for image in page}}
    shapes = [telling.creation(of[image.batch_id], image) for image in page]
    return Creations(images=shapes, cursor=cursor(page[-1].seq) if more else None)

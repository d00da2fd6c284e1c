"""An image's file, and the small copy that lists show. Neither ever changes, so a browser asks once."""

from __future__ import annotations

from flask import Response, request, send_file

from assistant.here import owner, services
from assistant.web.creations.room import pages
from jobs import thumbs
from jobs.bundle import outside_name
from jobs.errors import NotFound
from jobs.store import batches, images

FOR_GOOD = "private, max-age=31536000, immutable"


@pages.get("/images/<image_id>")
def file(image_id: str) -> Response:
    """The file as it was made; with ?download=1 to be kept, under its outside name."""
    here = services()
    with here.database.read() as connection:
        image = images.get(connection, owner(), image_id)
        batch = batches.get(connection, owner(), image.batch_id)
    if not here.files.has(image.key):
        raise NotFound(f"The file of this image is gone from {here.files.root}.")
    name = outside_name(batch, image)
    answer = send_file(
        here.files.path(image.key), as_attachment="download" in request.args, download_name=name
    )
    return _for_good(answer)


@pages.get("/images/<image_id>/thumb")
def thumb(image_id: str) -> Response:
    """At most 480 pixels either way."""
    here = services()
    with here.database.read() as connection:
        image = images.get(connection, owner(), image_id)
    try:
        return _for_good(Response(thumbs.thumb(here.files, image.key), mimetype=thumbs.TYPE))
    except OSError:  # what Pillow cannot read, a browser may
        return file(image_id)


def _for_good(answer: Response) -> Response:
    answer.headers["Cache-Control"] = FOR_GOOD
    return answer

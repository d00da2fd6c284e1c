"""What a person does with an image: star it, take it out, bring it back. Its file stays in any case."""

from __future__ import annotations

import json

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import request as htmx_request

from assistant import toasts
from assistant.here import owner, services
from assistant.web.creations import wanted as wishes
from assistant.web.creations.room import pages
from jobs.store import images


@pages.post("/creations/<image_id>/star")
def star(image_id: str) -> ResponseReturnValue:
    """`starred` is 1 or 0: what is wanted, so that a second click changes nothing."""
    starred = request.form.get("starred") == "1"
    with services().database.write() as connection:
        images.star(connection, owner(), image_id, starred)
    if htmx_request.htmx:
        return _told("starred", id=image_id, starred=starred)
    view = wishes.address(wishes.asked())
    if "alone" in request.args:
        return redirect(url_for(".image", image_id=image_id, **view), 303)
    return redirect(url_for(".index", **view, _anchor=f"figure-{image_id}"), 303)


@pages.post("/creations/<image_id>/delete")
def delete(image_id: str) -> ResponseReturnValue:
    """Out of the gallery, the batch's page and its ZIP; the file is kept, so that it can be brought back."""
    with services().database.write() as connection:
        image = images.get(connection, owner(), image_id)
        images.delete(connection, owner(), image_id, services().clock())
    said, undo = f"Image {image.number}.{image.index} is deleted.", url_for(".restore", image_id=image_id)
    if not htmx_request.htmx:
        toasts.say(said, undo=undo)
        return redirect(url_for(".index"), 303)
    toast = toasts.Toast(text=said, level="fixed", undo=undo, label="Undo")
    answer = _told("deleted", id=image_id)
    answer.status_code = 200
    answer.set_data(render_template("creations/_deleted.html", toast=toast))
    return answer


@pages.post("/creations/<image_id>/restore")
def restore(image_id: str) -> ResponseReturnValue:
    with services().database.write() as connection:
        images.delete(connection, owner(), image_id, None)
    return _told("restored", id=image_id) if htmx_request.htmx else redirect(url_for(".index"), 303)


def _told(event: str, **detail: object) -> Response:
    """Nothing to draw: an event for the page, on which an image may stand in several places."""
    answer = make_response("", 204)
    answer.headers["HX-Trigger"] = json.dumps({event: detail})
    return answer

"""What every call of the API passes first: where it comes from, and that its body is what it says."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import BadRequest, Forbidden, UnsupportedMediaType

from jobs.errors import Invalid

FORM = "multipart/form-data"
JSON = "application/json"


def refuse_other_origins() -> None:
    """Without a login, programs that send no Origin and our own pages are answered; also where they read."""
    own = request.host_url.rstrip("/")
    if request.headers.get("Origin", own) != own:
        raise Forbidden("Another site asked for this. Without a login the API answers its own pages only.")


def require_form() -> None:
    if request.mimetype != FORM:
        raise UnsupportedMediaType(f"Send the sheet as the field “file” of a {FORM} body.")


def require_json() -> None:
    """A body, if there is one, is JSON and says so: what a form on another site can send is not taken."""
    if not (request.mimetype or request.content_length):
        return
    if request.mimetype != JSON:
        raise UnsupportedMediaType(f"The body must be JSON, sent with Content-Type: {JSON}.")
    try:
        body = request.get_json()
    except RecursionError:
        raise BadRequest("The body is nested too deeply.") from None
    except BadRequest:
        raise BadRequest("The body is not JSON.") from None
    if not body and body != {}:  # spectree would take it for an empty object
        raise Invalid("The body holds nothing.")

"""Every error as a page, as a toast (htmx) or as application/problem+json: a sentence, never a trace."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from htmx_flask import request as htmx_request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from jobs.errors import PromptsheetError, Unreadable
from schema.wording import sized

log = logging.getLogger(__name__)

API = "/api/"

JSON = "application/json"
"""What a page's script accepts where it wants data: errors as data, too."""

POLL = "X-Poll"
"""Header of requests that a page repeats by itself: an error is no news then, the next one may succeed."""


@dataclass(frozen=True)
class Said:
    """An error as it is told: HTTP status, stable word, sentence, steps to mend it, reference in the log."""

    status: int
    code: str
    sentence: str
    steps: Sequence[str] = ()
    reference: str | None = None
    retry: bool = False


PAGES = {
    400: "The address or the form was not as this page expects it. Go back and try once more.",
    403: "That is not allowed here.",
    404: "There is no page at this address. It may have been renamed or deleted.",
    405: "This address does not take what was asked of it.",
}


def init(app: Flask) -> None:
    app.register_error_handler(PromptsheetError, lambda error: answer(told(error)))
    app.register_error_handler(CSRFError, lambda error: answer(expired(error)))
    app.register_error_handler(RequestEntityTooLarge, lambda _: answer(too_large(app)))
    app.register_error_handler(HTTPException, lambda error: allowing(answer(plain(error)), error))
    app.register_error_handler(Exception, lambda error: answer(unexpected(error)))


def told(error: PromptsheetError) -> Said:
    """An error of ours in its own words; a file that cannot be read has a reference, for whoever is asked."""
    if not isinstance(error, Unreadable):
        return Said(error.status, error.code, str(error), retry=error.retry)
    reference = _reference()
    log.warning("Reference %s: %s: %s", reference, error.code, error)
    return Said(error.status, error.code, str(error), error.steps, reference)


def expired(_: CSRFError) -> Said:
    return Said(
        400, "stale-page", "This page is older than your session. Load it again, then repeat the step."
    )


def too_large(app: Flask) -> Said:
    limit = sized(app.extensions["services"].settings.max_upload)
    sentence = f"The file is larger than {limit}, which is the most that is taken."
    step = "Remove pictures and sheets that are not needed, or split the rows into several files."
    return Said(413, "too-large", sentence, (step,))


def plain(error: HTTPException) -> Said:
    status = error.code or 500
    own = error.description if type(error).description != error.description else None
    return Said(status, error.name.lower().replace(" ", "-"), own or PAGES.get(status) or error.name + ".")


def unexpected(error: Exception) -> Said:
    reference = _reference()
    log.error("Reference %s: %s %s", reference, request.method, request.path, exc_info=error)
    return Said(
        500,
        "broke-off",
        "Promptsheet broke off while it answered this; that is a fault of ours. What was saved is safe.",
        ("Go back and try once more.", "If it happens again, report the reference below."),
        reference,
        retry=True,
    )


def _reference() -> str:
    """What stands both on the page and in the log."""
    return secrets.token_hex(3).upper()


def answer(said: Said) -> AnyResponse:
    """The same words, as whoever asked can use them."""
    if request.path.startswith(API) or request.accept_mimetypes.best == JSON:
        return problem(said)
    if POLL in request.headers:
        return make_response("", 204)
    if htmx_request.htmx and not htmx_request.htmx.boosted:
        response = make_response(render_template("errors/_toast.html", said=said), said.status)
        response.headers["HX-Retarget"] = "#toasts"
        response.headers["HX-Reselect"] = ".toast"
        response.headers["HX-Reswap"] = "beforeend"
        return response
    return make_response(page(said), said.status)


def page(said: Said) -> str:
    """The error as a page like any other; a bare one where the error keeps those from being drawn."""
    try:
        return render_template("errors/page.html", said=said)
    except Exception:
        log.exception("The error page could not be drawn either")
        return render_template("errors/bare.html", said=said)


def allowing(response: AnyResponse, error: HTTPException) -> AnyResponse:
    """What the address does take, where the method was none of it."""
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def problem(said: Said) -> Response:
    """RFC 9457."""
    response = make_response(
        {
            "type": "about:blank",
            "title": said.code,
            "status": said.status,
            "detail": said.sentence,
            "code": said.code,
            "steps": list(said.steps),
            "retry": said.retry,
        },
        said.status,
    )
    response.mimetype = "application/problem+json"
    return response

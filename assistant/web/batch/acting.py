"""What a person tells a batch: start, stop, resume, retry, reword. Each ends on its page."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import request as htmx_request

from assistant.chat.conversation import other_words
from assistant.here import owner, services
from assistant.web.batch.room import pages
from jobs import control, rewording
from jobs.amounts import heard
from jobs.batch import TROUBLED, RowState
from jobs.control import Order
from jobs.errors import Invalid


@pages.post("")
def start() -> ResponseReturnValue:
    """Start a sheet: `sheet`, `backend`, `budget` in credits, `trial` in rows, `key`, `reuse`."""
    form = request.form
    order = Order(
        form.get("sheet", ""),
        form.get("backend") or services().settings.backend,
        heard(form.get("budget", "")),
        _rows(form.get("trial", "")),
        form.get("key") or None,
        bool(form.get("reuse")),
    )
    page = url_for(".page", batch_id=control.start(services(), owner(), order))
    return ("", 204, {"HX-Redirect": page}) if htmx_request.htmx else redirect(page, 303)


@pages.post("/<batch_id>/stop")
def stop(batch_id: str) -> ResponseReturnValue:
    control.stop(services(), owner(), batch_id)
    return _back(batch_id)


@pages.post("/<batch_id>/resume")
def resume(batch_id: str) -> ResponseReturnValue:
    """Go on; with `budget` in the form, under that cap, or under none where it is empty."""
    if "budget" in request.form:
        control.cap(services(), owner(), batch_id, heard(request.form["budget"]))
    control.resume(services(), owner(), batch_id)
    return _back(batch_id)


@pages.post("/<batch_id>/retry")
def retry(batch_id: str) -> ResponseReturnValue:
    """Try the failed and the refused rows again, or `only` those of one state; unknown ones only so."""
    only = request.form.get("only")
    if only is not None and only not in TROUBLED:
        raise Invalid(f"Rows that are {only} are not tried again.")
    control.retry(services(), owner(), batch_id, only=RowState(only) if only else None)
    return _back(batch_id)


@pages.post("/<batch_id>/rewordings")
def reword(batch_id: str) -> ResponseReturnValue:
    """Ask the language model for other words for the refused rows. Raises NotConfigured without one."""
    other_words(services(), owner(), batch_id)
    return _back(batch_id)


@pages.post("/<batch_id>/rewordings/accept")
def accept_wording(batch_id: str) -> ResponseReturnValue:
    """Try the row `only` again in the words proposed, or all that have some."""
    rewording.accept(services(), owner(), batch_id, _only())
    return _back(batch_id)


@pages.post("/<batch_id>/rewordings/reject")
def reject_wording(batch_id: str) -> ResponseReturnValue:
    """Leave the row `only` as it is, or all for which words were proposed."""
    rewording.reject(services(), owner(), batch_id, _only())
    return _back(batch_id)


def _only() -> list[str] | None:
    only = request.form.get("only")
    return [only] if only else None


def _back(batch_id: str) -> ResponseReturnValue:
    """To the batch's page. A page that asked through htmx stays, and looks at once at what changed."""
    if htmx_request.htmx:
        return "", 204, {"HX-Trigger": "look"}
    return redirect(url_for(".page", batch_id=batch_id), 303)


def _rows(text: str) -> int | None:
    plain = text.strip()
    if plain and not (plain.isascii() and plain.isdigit()):
        raise Invalid(f"“{plain}” is no number of rows for a trial. Leave it empty to run all.")
    return int(plain) if plain else None

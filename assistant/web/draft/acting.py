"""What a person tells a draft: stop, go on with the rows it lacks."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import request as htmx_request

from assistant.drafting import start
from assistant.here import owner, services
from assistant.web.draft.room import pages


@pages.post("/<draft_id>/stop")
def stop(draft_id: str) -> ResponseReturnValue:
    """Stop, and keep the rows that are there. A page that asked through htmx looks at once what changed."""
    start.stop(services(), owner(), draft_id)
    if htmx_request.htmx:
        return "", 204, {"HX-Trigger": "look"}
    return redirect(url_for(".page", draft_id=draft_id), 303)


@pages.post("/<draft_id>/go-on")
def go_on(draft_id: str) -> ResponseReturnValue:
    """Draft the rows it lacks."""
    start.go_on(services(), owner(), draft_id)
    return redirect(url_for(".page", draft_id=draft_id), 303)

"""What a person tells a draft: stop, go on with the rows it lacks, another plan."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import request as htmx_request

from assistant.drafting import planning, start
from assistant.here import owner, services
from assistant.web.draft.room import pages


@pages.post("/<draft_id>/stop")
def stop(draft_id: str) -> ResponseReturnValue:
    """Stop, and keep the rows that are there. A page that asked through htmx looks at once what changed."""
    start.stop(services(), owner(), draft_id)
    return _look(draft_id)


@pages.post("/<draft_id>/go-on")
def go_on(draft_id: str) -> ResponseReturnValue:
    """Draft the rows it lacks."""
    start.go_on(services(), owner(), draft_id)
    return redirect(url_for(".page", draft_id=draft_id), 303)


@pages.post("/<draft_id>/plan")
def change(draft_id: str) -> ResponseReturnValue:
    """Make the one change of the plan that the form holds, as `planning.change` takes it."""
    planning.change(services(), owner(), draft_id, request.form)
    return _look(draft_id)


def _look(draft_id: str) -> ResponseReturnValue:
    """A page that asked through htmx looks at once what changed; any other is loaded."""
    if htmx_request.htmx:
        return "", 204, {"HX-Trigger": "look"}
    return redirect(url_for(".page", draft_id=draft_id), 303)

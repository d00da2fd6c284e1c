"""A brief is sent off: to be drafted, or with the answer that a chat app gave to it."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant import pasted
from assistant.drafting import start
from assistant.here import owner, services
from assistant.web.brief.page import look, shown
from assistant.web.brief.room import pages
from assistant.web.brief.saving import keep
from jobs.errors import Invalid, Unreadable


@pages.post("/<brief_id>/draft")
def draft(brief_id: str) -> ResponseReturnValue:
    """Let the model draft the rows, or show at each field what is wrong with it."""
    return _begun(brief_id, combine=False)


@pages.post("/<brief_id>/combine")
def combine(brief_id: str) -> ResponseReturnValue:
    """Make the rows that the examples combine to; no model is asked."""
    return _begun(brief_id, combine=True)


def _begun(brief_id: str, *, combine: bool) -> ResponseReturnValue:
    keep(brief_id)
    live = look(brief_id)
    if live.reading.errors:
        return redirect(url_for(".page", brief_id=brief_id, check=1), 303)
    made = start.start(services(), owner(), live.brief, combine=combine, brief_id=brief_id)
    return redirect(url_for("draft.page", draft_id=made.id), 303)


@pages.post("/<brief_id>/paste")
def paste(brief_id: str) -> ResponseReturnValue:
    """Read the rows out of a chat app's `answer`, or its `answer-file`, into a sheet."""
    keep(brief_id)
    live = look(brief_id)
    errors = dict(live.reading.errors)
    try:
        answer = pasted.answer()
        if not errors:
            draft = start.paste(services(), owner(), answer, brief=live.brief, brief_id=brief_id)
    except (Invalid, Unreadable) as reason:
        errors["answer"] = str(reason)
    if errors:
        return shown(live, errors, request.form.get("answer", "")), 422
    return pasted.onward(draft, 0)

"""What a person decides about a proposal: accept, reject, release, stop, take back."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import request as htmx_request

from assistant.here import owner, services
from assistant.toasts import say
from assistant.web.chat.panel import answered
from assistant.web.chat.room import pages
from assistant.web.chat.telling import outcome, rows_of
from jobs import mend, talk
from jobs.errors import Invalid
from jobs.store.turns import Turn


@pages.post("/<int(max=999999):n>")
def decide(sheet_id: str, n: int) -> ResponseReturnValue:
    """The form of a turn: its buttons accept or reject a row (its id), a part or all, release one, stop."""
    here, person, form = services(), owner(), request.form
    before = talk.turn(here, person, sheet_id, n)
    if "accept" in form:
        after = talk.accept(here, person, sheet_id, n, _rows(before, form["accept"]))
        return _done(after, outcome(before, after), _new_group(before, after))
    if "reject" in form:
        after = talk.reject(here, person, sheet_id, n, _rows(before, form["reject"]))
        return _done(after, "" if form["reject"] != "all" else outcome(before, after))
    if "release" in form:
        return _done(talk.release(here, person, sheet_id, n, form["release"]), "", changed=True)
    if "stop" in form:
        return _done(talk.stop(here, person, sheet_id, n), "")
    raise Invalid("The form names nothing to do. Load the page again.")


@pages.post("/<int(max=999999):n>/undo")
def undo(sheet_id: str, n: int) -> ResponseReturnValue:
    """Take back all that was accepted of a turn, or with `group` what one press accepted."""
    here, person = services(), owner()
    found = talk.turn(here, person, sheet_id, n)
    group = request.form.get("group", type=int)
    if group is None:
        talk.take_back(here, person, sheet_id, n)
    elif group in {item.get("group") for item in found.changes}:
        mend.undo(here, person, sheet_id, group)
    else:
        raise Invalid("That is no change of this proposal. Load the page again.")
    return _done(found, "Taken back: the rows are as they were.", changed=True)


def _rows(turn: Turn, value: str) -> list[str] | None:
    """The rows that a button names: all, those of a part, or one."""
    if value == "all":
        return None
    return rows_of(turn, value.removeprefix("part:")) if value.startswith("part:") else [value]


def _new_group(before: Turn, after: Turn) -> int | None:
    """The change of the log that an acceptance made."""
    known = {item.get("group") for item in before.changes}
    return next((item["group"] for item in after.changes if item.get("group") not in known), None)


def _done(found: Turn, text: str, group: int | None = None, *, changed: bool = False) -> ResponseReturnValue:
    whole = request.form.get("rows") == "all"
    back = url_for(".undo", sheet_id=found.sheet_id, n=found.n) if group else None
    if htmx_request.htmx:
        toast = {"text": text, "undo": back, "group": group, "n": found.n, "changed": changed or bool(group)}
        return answered(found, whole=whole, toast=toast)
    if text:
        say(text)
    rows = found.n if whole else None
    return redirect(url_for(".page", sheet_id=found.sheet_id, rows=rows, _anchor=f"turn-{found.n}"), 303)

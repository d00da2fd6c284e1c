"""The conversation beside the grid and on a page of its own, and what is asked in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import request as htmx_request
from werkzeug.datastructures import MultiDict

from assistant.chat.conversation import ask as ask_for
from assistant.chat.conversation import operate, without_writer
from assistant.errors import POLL
from assistant.here import owner, services
from assistant.web.chat.room import pages
from assistant.web.chat.telling import STEP, TurnView
from jobs import hints, recall, sheet, talk
from jobs.store.turns import Turn, TurnState
from schema import columns

MOST_SEEN = 100_000
"""Ids of rows that a page may name."""

RECENT = 10
"""Turns that are shown at once."""

SETUP = "model.page"
"""The endpoint of the page on which a language model is set up."""

CHANGED = "sheet-changed"
"""The event on the document that tells the grid to ask for what is new."""
ANSWERED = "turn-answered"
"""The event that tells turns with an open proposal to look whether it was withdrawn."""


@dataclass(frozen=True)
class Conversation:
    """The newest turns, and how many came before them.

    `lacking` says why no language model can be asked, where none can; `setup` is the address to set one up.
    """

    turns: list[TurnView]
    earlier: int
    lacking: str | None
    setup: str | None

    @property
    def columns(self) -> list[str]:
        """The columns that a button sets."""
        return [column.name for column in columns.load().all if column.name != "prompt"]


@pages.app_context_processor
def in_every_page() -> dict[str, object]:
    return {"conversation": conversation}


def conversation(sheet_id: str) -> Conversation:
    """What the panel shows: with ?talk=all the whole, with ?rows= all rows of the turn of that number."""
    here, person = services(), owner()
    found = talk.conversation(here, person, sheet_id)
    recent = found if request.args.get("talk") == "all" else found[-RECENT:]
    whole = request.args.get("rows", type=int)
    with here.database.read() as connection:
        undone = recall.undone(connection, person, sheet_id)
    told = [tell(turn, undone, whole=turn.n == whole) for turn in recent]
    setup = url_for(SETUP) if SETUP in current_app.view_functions else None
    return Conversation(told, len(found) - len(recent), without_writer(here, person), setup)


def tell(turn: Turn, undone: Collection[int] = frozenset(), *, whole: bool = False) -> TurnView:
    """A turn as it is shown; `undone` are the changes of the log that were taken back."""
    here = services()
    idle = hints.unattended(here, hints.DRAFTS) if turn.state == TurnState.WAITING else None
    return TurnView(turn, undone, None if whole else STEP, idle)


@pages.get("")
def page(sheet_id: str) -> str:
    return render_template("chat/page.html", view=sheet.look(services(), owner(), sheet_id))


@pages.post("")
def ask(sheet_id: str) -> ResponseReturnValue:
    """Ask for `text`, or with `op` for what a button does: a proposal, a sentence, or a wait."""
    form = request.form
    if "op" in form:
        turn = operate(services(), owner(), sheet_id, [operation_of(form)], seen_in(form))
    else:
        turn = ask_for(services(), owner(), sheet_id, form.get("text", ""), seen_in(form))
    if not htmx_request.htmx:
        return redirect(url_for(".page", sheet_id=sheet_id, _anchor=f"turn-{turn.n}"), 303)
    response = make_response(render_template("chat/_turn.html", told=tell(turn), sheet_id=sheet_id))
    if turn.state == TurnState.ANSWERED:  # a lock released, a proposal taken back
        response.headers["HX-Trigger"] = CHANGED
    return response


def seen_in(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """The rows that are selected and shown on the page that sent a form, by their ids."""
    found = {name: form.get(name, "").split()[:MOST_SEEN] for name in ("selected", "shown")}
    return {name: rows for name, rows in found.items() if rows}


def operation_of(form: MultiDict[str, str]) -> dict[str, object]:
    """What a button of the panel does, as a model would write it."""
    given = {name: form.get(name, "") for name in ("op", "rows", "column", "text", "with", "count")}
    return {**given, "values": form.getlist("value")}


@pages.get("/<int(max=999999):n>")
def turn(sheet_id: str, n: int) -> ResponseReturnValue:
    """One turn, asked for again while its answer is coming; with ?rows=all every row of it."""
    found = talk.turn(services(), owner(), sheet_id, n)
    whole = request.args.get("rows") == "all"
    if not htmx_request.htmx:
        rows = n if whole else None
        return redirect(url_for(".page", sheet_id=sheet_id, talk="all", rows=rows, _anchor=f"turn-{n}"))
    response = answered(found, whole=whole)
    if POLL in request.headers and found.state != TurnState.WAITING:  # it may have undone others, and rows
        response.headers["HX-Trigger"] = f"{CHANGED}, {ANSWERED}"
    return response


def answered(found: Turn, *, whole: bool, toast: Mapping[str, object] | None = None) -> Response:
    """A turn as it is now, with what is said of what was just done."""
    with services().database.read() as connection:
        undone = recall.undone(connection, owner(), found.sheet_id)
    told = tell(found, undone, whole=whole)
    response = make_response(
        render_template("chat/_turn.html", told=told, sheet_id=found.sheet_id, toast=toast)
    )
    if toast and toast.get("changed"):
        response.headers["HX-Trigger"] = CHANGED
    return response

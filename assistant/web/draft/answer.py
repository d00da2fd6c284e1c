"""Rows that a draft lacks, asked of a chat app: the instruction, and its answer into the same sheet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flask import render_template, request
from flask.typing import ResponseReturnValue

from assistant import pasted
from assistant.drafting import calls, start
from assistant.drafting.brief import Brief
from assistant.drafting.wishes import PROMPT
from assistant.here import owner, services
from assistant.web.draft.bar import Bar, look
from assistant.web.draft.room import pages
from jobs.errors import Conflict, Invalid, Unreadable


@dataclass(frozen=True)
class Lack:
    """A draft that lacks rows, and what a chat app is told about them."""

    bar: Bar

    @cached_property
    def instruction(self) -> str:
        rows = self.bar.progress.view.rows
        prompts = [prompt for row in rows if (prompt := row.cells.get(PROMPT))]
        return calls.instruction(Brief.from_json(self.bar.draft.brief), self.bar.progress.missing, prompts)


@pages.get("/<draft_id>/answer")
def answer(draft_id: str) -> str:
    """The instruction for the missing rows, and the field for the answer to it."""
    return render_template("draft/answer.html", lack=Lack(look(draft_id)), typed="", wrong="")


@pages.post("/<draft_id>/answer")
def take(draft_id: str) -> ResponseReturnValue:
    """Read the rows of an answer into the draft's sheet; while some are missing the next one is asked for."""
    before = look(draft_id)
    try:
        draft = start.paste(services(), owner(), pasted.answer(), draft_id=draft_id)
    except (Conflict, Invalid, Unreadable) as reason:
        typed = request.form.get("answer", "")
        page = render_template("draft/answer.html", lack=Lack(before), typed=typed, wrong=str(reason))
        return page, 422
    return pasted.onward(draft, before.draft.came)

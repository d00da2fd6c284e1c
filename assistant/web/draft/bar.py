"""The bar over a drafted sheet: how far its draft is, while it is written and after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assistant.drafting import start
from assistant.drafting.start import Progress
from assistant.here import owner, services
from assistant.web.draft.room import pages
from assistant.words import count
from jobs import hints
from jobs.store import drafts
from jobs.store.drafts import Draft, DraftState
from jobs.store.sheets import Sheet

STEPS = 4
"""How often a draft is told of aloud on its way: at each quarter."""


@dataclass(frozen=True)
class Bar:
    """A draft and how far it is."""

    draft: Draft
    progress: Progress

    @property
    def live(self) -> bool:
        return self.draft.state == DraftState.DRAFTING

    @property
    def plan_key(self) -> str:
        """Changes with the plan and the state, and not with the rows that come: what a page shows of it."""
        return f"{self.draft.state}-{crc32(json.dumps(self.draft.plan).encode()):x}"

    @property
    def most(self) -> int:
        """Rows that a sheet takes."""
        return services().settings.max_rows - 1

    @cached_property
    def away(self) -> str | None:
        """Why nothing moves, where no worker has taken the draft up."""
        return hints.unattended(services(), hints.DRAFTS) if self.live and not self.draft.holder else None

    @property
    def told(self) -> str:
        """What is read aloud: the quarters on the way, so that nobody is interrupted each second."""
        d = self.draft
        if not self.live:
            return f"{d.came} of {count(d.asked, 'row')}. {d.reason or d.variety or ''}".strip()
        quarter = d.came * STEPS // max(1, d.asked)
        return f"{quarter * d.asked // STEPS} of {count(d.asked, 'row')}" if quarter else ""


@pages.app_context_processor
def in_every_page() -> dict[str, object]:
    return {"draft_of": draft_of}


def draft_of(sheet: Sheet) -> Bar | None:
    """The bar of a sheet's draft; None for a sheet that was not drafted."""
    here = services()
    with here.database.read() as connection:
        draft = drafts.of_sheet(connection, owner(), sheet.id)
    return Bar(draft, start.progress(here, owner(), draft)) if draft else None


def look(draft_id: str) -> Bar:
    """Raises NotFound."""
    here = services()
    with here.database.read() as connection:
        draft = drafts.get(connection, owner(), draft_id)
    return Bar(draft, start.progress(here, owner(), draft))


@pages.get("/<draft_id>")
def page(draft_id: str) -> ResponseReturnValue:
    """A draft is seen on its sheet."""
    return redirect(
        url_for(
            "grid.page",
            sheet_id=look(draft_id).draft.sheet_id,
        ),
        303,
    )


@pages.get("/<draft_id>/bar")
def pulse(draft_id: str) -> str:
    """What changed in the bar; all of it where a page shows another state than ?shown=, plan than ?plan=."""
    bar = look(draft_id)
    same = request.args.get("shown") == bar.draft.state
    return render_template("draft/_pulse.html", bar=bar, same=same, shown=request.args.get("plan"))

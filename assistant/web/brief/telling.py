"""What other pages ask about briefs: where a sheet's brief is, and which ones wait to be gone on with."""

from __future__ import annotations

from flask import url_for

from assistant.drafting.samples import samples
from assistant.here import owner, services
from assistant.web.brief.form import called
from assistant.web.brief.room import pages
from jobs.store import briefs, drafts
from jobs.store.briefs import Form

SHOWN = 3
LOOKED_AT = 20
"""Briefs among which those are found in which something was typed."""


@pages.app_context_processor
def in_every_page() -> dict[str, object]:
    return {"brief_of": brief_of, "unfinished_briefs": unfinished, "sample_briefs": samples}


def brief_of(sheet_id: str | None) -> str | None:
    """The address of the brief that a sheet was drafted from, None for any other sheet."""
    if not sheet_id:
        return None
    with services().database.read() as connection:
        found = drafts.brief_of(connection, owner(), sheet_id)
    return url_for("brief.page", brief_id=found) if found else None


def unfinished() -> list[tuple[Form, str]]:
    """The newest briefs that nothing was drafted from yet, each with what it is called."""
    with services().database.read() as connection:
        found = briefs.unfinished(connection, owner(), LOOKED_AT)
    named = ((brief, called(brief.form)) for brief in found)
    return [(brief, name) for brief, name in named if name][:SHOWN]

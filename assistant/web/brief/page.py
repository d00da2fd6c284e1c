"""A brief's page: four questions, the settings of every row, and who drafts."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request

from assistant.drafting import start
from assistant.here import owner, services
from assistant.language_model import connected
from assistant.web.brief.choosing import settings
from assistant.web.brief.form import read
from assistant.web.brief.live import Live
from assistant.web.brief.room import pages
from jobs.store import briefs, images
from jobs.store.images import Wanted


@pages.get("/<brief_id>")
def page(brief_id: str) -> str:
    """The page; with ?check= what is wrong stands at its field."""
    live = look(brief_id)
    return shown(live, live.reading.errors if checking() else {})


def shown(live: Live, errors: Mapping[str, str], answer: str = "") -> str:
    """The page with what is wrong at each field, and with a chat app's `answer` that could not be read."""
    picks = settings(live.form, errors, modelled=live.connected.endpoint is not None)
    return render_template(
        "brief/page.html",
        live=live,
        settings=picks,
        errors=errors,
        answer=answer,
        starred=len(starred_prompts()),
    )


def look(brief_id: str) -> Live:
    """Raises NotFound."""
    here = services()
    with here.database.read() as connection:
        found = briefs.get(connection, owner(), brief_id)
    most = here.settings.max_rows
    reading, model = read(found.form, most), connected()
    takes = start.takes(here, owner(), model.endpoint, reading.brief.rows) if model.endpoint else None
    return Live(brief_id, found.form, reading, found.saved_at, found.sheet_id, model, most, takes)


def checking() -> bool:
    """Whether the person has asked for the draft, so that what is missing is said."""
    return bool(request.values.get("check"))


def starred_prompts(most: int = 200) -> list[str]:
    """The prompts of starred images, each once, the newest first."""
    with services().database.read() as connection:
        found = images.page(connection, owner(), Wanted(starred=True), limit=most)
    return list(dict.fromkeys(image.prompt for image in found))

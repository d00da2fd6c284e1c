"""The good rows now, the others later: a sheet with problems parted so that what is ready can run."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from assistant.here import owner, services
from assistant.toasts import say
from assistant.web.grid.room import pages
from assistant.words import count
from jobs.parting import part
from jobs.store import sheets
from schema.wording import quoted


@pages.post("/<sheet_id>/part")
def run_the_good(sheet_id: str) -> ResponseReturnValue:
    """Keep the rows with errors as a sheet of their own, and go on to the details of the others."""
    rest_id, rows = part(services(), owner(), sheet_id)
    with services().database.read() as connection:
        name = sheets.get(connection, owner(), rest_id).name
    say(
        f"{count(rows, 'row')} with problems {'is' if rows == 1 else 'are'} kept as the sheet {quoted(name)}."
    )
    return redirect(url_for("sheet.details", sheet_id=sheet_id), 303)

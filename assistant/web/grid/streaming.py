"""The feed as server-sent events, for a page on which rows arrive while a draft is written."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

from flask import Response, request

from assistant.here import owner, services
from assistant.web.grid import telling
from assistant.web.grid.room import pages
from jobs.errors import PromptsheetError
from jobs.feed import Feed, feed
from jobs.services import Services

LOOK = 0.05
"""Seconds between two looks at the log."""

HEARTBEAT = 10.0
"""Seconds of silence after which a comment shows that the stream lives, and whether anybody still listens."""

LONGEST = 600.0
"""Seconds of one stream; the browser asks for the next one by itself, from where it was."""


@pages.get("/<sheet_id>/events")
def events(sheet_id: str) -> Response:
    """Each event is a feed answer, its id the cursor, so that who comes back misses nothing."""
    here, person = services(), owner()
    known = request.headers.get("Last-Event-ID") or request.args.get("after", "")
    first = feed(here, person, sheet_id, int(known) if known.isdecimal() else None)
    answer = Response(_stream(here, person, sheet_id, first), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _stream(here: Services, person: str, sheet_id: str, first: Feed) -> Iterator[str]:
    """Until nobody listens, or the draft is over and said to be."""
    found, silent, pause = first, 0.0, threading.Event()
    said: tuple[int, bool, int] | None = None
    for _ in range(int(LONGEST / LOOK)):
        state = (found.cursor, found.drafting, found.expected)
        if state != said:
            said, silent = state, 0.0
            yield f"id: {found.cursor}\ndata: {json.dumps(telling.told(found))}\n\n"
        elif silent >= HEARTBEAT:
            silent = 0.0
            yield ": still here\n\n"
        pause.wait(LOOK)
        silent += LOOK
        try:
            found = feed(here, person, sheet_id, found.cursor)
        except PromptsheetError:  # deleted, or no database: the browser asks again and is told
            return

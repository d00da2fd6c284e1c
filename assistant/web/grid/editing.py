"""What a grid sends: edits, undo, redo, repairs. The answer is the feed since what the page had."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from flask import request

from assistant.here import owner, services
from assistant.web.grid import telling
from assistant.web.grid.room import pages
from jobs import mend, merge, steps
from jobs.errors import Conflict, Invalid
from jobs.feed import feed
from jobs.merge import Taken
from jobs.services import Services

MOST_STEPS = 1_000


@pages.post("/<sheet_id>/edits")
def edit(sheet_id: str) -> dict[str, Any]:
    """Edits as one change; a cell that holds something else by now is a conflict and left as it is."""
    document = _document()
    wishes = merge.read(document.get("edits"))
    taken = merge.take(services(), owner(), sheet_id, wishes, str(document.get("origin", "edit")))
    return _answer(sheet_id, document, taken)


@pages.post("/<sheet_id>/undo")
def undo(sheet_id: str) -> dict[str, Any]:
    return _take_back(sheet_id, steps.undo)


@pages.post("/<sheet_id>/redo")
def redo(sheet_id: str) -> dict[str, Any]:
    return _take_back(sheet_id, steps.redo)


def _take_back(sheet_id: str, step: Callable[[Services, str, str], int]) -> dict[str, Any]:
    """As many steps as `times` says; fewer where no more are left. Raises Conflict where there is none."""
    document = _document()
    times = document.get("times", 1)
    step(services(), owner(), sheet_id)
    with contextlib.suppress(Conflict):
        for _ in range(min(times, MOST_STEPS) - 1 if isinstance(times, int) else 0):
            step(services(), owner(), sheet_id)
    return _answer(sheet_id, document)


@pages.post("/<sheet_id>/safe-fixes")
def safe_fixes(sheet_id: str) -> dict[str, Any]:
    """Every repair that needs no question, as one change."""
    mend.repair_all(services(), owner(), sheet_id)
    return _answer(sheet_id, _document())


def _document() -> dict[str, Any]:
    document = request.get_json(silent=True)
    if not isinstance(document, dict):
        raise Invalid("The body has to be a JSON object.")
    return document


def _answer(sheet_id: str, document: dict[str, Any], taken: Taken | None = None) -> dict[str, Any]:
    """The feed since `base`, the group that the page knew last."""
    base = document.get("base")
    found = feed(services(), owner(), sheet_id, base if isinstance(base, int) else None)
    return telling.told(found, taken.clashes if taken else ())

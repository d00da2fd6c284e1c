"""What became of a sheet since a page last heard: changed rows, order, problems, steps, a draft's rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jobs import steps as log_steps
from jobs.origins import Origin, Place, origins
from jobs.services import Services
from jobs.sheet import View, ViewRow, look_in
from jobs.steps import Steps
from jobs.store import drafts, history
from jobs.store import sheets as store
from jobs.store.drafts import DraftState


@dataclass(frozen=True)
class News:
    """A sheet as it is now and what of it is new.

    cursor   the newest group of the log: the next question begins after it
    rows     the rows that were touched since; all where nothing was known
    order    whether rows came, went or moved
    origins  of the cells of those rows
    """

    cursor: int
    view: View
    rows: Sequence[ViewRow]
    order: bool
    origins: Mapping[Place, Origin]
    steps: Steps


@dataclass(frozen=True)
class Feed:
    """`news` is None where nothing was done since; `expected` rows are still to come while `drafting`.

    `plan` is the draft's, as it is kept, None where there is none.
    """

    cursor: int
    news: News | None
    drafting: bool
    expected: int
    plan: Mapping[str, Any] | None = None


def feed(services: Services, owner: str, sheet_id: str, after: int | None = None) -> Feed:
    """All that there is, or what came after the group `after`. Raises NotFound."""
    with services.database.read() as connection:
        cursor = history.last(connection, owner, sheet_id)
        draft = drafts.of_sheet(connection, owner, sheet_id)
        drafting = draft is not None and draft.state == DraftState.DRAFTING
        expected = max(0, draft.asked - draft.came) if draft and drafting else 0
        if after is not None and after >= cursor:
            store.get(connection, owner, sheet_id)
            return Feed(cursor, None, drafting, expected, draft.plan if draft else None)
        view = look_in(connection, owner, sheet_id, services.settings.max_rows)
        if drafting:  # that there are no rows yet is no problem of anybody's
            view = replace(view, problems=tuple(told for told in view.problems if told.code != "no-rows"))
        touched = history.since(connection, owner, sheet_id, after) if after is not None else None
        known: Collection[str] | None = touched.rows if touched else None
        news = News(
            cursor,
            view,
            [row for row in view.rows if known is None or row.id in known],
            touched is None or touched.order,
            origins(connection, owner, sheet_id, known),
            log_steps.steps(connection, owner, sheet_id),
        )
        return Feed(cursor, news, drafting, expected, draft.plan if draft else None)

"""A sheet, its locks and its brief taken together, for whoever proposes changes to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.chat.ground import Ground, Line
from assistant.drafting.brief import Brief
from assistant.drafting.deal import Deal
from jobs import recall, sheet
from jobs.services import Services
from jobs.store import drafts


def look(services: Services, owner: str, sheet_id: str, at: float | None = None) -> Ground:
    """A sheet as a request meets it; with `at` its rows have their numbers of then. Raises NotFound."""
    view = sheet.look(services, owner, sheet_id)
    with services.database.read() as connection:
        locked = recall.locks(connection, owner, sheet_id)
        order = recall.order_at(connection, owner, sheet_id, at) if at is not None else []
    faulty = {problem.row_id for problem in view.problems if problem.level == "error" and problem.row_id}
    return Ground(
        lines=_numbered(view, order),
        locked=locked,
        faulty=faulty,
        headings=tuple(heading.key for heading in view.sheet.headings),
        max_rows=services.settings.max_rows,
    )


def _numbered(view: sheet.View, order: Sequence[str]) -> list[Line]:
    """The rows with the numbers that they had; those that came since have the numbers after the last."""
    then = {row_id: number for number, row_id in enumerate(order, sheet.FIRST_NUMBER)}
    following = sheet.FIRST_NUMBER + len(then)
    lines: list[Line] = []
    for row in view.rows:
        number = then.get(row.id) if order else row.number
        if number is None:
            number, following = following, following + 1
        lines.append(Line(row.id, number, row.cells))
    return lines


def brief_of(services: Services, owner: str, sheet_id: str) -> Brief | None:
    """The brief that a sheet was drafted from."""
    with services.database.read() as connection:
        draft = drafts.of_sheet(connection, owner, sheet_id)
    return Brief.from_json(draft.brief) if draft else None


def settings(brief: Brief | None, ground: Ground) -> Callable[[], Mapping[str, str]]:
    """The cells that the brief fixes or spreads, dealt to new rows as the draft dealt them."""
    if brief is None:
        return dict
    names = ground.columns.names
    owned = dict.fromkeys((name for name in names if brief.wish(name).kind in ("fixed", "spread")), "")
    deal = Deal(brief, ground.columns, start=len(ground.lines))
    return lambda: {**owned, **deal.cells()}

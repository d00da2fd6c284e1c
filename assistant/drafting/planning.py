"""A draft's plan as a person changes it, while rows come or after: each change is of the plan as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.drafting import keeping
from assistant.drafting.plan import Plan
from assistant.drafting.start import require_model
from jobs.errors import Conflict, Invalid
from jobs.hints import DRAFTS, hint
from jobs.services import Services
from jobs.store import drafts, sheets
from jobs.store.database import Connection
from jobs.store.drafts import Draft, DraftState

CHANGES = ("rename", "weigh", "more", "add", "drop", "order")
"""A strand's name, its number of rows, some rows more of it, a new strand, no more of one, the order."""


def change(services: Services, owner: str, draft_id: str, given: Mapping[str, Any]) -> Draft:
    """Make one change of a draft's plan; a draft that had ended goes on for the rows that it lacks then.

    `given` is {"change": "rename", "strand": id, "name": …}, {"change": "weigh" or "more", "strand", "rows"},
    {"change": "add", "name", "about", "rows"}, {"change": "drop", "strand"} or {"change": "order", "order"}.
    Raises NotFound, Conflict for a draft without a plan, Invalid for what cannot be, and NotConfigured where
    a model is needed for more rows and none is connected.
    """
    with services.database.write() as connection:
        draft = drafts.get(connection, owner, draft_id, lock=True)
        if not draft.plan:
            raise Conflict("This draft has no plan: its rows were written in one go.")
        before = Plan.from_json(draft.plan)
        came = sheets.strands(connection, owner, draft.sheet_id)
        after = _changed(before, given, came)
        asked = max(draft.came, draft.asked + after.rows - before.rows)
        _fits(services, connection, draft, asked)
        if asked > draft.came and draft.state != DraftState.DRAFTING and after.rows > before.rows:
            require_model(services, owner)
            drafts.go_on(connection, owner, draft_id, source="model", asked=asked, had=draft.came)
        drafts.plan(connection, owner, draft_id, after.to_json(), asked)
        if given["change"] == "order" and draft.state != DraftState.DRAFTING:
            _order(connection, draft, after, services.clock())
        found = drafts.get(connection, owner, draft_id)
    if found.state == DraftState.DRAFTING:
        hint(services, DRAFTS)
    return found


def _changed(plan: Plan, given: Mapping[str, Any], came: Mapping[str, int]) -> Plan:
    """Raises Invalid, Conflict."""
    strand, rows = str(given.get("strand", "")), given.get("rows", 0)
    match given.get("change"):
        case "rename":
            return plan.renamed(strand, str(given.get("name", "")))
        case "weigh":
            return plan.weighed(strand, _whole(rows), came)
        case "more":
            return plan.weighed(strand, plan[strand].rows + max(1, _whole(rows)), came)
        case "add":
            return plan.with_more(str(given.get("name", "")), str(given.get("about", "")), _whole(rows))
        case "drop":
            return plan.without(strand, came)
        case "order":
            return plan.ordered(str(given.get("order", "")))
    raise Invalid(f"A change of a plan is one of {', '.join(CHANGES)}.")


def _fits(services: Services, connection: Connection, draft: Draft, asked: int) -> None:
    """Raises Invalid where the sheet would not hold the rows."""
    most = services.settings.max_rows - 1
    there, _ = sheets.extent(connection, draft.owner, draft.sheet_id)
    if there + max(0, asked - draft.came) > most:
        raise Invalid(f"A sheet takes {most:,} rows; there would be {there + asked - draft.came:,}.")


def _order(connection: Connection, draft: Draft, plan: Plan, now: float) -> None:
    if plan.order == "strands":
        keeping.by_strand(connection, draft, plan, now, draft.owner)
    else:
        keeping.mixed(connection, draft, now, draft.owner)


def _whole(value: object) -> int:
    text = str(value).strip()
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise Invalid("The number of rows is a whole number.")
    return int(text)

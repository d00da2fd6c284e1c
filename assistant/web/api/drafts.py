"""/drafts: a brief becomes a sheet, row by row."""

from __future__ import annotations

from flask import Blueprint

from assistant.drafting import planning, start
from assistant.drafting.brief import parse
from assistant.drafting.plan import read
from assistant.here import owner, services
from assistant.web.api import telling
from assistant.web.api.incoming import DraftOrder, PlanChange
from assistant.web.api.outgoing import DraftMade, DraftShape
from assistant.web.api.spec import Answers, spec
from jobs.store import drafts as store

calls = Blueprint("drafts", __name__)


@calls.post("/drafts")
@spec.validate(
    resp=Answers(202, DraftMade, faults=(415, 503, 507)), tags=["drafts"], operation_id="createDraft"
)
def create(json: DraftOrder) -> tuple[DraftMade, int]:
    """Draft a sheet. It goes on after the client leaves; its rows are those of the sheet, as they come.

    The language model writes it; with `combine` no model is needed: the rows are the combinations that {a|b}
    and __lists__ in the examples make.
    """
    most = services().settings.max_rows
    document = json.model_dump(exclude_none=True, exclude={"combine", "plan"})
    plan = read(json.plan, json.rows, most) if json.plan is not None else None
    brief = parse(document | ({"rows": plan.rows} if plan else {}), most, combine=json.combine)
    draft = start.start(services(), owner(), brief, combine=json.combine, plan=plan)
    return DraftMade(id=draft.id, sheet_id=draft.sheet_id), 202


@calls.get("/drafts/<draft_id>")
@spec.validate(resp=Answers(200, DraftShape, faults=(404,)), tags=["drafts"], operation_id="getDraft")
def details(draft_id: str) -> DraftShape:
    """How far a draft is, and what is wrong with its sheet now."""
    return _told(draft_id)


@calls.post("/drafts/<draft_id>/stop")
@spec.validate(resp=Answers(200, DraftShape, faults=(404,)), tags=["drafts"], operation_id="stopDraft")
def stop(draft_id: str) -> DraftShape:
    """Write no further row; those that came are kept. Harmless where nothing is written."""
    start.stop(services(), owner(), draft_id)
    return _told(draft_id)


@calls.post("/drafts/<draft_id>/plan")
@spec.validate(
    resp=Answers(200, DraftShape, faults=(404, 409, 415, 503, 507)),
    tags=["drafts"],
    operation_id="changePlan",
)
def change(draft_id: str, json: PlanChange) -> DraftShape:
    """Change the plan while rows come, or after: then the draft goes on for the rows that it lacks.

    Dropped rows are shared by the other strands; those that came are kept. 409: the draft has no plan.
    """
    planning.change(services(), owner(), draft_id, json.model_dump(exclude_none=True))
    return _told(draft_id)


def _told(draft_id: str) -> DraftShape:
    with services().database.read() as connection:
        draft = store.get(connection, owner(), draft_id)
    now = start.progress(services(), owner(), draft)
    return DraftShape.model_validate(
        {
            **{name: getattr(draft, name) for name in DraftShape.model_fields if hasattr(draft, name)},
            "rows": now.rows,
            "valid": now.valid,
            "plan": now.plan,
            "problems": telling.problems(now.view),
        }
    )

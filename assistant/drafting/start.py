"""Drafts begun, stopped, taken up again, pasted; how far they are. For pages, API and command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant import secret
from assistant.drafting import brief as briefs
from assistant.drafting import keeping, pasted
from assistant.drafting.brief import Brief
from assistant.drafting.deal import Pool
from assistant.drafting.pasted import Pasted
from assistant.drafting.plan import TOGETHER, UNPLANNED, Plan
from assistant.drafting.quality import quality
from assistant.drafting.sieve import Arrival, Sieve
from assistant.drafting.wishes import PROMPT
from assistant.model.endpoint import Endpoint, configured
from jobs.errors import Conflict, Invalid, NotConfigured
from jobs.hints import DRAFTS, hint
from jobs.services import Services
from jobs.sheet import View, look
from jobs.store import briefs as forms
from jobs.store import drafts as store
from jobs.store import edits, endpoints, sheets
from jobs.store.database import Connection
from jobs.store.drafts import Draft, DraftState
from jobs.store.edits import Edit
from jobs.store.sheets import Heading
from schema.columns import load
from schema.problems import Problem

KIND = "draft"
"""What a sheet's source says of a sheet that was drafted."""

SURE = 5
"""Rows that must have come before a time is told."""

SLOWER, FASTER = 1.5, 0.8
"""The range of the time left, around what the rows so far took."""

TWICE = 5.0
"""Seconds within which the same brief asks for the same draft."""

PASTING = "paste"
"""Who holds a draft while a pasted answer is written into it, within one transaction."""

MOST_PASTED = 2_000_000
"""Characters of a pasted answer: ten times what 499 long rows take."""


@dataclass(frozen=True)
class Progress:
    """How far a draft is.

    asked, came    rows asked for, and those that came           valid     rows without an error now
    repaired       rows in which something was put right         repeated  rows too like another, replaced
    tokens         as the model counted, 0 where it did not      seconds   low and high still to go, or None
    problems       what is wrong with the sheet now              view      the sheet itself
    came           rows that are there, by strand
    """

    draft: Draft
    view: View
    seconds: tuple[float, float] | None
    came: Mapping[str, int]

    @property
    def plan(self) -> dict[str, Any] | None:
        """The strands, each with how many of its rows are there; None where there is no plan."""
        if not self.draft.plan:
            return None
        strands = [
            {**strand, "came": self.came.get(strand["id"], 0)} for strand in self.draft.plan["strands"]
        ]
        for strand in strands:
            if strand.setdefault("dropped", False):  # what came while it was dropped is kept too
                strand["rows"] = strand["came"]
        return {**self.draft.plan, "strands": strands}

    @property
    def rows(self) -> int:
        return len(self.view.rows)

    @property
    def valid(self) -> int:
        return self.rows - self.view.rows_with("error")

    @property
    def missing(self) -> int:
        return max(0, self.draft.asked - self.draft.came)

    @property
    def problems(self) -> Sequence[Problem]:
        return self.view.problems

    @property
    def drafting(self) -> bool:
        return self.draft.state == DraftState.DRAFTING


def start(
    services: Services,
    owner: str,
    brief: Brief,
    *,
    combine: bool = False,
    brief_id: str | None = None,
    plan: Plan | None = None,
) -> Draft:
    """Make a sheet, and see that rows are written into it: by the model, or the combinations of the examples.

    With a `plan` none is made. Raises NotConfigured where a model is needed and none is connected.
    """
    if not combine:
        require_model(services, owner)
    source = "combinations" if combine else "model"
    with services.database.write() as connection:
        if known := _begun(connection, owner, brief, brief_id, services.clock()):
            return known
        draft = _begin(connection, services, owner, brief, source, brief_id, plan)
    hint(services, DRAFTS)
    return draft


def takes(services: Services, owner: str, endpoint: Endpoint, rows: int) -> tuple[float, float] | None:
    """Seconds that a draft of so many rows takes, low and high; None where the model has written none yet."""
    with services.database.read() as connection:
        rate = endpoints.rate(connection, owner, endpoint.base_url, endpoint.model)
    if not rate:
        return None
    seconds = 60 * rows / rate / (1 if endpoint.near or rows <= UNPLANNED else TOGETHER)
    return FASTER * seconds, SLOWER * seconds


def stop(services: Services, owner: str, draft_id: str) -> Draft:
    """Write no further row; those that came are kept. Harmless where nothing is written."""
    with services.database.write() as connection:
        store.end(connection, owner, draft_id, DraftState.STOPPED, services.clock(), "Stopped by you.")
        return store.get(connection, owner, draft_id)


def go_on(services: Services, owner: str, draft_id: str) -> Draft:
    """Let the model write what a draft lacks. Raises NotConfigured without one, Conflict where none lacks."""
    require_model(services, owner)
    with services.database.write() as connection:
        draft = store.get(connection, owner, draft_id)
        if draft.state != DraftState.DRAFTING:
            _take_up(connection, draft, "model")
        draft = store.get(connection, owner, draft_id)
    hint(services, DRAFTS)
    return draft


def paste(
    services: Services,
    owner: str,
    text: str,
    *,
    brief: Brief | None = None,
    brief_id: str | None = None,
    draft_id: str | None = None,
) -> Draft:
    """Take the rows out of a chat app's answer: into a new sheet for a brief, or into that of a draft.

    They are repaired, checked and counted as a draft's are. Raises Invalid where no rows can be found,
    Conflict while the draft is being written.
    """
    if len(text) > MOST_PASTED:
        raise Invalid(
            f"The answer has {len(text):,} characters; {MOST_PASTED:,} are the most. Paste it in parts."
        )
    found = pasted.read_pasted(text)
    if not any(row.get(PROMPT, "").strip() for row in found.rows):
        raise Invalid(
            "No rows were found in that. Paste the whole answer, with its table or its code block; each row "
            "needs a prompt."
        )
    now = services.clock()
    with services.database.write() as connection:
        if draft_id is None:
            if brief is None:
                raise Invalid("An answer is counted against a brief. Say what was asked.")
            draft = _begin(connection, services, owner, brief, "pasted", brief_id)
        else:
            draft = store.get(connection, owner, draft_id)
            if draft.state == DraftState.DRAFTING:
                raise Conflict("Rows are being written into this sheet. Stop that first, then paste.")
            _take_up(connection, draft, "pasted", finished=True)
        _keep_pasted(connection, store.get(connection, owner, draft.id), found, now)
        return store.get(connection, owner, draft.id)


def progress(services: Services, owner: str, draft: Draft) -> Progress:
    """How far a draft is. Raises NotFound where its sheet was deleted."""
    view = look(services, owner, draft.sheet_id)
    with services.database.read() as connection:
        came = sheets.strands(connection, owner, draft.sheet_id)
    return Progress(draft, view, _left(draft, services.clock()), came)


def has_model(services: Services, owner: str) -> bool:
    """Whether the person has a language model, their own or that of the settings."""
    return configured(services, owner, secret.key(services.settings)) is not None


def require_model(services: Services, owner: str) -> None:
    """Raises NotConfigured that says what to do where no language model is configured."""
    if not has_model(services, owner):
        raise NotConfigured(
            "Drafting needs a language model, and none is connected. Connect one, use a chat app of your "
            "own, or combine: {red|blue} in an example makes a row of each."
        )


def _begun(
    connection: Connection, owner: str, brief: Brief, brief_id: str | None, now: float
) -> Draft | None:
    """The draft that the same brief made a moment ago: a button was pressed twice."""
    sheet_id = forms.get(connection, owner, brief_id).sheet_id if brief_id else None
    draft = store.of_sheet(connection, owner, sheet_id) if sheet_id else None
    twice = draft and draft.brief == brief.to_json() and now - draft.created_at < TWICE
    return draft if twice else None


def _begin(
    connection: Connection,
    services: Services,
    owner: str,
    brief: Brief,
    source: str,
    brief_id: str | None,
    plan: Plan | None = None,
) -> Draft:
    now = services.clock()
    sheet_id = sheets.add(connection, owner, briefs.title(brief), now)
    sheet = sheets.get(connection, owner, sheet_id)
    headings = [Heading(name, name, name).to_json() for name in load().names]
    about: dict[str, Any] = {
        "source": {"kind": KIND, "file": None, "tab": None, "encoding": None, "said": []}
    }
    described = Edit(edits.ABOUT, None, edits.about(sheet), about | {"headings": headings})
    edits.append(connection, sheet, [described], actor=owner, origin=KIND, at=now)
    if brief_id:
        forms.drafted(connection, owner, brief_id, sheet_id)
    planned = plan.to_json() if plan else None
    draft_id = store.add(
        connection, owner, sheet_id, source, brief.to_json(), brief.rows, now, brief_id, planned
    )
    return store.get(connection, owner, draft_id)


def _take_up(connection: Connection, draft: Draft, source: str, *, finished: bool = False) -> None:
    rows, _ = sheets.extent(connection, draft.owner, draft.sheet_id)
    if rows >= draft.asked and not finished:
        raise Conflict(f"All {draft.asked:,} rows are there. Ask for more in the chat beside the sheet.")
    store.go_on(connection, draft.owner, draft.id, source=source, asked=draft.asked, had=rows)


def _keep_pasted(connection: Connection, draft: Draft, found: Pasted, now: float) -> None:
    rows = sheets.rows(connection, draft.owner, draft.sheet_id)
    brief = Brief.from_json(draft.brief)
    prompts = [row.cells.get(PROMPT, "") for row in rows]
    sieve, pool = Sieve(brief, prompts), Pool(brief, draft.asked, [row.cells for row in rows])
    arrivals: list[Arrival] = []
    refused: Counter[str] = Counter()
    for cells in found.rows:
        taken = sieve.take(cells, pool.draw(1)[0], lenient=True)
        if isinstance(taken, Arrival):
            arrivals.append(taken)
        elif taken:
            refused[taken.kind] += 1
    store.hold(connection, draft.id, PASTING)
    held = store.get(connection, draft.owner, draft.id)
    keeping.keep_held(connection, held, arrivals, {"repeated": refused.total()}, now)
    prompts += [row.cells[PROMPT] for row in arrivals]
    spoken = quality(prompts, brief).sentence if len(prompts) > 1 else None
    store.note(connection, draft.id, PASTING, variety=spoken, said=found.said)
    store.end(connection, draft.owner, draft.id, DraftState.FINISHED, now, holder=PASTING)


def _left(draft: Draft, now: float) -> tuple[float, float] | None:
    """Seconds still to go, low and high, from what the rows since it was begun or taken up took."""
    came = draft.came - draft.had
    if draft.state != DraftState.DRAFTING or draft.started_at is None or came < SURE:
        return None
    each = (now - draft.started_at) / came
    missing = max(0, draft.asked - draft.came)
    return FASTER * each * missing, SLOWER * each * missing

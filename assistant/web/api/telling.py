"""What `jobs` knows, in the shapes of the API."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import url_for

from assistant.here import owner, services
from assistant.web.api.outgoing import (
    BatchRowShape,
    BatchShape,
    ChangeSetShape,
    ChangeShape,
    Creation,
    CreditCounts,
    FixShape,
    FoundWrong,
    LeftShape,
    PastShape,
    ProblemShape,
    Rewordings,
    RewordingShape,
    RowCounts,
    RowShape,
    SheetDetails,
    SheetLine,
    SheetQuote,
    UsdCounts,
)
from jobs.amounts import THOUSAND
from jobs.arrivals import Shown
from jobs.batch import BatchState, RowState
from jobs.bundle import outside_name
from jobs.errors import NotConfigured
from jobs.progress import progress
from jobs.quote import Quote, quote
from jobs.revising import texts
from jobs.sheet import View, look
from jobs.store import batches
from jobs.store import rewordings as proposals
from jobs.store.batches import Batch
from jobs.store.images import Image
from jobs.store.sheets import Sheet, SheetRow
from jobs.store.turns import Turn, TurnState
from schema.problems import Problem

FREE = "proof"
"""The back end that is always there: it counts what the default one cannot while that lacks a setting."""


def sheet_quote(sheet_id: str) -> SheetQuote:
    """Raises NotFound."""
    view = look(services(), owner(), sheet_id)
    return _quoted(view, *_offer(sheet_id))


def sheet_details(sheet_id: str) -> SheetDetails:
    """Raises NotFound."""
    view = look(services(), owner(), sheet_id)
    offer, required = _offer(sheet_id)
    return SheetDetails(
        **dict(_quoted(view, offer, required)),
        name=view.sheet.name,
        created_at=moment(view.sheet.created_at),
        rows_finished=len(offer.finished),
    )


def _quoted(view: View, offer: Quote, required: float | None) -> SheetQuote:
    return SheetQuote(
        id=view.sheet.id,
        rows=len(view.rows),
        images=offer.images,
        credits_required=required,
        credits_ideogram=offer.ideogram / THOUSAND,
        credits_available=offer.available / THOUSAND,
        first_row={name: text for name, text in view.rows[0].cells.items() if text} if view.rows else None,
        ready=view.ready,
        problems=problems(view),
    )


def sheet_line(sheet: Sheet, rows: int) -> SheetLine:
    return SheetLine(id=sheet.id, name=sheet.name, rows=rows, created_at=moment(sheet.created_at))


def row(number: int, found: SheetRow) -> RowShape:
    return RowShape(
        row_id=found.id,
        number=number,
        file_row=found.file_row,
        revision=found.revision,
        strand=found.strand,
        cells=dict(found.cells),
    )


def batch(batch_id: str) -> BatchShape:
    """Raises NotFound."""
    now = progress(services(), owner(), batch_id)
    made = now.batch
    return BatchShape(
        id=made.id,
        sheet_id=made.sheet_id,
        name=made.name,
        state=BatchState(made.state),
        reason=made.reason,
        backend=made.backend,
        trial=made.trial,
        rows=RowCounts(**now.rows),
        images=now.made,
        credits=CreditCounts(
            quoted=made.quoted / THOUSAND,
            reserved=now.reserved / THOUSAND,
            spent=now.spent / THOUSAND,
        ),
        projected=now.projected / THOUSAND,
        usd=UsdCounts(**vars(now.dollars)) if now.dollars else None,
        eta_seconds=round(now.left[1]) if now.left else None,
        started_at=None if made.started_at is None else moment(made.started_at),
        ended_at=None if made.ended_at is None else moment(made.ended_at),
    )


def batch_row(shown: Shown) -> BatchRowShape:
    row = shown.row
    return BatchRowShape(
        row_id=row.row_id,
        number=row.number,
        state=RowState(row.state),
        reason=row.reason,
        notes=list(row.notes),
        images=row.made,
        credits=row.spent / THOUSAND,
        cells=texts(row.values),
        past=[
            PastShape(
                state=RowState(past.state),
                reason=past.reason,
                cells=texts(past.values),
                at=None if past.at is None else moment(past.at),
            )
            for past in shown.past
        ],
    )


def creation(of: Batch, image: Image) -> Creation:
    return Creation(
        id=image.id,
        batch_id=image.batch_id,
        row_id=image.row_id,
        number=image.number,
        image=image.index,
        file=outside_name(of, image),
        url=url_for("creations.file", image_id=image.id),
        width=image.width,
        height=image.height,
        seed=image.seed,
        prompt=image.prompt,
        prompt_used=image.prompt_used,
        aspect_ratio=image.ratio,
        style=image.style,
        private=image.private,
        starred=image.starred,
        created_at=moment(image.created_at),
    )


def change_set(turn: Turn) -> ChangeSetShape:
    names = ("row_id", "number", "op", "cells", "state", "why", "after")
    return ChangeSetShape(
        id=turn.n,
        sheet_id=turn.sheet_id,
        text=turn.text,
        state=TurnState(turn.state),
        source=turn.source,  # type: ignore[arg-type]
        reply=turn.reply,
        operations=[dict(operation) for operation in turn.operations],
        changes=[
            ChangeShape(
                **{name: item[name] for name in names},
                part=item.get("part", ""),
                problems=[FoundWrong(**problem) for problem in item["problems"]],
            )
            for item in turn.changes
        ],
        left=[
            LeftShape(**{name: entry[name] for name in ("row_id", "number", "locked", "why")})
            for entry in turn.left
        ],
        created_at=moment(turn.created_at),
        answered_at=None if turn.answered_at is None else moment(turn.answered_at),
    )


def rewordings(batch_id: str) -> Rewordings:
    """Raises NotFound."""
    with services().database.read() as connection:
        batches.get(connection, owner(), batch_id)
        found = proposals.of_batch(connection, owner(), batch_id)
    names = ("row_id", "number", "state", "before", "reason", "after", "why")
    return Rewordings(
        rewordings=[
            RewordingShape(
                **{name: getattr(one.rewording, name) for name in names}, credits=one.price / THOUSAND
            )
            for one in found
        ]
    )


def moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _offer(sheet_id: str) -> tuple[Quote, float | None]:
    """The quote, and the credits on the default back end where that can be used."""
    try:
        offer = quote(services(), owner(), sheet_id, services().settings.backend)
    except NotConfigured:
        return quote(services(), owner(), sheet_id, FREE), None
    return offer, offer.required / THOUSAND


def problems(view: View) -> list[ProblemShape]:
    """Numbered as the uploaded file's rows are; a row that came later has its number on screen."""
    in_file = {line.id: line.file_row or line.number for line in view.rows}
    return [_problem(problem, in_file.get(problem.row_id or "", problem.row)) for problem in view.problems]


def _problem(problem: Problem, number: int | None) -> ProblemShape:
    return ProblemShape(
        row=number,
        row_id=problem.row_id,
        column=problem.column,
        value=problem.value,
        level=problem.level,
        code=problem.code,
        message=problem.message,
        fix=problem.fix,
        fixes=[FixShape.model_validate(fix.to_json()) for fix in problem.fixes],
    )

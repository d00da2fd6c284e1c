"""/batches/{id}/rewordings: other words for refused rows, asked of the language model, taken or not."""

from __future__ import annotations

from flask import Blueprint

from assistant.chat.conversation import other_words
from assistant.here import owner, services
from assistant.web.api import telling
from assistant.web.api.incoming import Decision
from assistant.web.api.outgoing import BatchShape, Rewordings
from assistant.web.api.spec import Answers, spec
from jobs import rewording

calls = Blueprint("rewordings", __name__)


@calls.post("/batches/<batch_id>/rewordings")
@spec.validate(
    resp=Answers(202, Rewordings, faults=(404, 409)), tags=["batches"], operation_id="createRewordings"
)
def create(batch_id: str) -> tuple[Rewordings, int]:
    """Ask the language model for other words for the refused rows: proposals, never run by themselves.

    409: no refused row is without a proposal. 503: no language model is connected.
    """
    other_words(services(), owner(), batch_id)
    return telling.rewordings(batch_id), 202


@calls.get("/batches/<batch_id>/rewordings")
@spec.validate(resp=Answers(200, Rewordings, faults=(404,)), tags=["batches"], operation_id="listRewordings")
def listing(batch_id: str) -> Rewordings:
    """What is proposed for the rows that are still refused; while one is waiting, more comes."""
    return telling.rewordings(batch_id)


@calls.post("/batches/<batch_id>/rewordings/accept")
@spec.validate(
    resp=Answers(200, BatchShape, faults=(402, 404, 409, 415)),
    tags=["batches"],
    operation_id="acceptRewordings",
)
def accept(batch_id: str, json: Decision) -> BatchShape:
    """Try the rows again in the words proposed, all or these. 409: nothing is proposed of them any more."""
    rewording.accept(services(), owner(), batch_id, json.rows)
    return telling.batch(batch_id)


@calls.post("/batches/<batch_id>/rewordings/reject")
@spec.validate(
    resp=Answers(200, Rewordings, faults=(404, 409, 415)), tags=["batches"], operation_id="rejectRewordings"
)
def reject(batch_id: str, json: Decision) -> Rewordings:
    """Leave the rows refused, all or these, and forget the words proposed. 409: as for accepting."""
    rewording.reject(services(), owner(), batch_id, json.rows)
    return telling.rewordings(batch_id)

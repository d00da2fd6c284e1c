"""/sheets/{id}/messages, /operations and /changes: ask for a change, look at what is proposed, take it."""

from __future__ import annotations

from flask import Blueprint

from assistant.chat.conversation import ask, operate
from assistant.here import owner, services
from assistant.web.api import telling
from assistant.web.api.incoming import Decision, Message, Operations
from assistant.web.api.outgoing import ChangeSetMade, ChangeSetShape
from assistant.web.api.spec import Answers, spec
from jobs import talk

calls = Blueprint("changes", __name__)


@calls.post("/sheets/<sheet_id>/messages")
@spec.validate(
    resp=Answers(202, ChangeSetMade, faults=(404, 415, 507)), tags=["changes"], operation_id="createMessage"
)
def create(sheet_id: str, json: Message) -> tuple[ChangeSetMade, int]:
    """Ask for a change of a sheet. What comes of it is a proposal, never applied by itself."""
    turn = ask(services(), owner(), sheet_id, json.text, {"selected": json.selected})
    return ChangeSetMade(change_set_id=turn.n), 202


@calls.post("/sheets/<sheet_id>/operations")
@spec.validate(
    resp=Answers(202, ChangeSetMade, faults=(404, 415, 507)),
    tags=["changes"],
    operation_id="createOperations",
)
def operations(sheet_id: str, json: Operations) -> tuple[ChangeSetMade, int]:
    """Carry out operations, without a language model. It comes to a proposal, as a message does."""
    found = [one.model_dump(by_alias=True, exclude_none=True) for one in json.operations]
    turn = operate(services(), owner(), sheet_id, found, {"selected": json.selected})
    return ChangeSetMade(change_set_id=turn.n), 202


@calls.get("/sheets/<sheet_id>/changes/<int(max=999999):number>")
@spec.validate(resp=Answers(200, ChangeSetShape, faults=(404,)), tags=["changes"], operation_id="getChanges")
def details(sheet_id: str, number: int) -> ChangeSetShape:
    """A proposal as it is now; while its state is waiting, more of it may come."""
    return telling.change_set(talk.turn(services(), owner(), sheet_id, number))


@calls.post("/sheets/<sheet_id>/changes/<int(max=999999):number>/accept")
@spec.validate(
    resp=Answers(200, ChangeSetShape, faults=(404, 409, 415, 507)),
    tags=["changes"],
    operation_id="acceptChanges",
)
def accept(sheet_id: str, number: int, json: Decision) -> ChangeSetShape:
    """Take what is open of a proposal, or these rows of it, as one change of the sheet.

    Cells that were changed meanwhile stay as they are. 409: the answer is still coming, or changes nothing.
    Again it changes nothing.
    """
    return telling.change_set(talk.accept(services(), owner(), sheet_id, number, json.rows))


@calls.post("/sheets/<sheet_id>/changes/<int(max=999999):number>/reject")
@spec.validate(
    resp=Answers(200, ChangeSetShape, faults=(404, 409, 415, 507)),
    tags=["changes"],
    operation_id="rejectChanges",
)
def reject(sheet_id: str, number: int, json: Decision) -> ChangeSetShape:
    """Do not take what is open of a proposal, or these rows of it. 409: as for accepting."""
    return telling.change_set(talk.reject(services(), owner(), sheet_id, number, json.rows))

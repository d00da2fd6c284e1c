"""What is asked over a sheet: kept for the worker that asks the model, or carried out at once by buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant import secret
from assistant.chat.changes import ChangeSet
from assistant.chat.executing import carry_out, part_of, told
from assistant.chat.ground import look
from assistant.chat.operations import ASKED, Operation, Unclear, read
from assistant.model.endpoint import configured
from jobs import hints, rewording, talk
from jobs.errors import Invalid, NotConfigured
from jobs.services import Services
from jobs.store.turns import Turn
from jobs.talk import Answer

NONE_SET_UP = "None is connected."
Seen = Mapping[str, Sequence[str]]
"""Ids of the rows that are `selected` and `shown` on the person's page."""


def ask(services: Services, owner: str, sheet_id: str, text: str, seen: Seen | None = None) -> Turn:
    """Keep what is asked until the model has answered; no row of the sheet changes by that.

    Without a model the turn says what talking needs. Raises NotFound, and Invalid where there is nothing to
    read or too much of it.
    """
    text = talk.cleaned(text)
    if lacking := without_writer(services, owner):
        answer = Answer(
            f"Talking needs a language model. {lacking} Without one, the buttons below set columns, replace "
            "words, duplicate and find rows that are too similar, and the grid does everything else."
        )
        return talk.tell(services, owner, sheet_id, text, answer)
    turn = talk.wait(services, owner, sheet_id, text, seen)
    hints.hint(services, hints.DRAFTS)
    return turn


def operate(
    services: Services, owner: str, sheet_id: str, documents: Sequence[object], seen: Seen | None = None
) -> Turn:
    """Carry out operations that a button or a program made: a proposal, as those of the model are.

    Raises NotFound, and Invalid where one cannot be read or needs a writer.
    """
    ground = look(services, owner, sheet_id, seen=seen)
    try:
        operations = [read(one if isinstance(one, Mapping) else {}, ground.columns) for one in documents]
    except Unclear as why:
        raise Invalid(str(why)) from None
    if not operations:
        raise Invalid("There is no operation to carry out.")
    if needing := [one.op for one in operations if one.op in ASKED]:
        raise Invalid(f"{needing[0]} is for talking: write it as a message.")
    changes, said = ChangeSet(ground), list[str]()
    for operation in operations:
        try:
            said.append(carry_out(operation, changes))
        except Unclear as why:
            said.append(str(why))
    words = "; ".join(map(_said, operations))
    return talk.tell(services, owner, sheet_id, words, told(changes, said, operations, "program"))


def without_writer(services: Services, owner: str) -> str | None:
    """Why no language model can be asked, in a sentence; None where one can."""
    try:
        return None if configured(services, owner, secret.key(services.settings)) else NONE_SET_UP
    except NotConfigured as reason:
        return str(reason)


def other_words(services: Services, owner: str, batch_id: str) -> int:
    """Ask for other words for a batch's refused rows; returns for how many.

    Raises NotConfigured without a model, and what `jobs.rewording.ask` does.
    """
    if lacking := without_writer(services, owner):
        raise NotConfigured(f"Other words need a language model. {lacking}")
    return rewording.ask(services, owner, batch_id)


def _said(operation: Operation) -> str:
    """An operation of a button as what was asked."""
    rows = f", {operation.rows} rows" if operation.rows and operation.rows != "all" else ""
    names: dict[str, Any] = {"similar": "Which are too similar?"}
    return f"{names.get(operation.op) or part_of(operation)}{rows}"

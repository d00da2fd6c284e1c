"""A turn that waits for the language model: what the model says becomes a proposal, as it comes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.chat.carrying_out import picked
from assistant.chat.changes import ChangeSet
from assistant.chat.ground import PROMPT, Ground, Line, Unclear
from assistant.chat.requests import Reword
from assistant.chat.revising import propose
from assistant.chat.seeing import brief_of, look, settings
from assistant.chat.telling import told
from assistant.drafting import calls
from assistant.drafting.brief import Brief
from assistant.drafting.intents import named_in, understand
from assistant.model.client import Model
from jobs import talk
from jobs.errors import ModelError
from jobs.services import Services
from jobs.store.turns import Turn
from jobs.talk import Answer

log = logging.getLogger(__name__)

EVERY = 0.3
"""Seconds after which what has come is written down, and it is seen whether the turn was stopped."""
NEIGHBOURS = 4
"""Rows above and below that a row written anew must not repeat."""
_AGAIN = (
    "Write row {} anew: its prompt of the same kind with other ideas, and settings that fit it. "
    "It must not be like these:\n{}"
)
MOST_REWORDED = 20
"""Rows that are written anew one by one; of more, the model makes one list."""


async def answer(services: Services, model: Model, turn: Turn) -> None:
    """Answer a turn that waits for the model; what comes of the answer is kept as it comes.

    It ends as a proposal, an answer or a failure that says why in words. A turn that was stopped, or that
    another worker has taken over, is left alone, and the model is asked no further.
    """
    writing = _Writing(services, turn)
    asking_it = asyncio.create_task(writing.run(model))
    try:
        while not (await asyncio.wait({asking_it}, timeout=EVERY))[0]:
            if not await writing.keep():
                return
        await asking_it
    except Exception:
        log.exception("Turn %s of sheet %s broke off", turn.n, turn.sheet_id)
        sentence = (
            "Promptsheet broke off while it read the model's answer; that is a fault of ours. Ask again."
        )
        await asyncio.to_thread(talk.settle, services, turn, Answer(sentence, source="model", failed=True))
        raise
    finally:
        asking_it.cancel()
        await asyncio.wait({asking_it})


class _Writing:
    """A change set that grows with what the model says, and is kept as it grows."""

    def __init__(self, services: Services, turn: Turn) -> None:
        self._services, self._turn = services, turn
        self._named = named_in(turn.text)
        self._changes: ChangeSet | None = None
        self._new = False
        self._strange: dict[str, None] = {}
        self._said: list[str] = []

    async def run(self, model: Model) -> None:
        """Ask the model, and take in what it says."""
        turn, before = self._turn, len(model.said)
        ground = await asyncio.to_thread(look, self._services, turn.owner, turn.sheet_id, turn.created_at)
        brief = await asyncio.to_thread(brief_of, self._services, turn.owner, turn.sheet_id)
        changes = self._changes = ChangeSet(ground, settings(brief, ground))
        try:
            async for found in _objects(model, turn, ground, brief):
                self._put(changes, found)
                self._new = True
        except ModelError as broke:
            kept = f"{broke} What had come of the answer is below." if changes.items() else str(broke)
            await self._end(changes, [*self._said, kept], failed=True)
        else:
            await self._end(changes, [*self._said, *model.said[before:]])

    async def keep(self) -> bool:
        """Write down what has come since. False where nobody waits for it any more."""
        if self._new and self._changes:
            self._new = False
            items, left = self._changes.items(), self._changes.left()
            return await asyncio.to_thread(talk.arriving, self._services, self._turn, items, left)
        return await asyncio.to_thread(talk.waits, self._services, self._turn)

    async def _end(self, changes: ChangeSet, said: Sequence[str], *, failed: bool = False) -> None:
        if self._strange:
            said = [*said, f"It named row {', '.join(self._strange)}, which the sheet does not have."]
        final = told(changes, said, "model")
        reply = final.reply or (None if final.changes else "The model proposed no change.")
        await asyncio.to_thread(
            talk.settle, self._services, self._turn, replace(final, reply=reply, failed=failed)
        )

    def _put(self, changes: ChangeSet, found: Mapping[str, Any]) -> None:
        """One object of the answer. A cell of which the model says null is one that it says nothing of."""
        op, cells = found.get("op"), found.get("cells")
        given = cells.items() if isinstance(cells, Mapping) else ()
        texts = {str(name): _text(value) for name, value in given if value is not None}
        if op == "reply":
            self._said.append(_text(found.get("text")).strip())
        elif op == "add":
            changes.add(texts)
        elif op in ("change", "delete", "hold"):
            line = self._line(changes.ground, found.get("row"))
            if line and op == "hold":  # ours, no model's
                changes.hold(line.id, PROMPT)
            elif line and op == "change":
                changes.change(line.id, texts, named=line.number in self._named)
            elif line:
                changes.delete(line.id, named=line.number in self._named)

    def _line(self, ground: Ground, given: object) -> Line | None:
        """The row that the model names by its number."""
        text = _text(given).strip()
        number = int(text) if text.isdecimal() and len(text) < 9 else -1
        line = ground.by_number.get(number)
        if line is None:
            self._strange[text[:20] or "?"] = None
        return line


def _text(value: object) -> str:
    """What a model gave for a cell, as the cell's text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return " ".join(map(_text, value))
    return str(value)


async def _objects(
    model: Model, turn: Turn, ground: Ground, brief: Brief | None
) -> AsyncIterator[Mapping[str, Any]]:
    """What the model says to what was asked: changes, new rows, deletions and sentences, one by one."""
    anew = _rewording(turn.text, ground)
    if anew is None:
        async for found in _proposed(model, ground.lines, turn.text, ground, brief):
            yield found
        return
    request, lines = anew
    for line in lines:
        near = _neighbours(line, ground)
        if line.number not in request.rows.named and PROMPT in ground.locked.get(line.id, ()):
            yield {"op": "hold", "row": line.number}
        elif request.whole:
            text = _AGAIN.format(line.number, "\n".join(near))
            async for found in _proposed(model, [line], text, ground, brief):
                if found.get("row") == line.number and found["op"] == "change":
                    yield found
        else:
            prompt = await calls.reword(model, line.cells.get(PROMPT, ""), "", near)
            yield {"op": "change", "row": line.number, "cells": {PROMPT: prompt}}


def _proposed(
    model: Model, lines: Sequence[Line], text: str, ground: Ground, brief: Brief | None
) -> AsyncIterator[Mapping[str, Any]]:
    """What the model would change in these rows, of which it is told what is locked."""
    rows = [(line.number, line.cells) for line in lines]
    locked = {line.number: ground.locked[line.id] for line in lines if ground.locked.get(line.id)}
    return propose(model, rows, text, brief, locked)


def _rewording(text: str, ground: Ground) -> tuple[Reword, list[Line]] | None:
    """The rows that are to be written anew, where that is all that is asked and they are few."""
    try:
        requests = understand(text)
        if len(requests) != 1 or not isinstance(requests[0], Reword):
            return None
        lines = picked(requests[0].rows, ground)
    except Unclear:
        return None
    return (requests[0], lines) if len(lines) <= MOST_REWORDED else None


def _neighbours(line: Line, ground: Ground) -> list[str]:
    """The prompts next to a row, which the new one must not repeat."""
    place = ground.lines.index(line)
    near = ground.lines[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]
    return [other.cells[PROMPT] for other in near if other is not line and other.cells.get(PROMPT)]

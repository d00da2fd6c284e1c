"""A turn answered: the model decides on operations, the program carries them out, a writer writes for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from assistant.chat.changes import ChangeSet
from assistant.chat.deciding import decide, open_turn
from assistant.chat.executing import carry_out, named_in, part_of, strange_rows, told
from assistant.chat.ground import look
from assistant.chat.operations import WRITTEN, Operation, Unclear, read, spoken
from assistant.chat.rewriting import add, rewrite
from assistant.model.client import Model
from jobs import talk
from jobs.errors import Conflict, ModelError
from jobs.services import Services
from jobs.store.turns import Turn
from jobs.talk import Answer
from schema.wording import quoted

log = logging.getLogger(__name__)

EVERY = 0.3
"""Seconds after which what has come is written down, and it is seen whether the turn was stopped."""


async def answer(services: Services, model: Model, turn: Turn) -> None:
    """Answer a turn that waits for the model; what comes of the answer is kept as it comes.

    It ends as a proposal, an answer or a failure that says why in words. A turn that was stopped, or that
    another worker has taken over, is left alone, and the model is asked no further.
    """
    answering = _Answering(services, model, turn)
    task = asyncio.create_task(answering.run())
    try:
        while not (await asyncio.wait({task}, timeout=EVERY))[0]:
            if not await answering.keep():
                return
        await task
    except Exception:
        log.exception("Turn %s of sheet %s broke off", turn.n, turn.sheet_id)
        sentence = (
            "Promptsheet broke off while it read the model's answer; that is a fault of ours. Ask again."
        )
        await asyncio.to_thread(talk.settle, services, turn, Answer(sentence, source="model", failed=True))
        raise
    finally:
        task.cancel()
        await asyncio.wait({task})


class _Answering:
    """One turn on its way: a change set that grows, and is kept as it grows."""

    def __init__(self, services: Services, model: Model, turn: Turn) -> None:
        self._services, self._model, self._turn = services, model, turn
        self._operations: list[Operation] = []
        self._said: list[str] = []
        self._strange: dict[int, None] = {}
        self._changes: ChangeSet | None = None
        self._kept = 0
        self._before: Sequence[Turn] = ()
        self._context = 0

    async def run(self) -> None:
        """Ask the model what is meant, and do it."""
        turn, said = self._turn, len(self._model.said)
        await self._look()
        found = await asyncio.to_thread(talk.conversation, self._services, turn.owner, turn.sheet_id)
        self._before = [one for one in found if one.n < turn.n]
        try:
            if self._model.endpoint.near:
                self._context = (await self._model.room()).context
            await self._decide()
            for operation in self._operations:
                await self._carry_out(operation)
        except ModelError as broke:
            came = self._changes.items() if self._changes else []
            await self._end(
                [f"{broke} What had come of the answer is below." if came else str(broke)], failed=True
            )
        else:
            await self._end(self._model.said[said:])

    async def keep(self) -> bool:
        """Write down what has come since. False where nobody waits for it any more."""
        if self._changes and self._changes.size != self._kept:
            self._kept = self._changes.size
            items, left = self._changes.items(), self._changes.left()
            return await asyncio.to_thread(talk.arriving, self._services, self._turn, items, left)
        return await asyncio.to_thread(talk.waits, self._services, self._turn)

    async def _look(self) -> None:
        turn = self._turn
        ground = await asyncio.to_thread(
            look, self._services, turn.owner, turn.sheet_id, turn.created_at, turn.seen
        )
        self._changes = ChangeSet(ground)

    async def _decide(self) -> None:
        assert self._changes
        ground = self._changes.ground
        async with aclosing(decide(self._model, self._turn, ground, self._before, self._context)) as found:
            async for document in found:
                try:
                    self._operations.append(read(document, ground.columns))
                except Unclear as why:
                    self._said.append(str(why))

    async def _carry_out(self, operation: Operation) -> None:
        assert self._changes
        changes, text = self._changes, self._turn.text
        strange = strange_rows(operation, changes.ground)
        self._strange |= dict.fromkeys(strange)
        try:
            if operation.op == "undo":
                await self._undo()
            elif operation.op in WRITTEN:
                changes.part, changes.named = part_of(operation), named_in(operation, changes.ground, text)
                await self._write(operation)
            else:
                self._said.append(carry_out(operation, changes, text))
        except Unclear as why:
            if not strange:  # else that is what is said
                self._said.append(str(why))

    async def _write(self, operation: Operation) -> None:
        assert self._changes
        write = add if operation.op == "add" else rewrite
        sentences: AsyncGenerator[str] = write(self._model, operation, self._changes, self._context)
        async with aclosing(sentences) as said:
            async for sentence in said:
                self._said.append(sentence)

    async def _undo(self) -> None:
        """The open proposal is withdrawn, or else what was accepted last is taken back, at once."""
        turn, found = self._turn, open_turn(self._before)
        if found:
            await asyncio.to_thread(talk.reject, self._services, turn.owner, turn.sheet_id, found.n)
            self._said.append(f"Withdrawn: what was proposed for {quoted(found.text, 80)}.")
            self._before = [one for one in self._before if one.n != found.n]
            return
        try:
            back = await asyncio.to_thread(talk.take_back_last, self._services, turn.owner, turn.sheet_id)
        except Conflict as why:
            self._said.append(str(why))
            return
        self._said.append(f"Taken back: what was accepted of {quoted(back.text, 80)}.")
        if self._changes and not self._changes.size:
            await self._look()

    async def _end(self, said: Sequence[str], *, failed: bool = False) -> None:
        assert self._changes
        if self._strange:
            self._said.append(f"The sheet has no {spoken(self._strange)}.")
        final = told(self._changes, [*self._said, *said], self._operations, "model", failed=failed)
        await asyncio.to_thread(talk.settle, self._services, self._turn, final)

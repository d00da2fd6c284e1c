"""The RQ job that writes drafts, answers chat turns and rewords refused rows, until none is left."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Coroutine, Sequence
from functools import partial

from assistant import secret
from assistant.chat import answering, rewording
from assistant.drafting.combining import combine
from assistant.drafting.strands import Strands
from assistant.drafting.writing import Means, Stopped, Writing
from assistant.model import endpoint
from assistant.model.client import Limits, Manners, Model
from assistant.model.endpoint import Endpoint
from jobs.errors import NotConfigured, PromptsheetError
from jobs.journal import Journal
from jobs.reconcile import gone, new_holder
from jobs.services import Services, open_services
from jobs.settings import Settings
from jobs.store import drafts, endpoints, rewordings, turns
from jobs.store.database import Connection
from jobs.store.drafts import Draft, DraftState
from jobs.store.rewordings import Rewording
from jobs.store.turns import Turn, TurnState

TICK = 0.5
"""Seconds between two looks for new drafts and turns, and for those that a person stopped."""

LEASE = 15.0
"""Seconds a draft stays with a worker on another machine that gives no sign of life."""

BROKEN = "Promptsheet broke off while it wrote this; that is a fault of ours. The rows that came are kept."

_LIMITS = Limits()

log = logging.getLogger(__name__)


def work() -> None:
    """The job that hints name; its dotted name is kept in Redis and never moves."""
    services = open_services(Settings.read())
    try:
        asyncio.run(Desk(services).run())
    finally:
        services.close()


class Desk:
    """One process' work: a task for each draft and turn, and for each person's refused rows.

    Asked to stop, it gives them back as they are.
    """

    def __init__(self, services: Services, limits: Limits = _LIMITS) -> None:
        self._services, self._limits = services, limits
        self._holder = new_holder()
        self._secret = secret.key(services.settings)
        self._parent = os.getppid()
        self._stopping = asyncio.Event()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        journal = Journal(self._services, self._stopping)
        self._means = Means(self._services, journal)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._stopping.set)
        try:
            while not self._stopping.is_set():
                await self._look()
                if not self._tasks:
                    break
                await asyncio.wait([*self._tasks.values()], timeout=TICK, return_when=asyncio.FIRST_COMPLETED)
                if os.getppid() != self._parent:  # our worker was killed: leave the rest to its successor
                    break
        finally:
            await self._leave(journal)

    async def _look(self) -> None:
        """Take what waits, renew what is ours, drop what a person stopped."""
        until = self._services.clock() + LEASE
        found, asked, refused, kept = await self._means.journal.write(_take, self._holder, until)
        for draft in found:
            self._begin(draft.id, self._write(draft))
        for turn in asked:
            self._begin(f"{turn.sheet_id}/{turn.n}", self._answer(turn))
        for owner, theirs in refused.items():
            self._begin(f"{owner}/{theirs[0].row_id}", self._reword(owner, theirs))
        for name, task in list(self._tasks.items()):
            if task.done():
                del self._tasks[name]
            elif "/" not in name and name not in kept:
                task.cancel()

    def _begin(self, name: str, work: Coroutine[None, None, None]) -> None:
        self._tasks[name] = asyncio.create_task(work, name=name)

    async def _leave(self, journal: Journal) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await journal.write(lambda connection, _: _let_go(connection, self._holder))
        await journal.close()

    async def _write(self, draft: Draft) -> None:
        writing = Writing(self._means, draft)
        try:
            await writing.open()
            reason = await writing.kept(self._source(writing))
            await writing.end(DraftState.FINISHED, reason)
        except Stopped:
            return
        except PromptsheetError as reason:
            await self._fail(writing, str(reason))
        except Exception:
            log.exception("Draft %s", draft.id)
            await self._fail(writing, BROKEN)

    async def _source(self, writing: Writing) -> str | None:
        if writing.draft.source == "combinations":
            return await combine(writing)
        model = await self._model(writing.draft.owner)
        try:
            return await Strands(writing, model).write()
        finally:
            await self._remember(writing.draft.owner, model)

    async def _fail(self, writing: Writing, reason: str) -> None:
        try:
            await writing.end(DraftState.FAILED, reason)
        except Stopped:
            return

    async def _answer(self, turn: Turn) -> None:
        try:
            model = await self._model(turn.owner)
            try:
                await answering.answer(self._services, model, turn)
            finally:
                await self._remember(turn.owner, model)
        except PromptsheetError as reason:
            await self._means.journal.write(_unanswered, turn, str(reason))
        except Exception:
            log.exception("Turn %s of sheet %s", turn.n, turn.sheet_id)
            await self._means.journal.write(_unanswered, turn, BROKEN)

    async def _reword(self, owner: str, refused: Sequence[Rewording]) -> None:
        try:
            model = await self._model(owner)
            try:
                await rewording.answer(self._means.journal, model, refused)
            finally:
                await self._remember(owner, model)
        except PromptsheetError as reason:
            await self._means.journal.write(rewording.failed, refused, str(reason))
        except Exception:
            log.exception("Rewordings of %s", owner)
            await self._means.journal.write(rewording.failed, refused, BROKEN)

    async def _model(self, owner: str) -> Model:
        """The person's language model, asked as it was found to want it. Raises NotConfigured."""
        found = await asyncio.to_thread(self._endpoint, owner)
        if found is None:
            raise NotConfigured("No language model is connected. Connect one, then go on.")
        with self._services.database.read() as connection:
            rung, dropped = endpoints.how(connection, owner, found.base_url, found.model)
        return Model(found, Manners(rung, frozenset(dropped)), limits=self._limits)

    async def _remember(self, owner: str, model: Model) -> None:
        """Keep what was learnt of the endpoint, and let go of its connections."""
        learnt, asked = model.manners, model.endpoint
        await self._means.journal.write(
            partial(_remember, owner, asked.base_url, asked.model, learnt, model.rate)
        )
        await model.close()

    def _endpoint(self, owner: str) -> Endpoint | None:
        return endpoint.configured(self._services, owner, self._secret)


def _take(
    connection: Connection, holder: str, until: float, now: float
) -> tuple[list[Draft], list[Turn], dict[str, list[Rewording]], set[str]]:
    """Drafts, turns, and by owner the rows to reword, that are ours now; and the drafts that still are."""
    known = (drafts.holders(connection), turns.holders(connection), rewordings.holders(connection))
    for other in filter(gone, set().union(*known)):
        _let_go(connection, other)
    found = drafts.take(connection, holder, until, now)
    asked = turns.take(connection, holder, until, now)
    refused: dict[str, list[Rewording]] = {}
    for one in rewordings.take(connection, holder, until, now):
        refused.setdefault(one.owner, []).append(one)
    turns.renew(connection, holder, until)
    rewordings.renew(connection, holder, until)
    return found, asked, refused, drafts.renew(connection, holder, until)


def _let_go(connection: Connection, holder: str) -> None:
    drafts.let_go(connection, holder)
    turns.let_go(connection, holder)
    rewordings.let_go(connection, holder)


def _remember(
    owner: str,
    base_url: str,
    model: str,
    learnt: Manners,
    speed: float | None,
    connection: Connection,
    now: float,
) -> None:
    endpoints.remember(connection, owner, base_url, model, learnt.rung, sorted(learnt.dropped), now, speed)


def _unanswered(connection: Connection, turn: Turn, reason: str, now: float) -> None:
    turns.write(connection, turn, state=TurnState.FAILED, reply=reason, answered_at=now, holder=None)

"""One draft being written: rows that come are sifted, kept and counted, until all are there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from assistant.drafting import combinations, keeping
from assistant.drafting.brief import Brief
from assistant.drafting.quality import quality
from assistant.drafting.sieve import Arrival, Sieve
from assistant.drafting.wishes import PROMPT
from assistant.model.endpoint import Endpoint
from jobs.journal import Journal
from jobs.services import Services
from jobs.store import drafts, notices, sheets
from jobs.store.database import Connection
from jobs.store.drafts import Draft, DraftState
from schema.problems import errors

T = TypeVar("T")

TOGETHER = 0.05
"""Seconds for which rows are gathered before they are written: a commit for each would take a core."""


class Stopped(Exception):
    """The draft is no longer ours to write: a person stopped it, or another worker has it."""


@dataclass(frozen=True)
class Means:
    """What all drafts of one worker share. `endpoint` gives a person's language model, None without one."""

    services: Services
    journal: Journal
    endpoint: Callable[[str], Endpoint | None]


@dataclass
class Counts:
    """What was counted since the last time it was written down."""

    repeated: int = 0
    tokens: int = 0

    def taken(self) -> dict[str, int]:
        """The counts, which begin again at nothing."""
        counted = {"repeated": self.repeated, "tokens": self.tokens}
        self.repeated = self.tokens = 0
        return counted


@dataclass
class Writing:
    """A draft's rows on their way into its sheet. A source calls `take` for each row, within `kept`."""

    means: Means
    draft: Draft
    brief: Brief = field(init=False)
    sieve: Sieve = field(init=False)

    def __post_init__(self) -> None:
        self.brief = Brief.from_json(self.draft.brief)
        self._came = self.draft.came
        self._pending: list[Arrival] = []
        self._counts = Counts()
        self._flushing = asyncio.Lock()
        self._arrived = asyncio.Event()

    async def open(self) -> None:
        """Read what the sheet has, and write the rows that the examples spell out themselves."""
        self.sieve = Sieve(self.brief, await asyncio.to_thread(self.prompts), self._came)
        if not self._came and self.draft.source == "model":
            for prompt in await asyncio.to_thread(self.spelled_out):
                self.take({PROMPT: prompt}, written=True)
            await self.flush()

    @property
    def missing(self) -> int:
        return self.draft.asked - self._came

    def prompts(self) -> list[str]:
        """The prompts that the sheet has now."""
        with self.means.services.database.read() as connection:
            rows = sheets.rows(connection, self.draft.owner, self.draft.sheet_id)
        return [row.cells.get(PROMPT, "") for row in rows]

    def take(self, cells: Mapping[str, str], *, written: bool = False) -> Arrival | None:
        """Take a row that came; None where it is not wanted: too like another, no prompt, or one too many.

        With `written` a person has written it so, and it may be like others.
        """
        if not self.missing:
            return None
        arrival = self.sieve.take(cells, written=written)
        if arrival:
            self._came += 1
            self._pending.append(arrival)
            self._arrived.set()
        elif cells.get(PROMPT, "").strip():
            self._counts.repeated += 1
        return arrival

    async def kept(self, source: Coroutine[Any, Any, T]) -> T:
        """What `source` returns, while all that it takes is written down as it comes. Raises Stopped."""
        writer, keeper = asyncio.create_task(source), asyncio.create_task(self._keep())
        try:
            await asyncio.wait((writer, keeper), return_when=asyncio.FIRST_COMPLETED)
            if keeper.done():
                await keeper
            return await writer
        finally:
            for task in (writer, keeper):
                task.cancel()
            await asyncio.gather(writer, keeper, return_exceptions=True)

    def count_tokens(self, tokens: int) -> None:
        self._counts.tokens += tokens

    async def flush(self) -> None:
        """Write down what was taken; whoever comes meanwhile is written with the next. Raises Stopped."""
        async with self._flushing:
            arrivals, self._pending = self._pending, []
            counts = self._counts.taken()
            if arrivals or any(counts.values()):
                await self._held(
                    partial(keeping.keep_held, draft=self.draft, arrivals=arrivals, counts=counts)
                )

    async def note(self, **values: object) -> None:
        """Write down something else about the draft. Raises Stopped."""
        holder = str(self.draft.holder)
        await self._held(lambda connection, now: drafts.note(connection, self.draft.id, holder, **values))  # noqa: ARG005

    async def mend(self, cells: Mapping[tuple[str, str], tuple[str, str]]) -> None:
        """Put right cells that the model wrote wrong: (row id, column) → (before, after)."""
        if cells:
            await self.write(partial(keeping.mend, draft=self.draft, cells=cells))

    async def end(self, state: DraftState, reason: str | None = None) -> None:
        """Say how it ended; the rows are there in any case."""
        await self.flush()
        spoken = await asyncio.to_thread(self._variety)
        await self.note(variety=spoken)
        await self.write(partial(_end, draft=self.draft, state=state, reason=reason))

    async def write(self, work: Callable[..., T]) -> T:
        """Run `work(connection, now=…)` in a write transaction."""
        return await self.means.journal.write(lambda connection, now: work(connection, now=now))

    async def _keep(self) -> None:
        """No stream waits for the disk: what comes meanwhile is written together."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            await self.flush()
            await asyncio.sleep(TOGETHER)

    async def _held(self, work: Callable[..., bool]) -> None:
        if not await self.write(work):
            raise Stopped

    def spelled_out(self) -> list[str]:
        """The rows that examples with {a|b} or a list make, exactly as they are written."""
        brief = self.brief
        texts = [example for example in brief.examples if combinations.varies(example, brief.lists)]
        return combinations.expand(texts, brief.lists, self.draft.asked) if texts else []

    def _variety(self) -> str | None:
        prompts = self.prompts()
        return quality(prompts, self.brief.examples).sentence if len(prompts) > 1 else None


def wrong(arrival: Arrival) -> dict[str, str]:
    """What is wrong with the cells that the source wrote, by column, in words."""
    return {
        problem.column: problem.message
        for problem in errors(arrival.problems)
        if problem.column and problem.column in arrival.written
    }


def _end(connection: Connection, *, draft: Draft, state: DraftState, reason: str | None, now: float) -> None:
    if not drafts.end(connection, draft.owner, draft.id, state, now, reason, holder=draft.holder):
        return
    came = drafts.get(connection, draft.owner, draft.id).came
    name = sheets.get(connection, draft.owner, draft.sheet_id, deleted=True).name
    short = came < draft.asked
    text = f"{name} is drafted: {came:,} of {draft.asked:,} rows." + (f" {reason}" if reason else "")
    level = "warning" if short or state == DraftState.FAILED else "fixed"
    notices.add_of_sheet(connection, draft.owner, draft.sheet_id, level, text, now)

"""One draft being written: rows that come are sifted, kept and counted, until all are there."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from assistant.drafting import combinations, keeping
from assistant.drafting.brief import Brief
from assistant.drafting.deal import Pool
from assistant.drafting.plan import Plan
from assistant.drafting.quality import quality
from assistant.drafting.sieve import Arrival, Refusal, Sieve, refused
from assistant.drafting.wishes import PROMPT
from jobs.journal import Journal
from jobs.services import Services
from jobs.store import drafts, notices, sheets
from jobs.store.database import Connection
from jobs.store.drafts import Draft, DraftState
from jobs.store.sheets import SheetRow

T = TypeVar("T")

TOGETHER = 0.05
"""Seconds for which rows are gathered before they are written: a commit for each would take a core."""


class Stopped(Exception):
    """The draft is no longer ours to write: a person stopped it, or another worker has it."""


@dataclass(frozen=True)
class Means:
    """What all drafts of one worker share."""

    services: Services
    journal: Journal


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
    """A draft's rows on their way into its sheet. A source calls `take` for each row, within `kept`.

    asked   rows wanted by now: a person may change that while rows come
    plan    of the strands, None where there is none
    came    rows by strand; those of no strand under None
    rows    prompts by strand, in the order they came
    """

    means: Means
    draft: Draft
    brief: Brief = field(init=False)
    sieve: Sieve = field(init=False)
    pool: Pool = field(init=False)

    def __post_init__(self) -> None:
        self.brief = Brief.from_json(self.draft.brief)
        self.asked, self.plan = self.draft.asked, _plan_of(self.draft)
        self.came: Counter[str | None] = Counter()
        self.rows: dict[str | None, list[str]] = {}
        self._came = self.draft.came
        self._refused: Counter[str] = Counter()
        self._pending: list[Arrival] = []
        self._counts = Counts()
        self._flushing = asyncio.Lock()
        self._arrived = asyncio.Event()

    async def open(self) -> None:
        """Read what the sheet has, and write the rows that the examples spell out themselves."""
        there = await asyncio.to_thread(self._there)
        for row in there:
            self._count(row.strand, row.cells.get(PROMPT, ""))
        self.sieve = Sieve(self.brief, [row.cells.get(PROMPT, "") for row in there])
        self.pool = Pool(self.brief, self.asked, [row.cells for row in there])
        if not self._came and self.draft.source == "model":
            for prompt in await asyncio.to_thread(self.spelled_out):
                self.take({PROMPT: prompt}, self.pool.draw(1)[0], written=True)
            await self.flush()

    @property
    def missing(self) -> int:
        return max(0, self.asked - self._came)

    @property
    def prompts(self) -> list[str]:
        """All prompts that came."""
        return [prompt for prompts in self.rows.values() for prompt in prompts]

    def take(
        self, cells: Mapping[str, str], dealt: Mapping[str, str], **how: Any
    ) -> Arrival | Refusal | None:
        """Take a row that came, as `Sieve.take` does; None where it has no prompt, or is one too many."""
        if not self.missing:
            return None
        taken = self.sieve.take(cells, dealt, **how)
        if isinstance(taken, Arrival):
            self._came += 1
            self._count(taken.strand, taken.written[PROMPT])
            self._pending.append(taken)
            self._arrived.set()
        elif taken:
            self._counts.repeated += 1
            self._refused[taken.kind] += 1
        return taken

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

    async def reload(self) -> None:
        """See what a person has changed of the plan, and of how many rows are wanted."""
        now = await asyncio.to_thread(self._now)
        self.asked, self.plan = now.asked, _plan_of(now)

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

    async def mend(self, cells: Mapping[tuple[str, str], tuple[str, str | None]]) -> None:
        """Put right cells that the model wrote wrong: (row id, column) → (before, after).

        None after: it was wrong again, so that the cell is emptied, which is its default.
        """
        if cells:
            await self.flush()
            await self.write(partial(keeping.mend, draft=self.draft, cells=cells))

    async def end(self, state: DraftState, reason: str | None = None) -> None:
        """Say how it ended; the rows are there in any case."""
        await self.flush()
        spoken = await asyncio.to_thread(self._spoken)
        await self.note(variety=spoken)
        await self.write(partial(_end, draft=self.draft, plan=self.plan, state=state, reason=reason))

    async def write(self, work: Callable[..., T]) -> T:
        """Run `work(connection, now=…)` in a write transaction."""
        return await self.means.journal.write(lambda connection, now: work(connection, now=now))

    def spelled_out(self) -> list[str]:
        """The rows that examples with {a|b} or a list make, exactly as they are written."""
        brief = self.brief
        texts = [example for example in brief.examples if combinations.varies(example, brief.lists)]
        return combinations.expand(texts, brief.lists, self.asked) if texts else []

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

    def _count(self, strand: str | None, prompt: str) -> None:
        self.came[strand] += 1
        self.rows.setdefault(strand, []).append(prompt)

    def _there(self) -> list[SheetRow]:
        with self.means.services.database.read() as connection:
            return sheets.rows(connection, self.draft.owner, self.draft.sheet_id)

    def _now(self) -> Draft:
        with self.means.services.database.read() as connection:
            return drafts.get(connection, self.draft.owner, self.draft.id)

    def _spoken(self) -> str | None:
        """What is told at the end: what was counted of the rows as they are now, and what was refused."""
        prompts = [row.cells.get(PROMPT, "") for row in self._there()]
        if len(prompts) < 2:
            return None
        again = f"; written again: {refused(self._refused)}" if self._refused else ""
        return quality(prompts, self.brief).sentence + again


def _plan_of(draft: Draft) -> Plan | None:
    return Plan.from_json(draft.plan) if draft.plan else None


def _end(
    connection: Connection,
    *,
    draft: Draft,
    plan: Plan | None,
    state: DraftState,
    reason: str | None,
    now: float,
) -> None:
    if not drafts.end(connection, draft.owner, draft.id, state, now, reason, holder=draft.holder):
        return
    if plan and plan.order == "strands":
        keeping.by_strand(connection, draft, plan, now)
    done = drafts.get(connection, draft.owner, draft.id)
    name = sheets.get(connection, draft.owner, draft.sheet_id, deleted=True).name
    short = done.came < done.asked
    text = f"{name} is drafted: {done.came:,} of {done.asked:,} rows." + (f" {reason}" if reason else "")
    level = "warning" if short or state == DraftState.FAILED else "fixed"
    notices.add_of_sheet(connection, draft.owner, draft.sheet_id, level, text, now)

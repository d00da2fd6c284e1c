"""Where a draft's rows come from: the language model, in chunks side by side, or combinations."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from assistant.drafting import asking
from assistant.drafting.asking import Faulty, Plan
from assistant.drafting.sieve import Arrival
from assistant.drafting.wishes import PROMPT
from assistant.drafting.writing import Writing, wrong
from assistant.model.client import Model
from jobs.errors import ModelDeclined, ModelError, ModelFundsGone, ModelKeyRefused, ModelUnknown
from schema.check import Checker
from schema.columns import load
from schema.repair import repair_cell

TOGETHER = 4
"""Calls of one draft at once."""

CHUNK = 25
"""Rows a call, where the server's room for prompt and answer has held them so far."""

SMALLEST = 5
"""Rows a call after answers were cut again and again."""

REFILLS = 3
"""Times that missing rows are asked for again."""

TOOK = 25
"""Combinations that are taken between two looks whether the draft was stopped."""

HOPELESS = (ModelKeyRefused, ModelFundsGone, ModelUnknown)
"""What no further call of the draft can get past."""


async def combine(writing: Writing) -> str | None:
    """Take the combinations that the examples make; a sentence where they are fewer than was asked for."""
    rows = await asyncio.to_thread(writing.spelled_out)
    left = rows[writing.draft.came :]
    for start in range(0, len(left), TOOK):
        for prompt in left[start : start + TOOK]:
            writing.take({PROMPT: prompt}, written=True)
        await writing.flush()
    if not writing.missing:
        return None
    return f"The examples make {len(rows):,} rows and no more. Add an option or a value to have others."


class Asked:
    """Rows asked of the language model: a plan, then chunks with their own combinations, then refills."""

    def __init__(self, writing: Writing, model: Model) -> None:
        self._writing, self._model = writing, model
        self._size = CHUNK
        self._dealt = writing.draft.came + writing.draft.repeated
        self._places = asyncio.Semaphore(TOGETHER)
        self._tokens = 0
        self._failed: ModelError | None = None

    async def write(self) -> str | None:
        """Ask until all rows are there; a sentence where some are missing. Raises ModelError, Stopped."""
        plan = await self._plan()
        for _ in range(1 + REFILLS):
            before = self._writing.missing
            if not before:
                return None
            await self._round(plan, before)
            if self._writing.missing == before and self._failed:
                raise self._failed
        if not self._writing.missing:
            return None
        why = f" The last time: {self._failed}" if self._failed else " What came repeated earlier rows."
        return (
            f"{self._writing.missing:,} rows are missing, although they were asked for {REFILLS} times more."
            + why
        )

    async def _plan(self) -> Plan:
        if self._writing.draft.plan:
            return Plan.from_json(self._writing.draft.plan)
        plan = await asking.plan(self._model, self._writing.brief)
        await self._writing.note(plan=plan.to_json())
        await self._told()
        return plan

    async def _round(self, plan: Plan, wanted: int) -> None:
        """Ask for so many rows, in chunks side by side; ends early where no further call can succeed."""
        self._failed = None
        sizes = [min(self._size, wanted - start) for start in range(0, wanted, self._size)]
        chunks = [asyncio.create_task(self._chunk(plan, size)) for size in sizes]
        try:
            done, _ = await asyncio.wait(chunks, return_when=asyncio.FIRST_EXCEPTION)
            for chunk in done:
                chunk.result()
        finally:
            for chunk in chunks:
                chunk.cancel()
            await asyncio.gather(*chunks, return_exceptions=True)

    async def _chunk(self, plan: Plan, size: int) -> None:
        async with self._places:
            wanted = min(size, self._writing.missing)
            if not wanted:
                return
            faulty: list[Arrival] = []
            try:
                await self._ask(plan, wanted, faulty)
                await self._mend(faulty)
            except HOPELESS:
                raise
            except ModelError as reason:
                self._failed = reason
                self._size = self._size if isinstance(reason, ModelDeclined) else max(SMALLEST, size // 2)
            await self._told()

    async def _ask(self, plan: Plan, wanted: int, faulty: list[Arrival]) -> None:
        combinations = plan.deal(wanted, self._dealt)
        self._dealt += wanted
        collided = self._writing.sieve.collided
        async for cells in asking.write(self._model, self._writing.brief, combinations, collided):
            arrival = self._writing.take(cells)
            if arrival and wrong(arrival):
                faulty.append(arrival)

    async def _mend(self, faulty: Sequence[Arrival]) -> None:
        """Cells that are still wrong go back once, with what is wrong with them; then they stay marked."""
        if not faulty:
            return
        await self._writing.flush()
        asked = [Faulty(number, row.cells, wrong(row)) for number, row in enumerate(faulty, 1)]
        answered = await asking.mend(self._model, self._writing.brief, asked)
        mended: dict[tuple[str, str], tuple[str, str]] = {}
        for number, cells in answered.items():
            if 1 <= number <= len(faulty):
                row = faulty[number - 1]
                for column in wrong(row):
                    after = right(column, cells.get(column, ""))
                    if after:
                        mended[row.row_id, column] = (row.cells[column], after)
        await self._writing.mend(mended)

    async def _told(self) -> None:
        """Write down the tokens that were counted, and what the model's server made us do."""
        self._writing.count_tokens(self._model.tokens - self._tokens)
        self._tokens = self._model.tokens
        if list(self._model.said) != list(self._writing.draft.said):
            await self._writing.note(said=list(self._model.said))
        await self._writing.flush()


def right(column: str, text: str) -> str | None:
    """A text as it may stand in a column, repaired; None where it is wrong."""
    spec = load()[column]
    repair = repair_cell(spec, text)
    text = repair.after if repair else text
    return text if Checker(load()).cell(spec, text)[0] is not None else None

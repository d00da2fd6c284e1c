"""Rows written by the language model: strands side by side, the calls of each one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from math import ceil

from assistant.drafting import briefing, calls
from assistant.drafting.calls import Faulty, Scene
from assistant.drafting.plan import TOGETHER, UNPLANNED, Plan, Strand
from assistant.drafting.sieve import Arrival, Refusal
from assistant.drafting.titles import lettered
from assistant.drafting.writing import Writing
from assistant.model.client import Model
from assistant.model.failures import FellSilent
from assistant.model.ladder import LIST, Manners
from jobs.errors import (
    ModelAnswerBroken,
    ModelDeclined,
    ModelError,
    ModelFundsGone,
    ModelKeyRefused,
    ModelUnknown,
    ModelUnreachable,
)
from schema.check import Checker
from schema.columns import load
from schema.repair import repair_cell
from schema.wording import listed, quoted

NEAR = 1
"""The same at a server of this machine or a private network, which writes one answer after the other."""
CHUNK = 25
"""Rows a call, where the server's room for prompt and answer has held them so far."""
REFILLS = 3
"""Times that a strand is asked again for rows that were refused."""
SPARE = 3
"""Rows that are asked for again, on each of which one more is asked for: some of them are refused, too."""
POOR = 5
"""Rows of a call of which a third or more must be good, or the model is taken for one that is too small."""
FAILURES = 3
"""Calls of a strand in a row that gave nothing, after which it is left."""
STALLS = 2
"""Answers of a draft that fell silent in the middle, after which no more are asked for."""
LOOK = 0.5
"""Seconds between two looks at the plan, which a person may change."""
PATIENCE = 60.0
"""Seconds that a plan may take: rows do not wait longer for it."""
_SHOWN = 300
"""Rows of a strand, and titles of the sheet, that a call is told at most."""

HOPELESS = (ModelKeyRefused, ModelFundsGone, ModelUnknown)
"""What no further call of the draft can get past."""


@dataclass
class _Progress:
    """How a strand goes: rows a call, rows asked for, refills and failures so far, why a call ended early."""

    size: int = CHUNK
    asked: int = 0
    refills: int = 0
    failures: int = 0
    refused: list[Refusal] = field(default_factory=list)
    reason: ModelError | None = None
    over: bool = False


class Places:
    """Calls at once, one fewer each time that the endpoint says there are too many."""

    def __init__(self, most: int) -> None:
        self._free = asyncio.Semaphore(most)
        self._most, self._owed = most, 0

    async def __aenter__(self) -> None:
        await self._free.acquire()

    async def __aexit__(self, *_: object) -> None:
        if self._owed:
            self._owed -= 1
        else:
            self._free.release()

    def fewer(self) -> None:
        if self._most > 1:
            self._most -= 1
            self._owed += 1


class Strands:
    """Writes the rows of a draft: the plan is made first where there are many, and followed as it changes."""

    def __init__(self, writing: Writing, model: Model) -> None:
        self._writing, self._model = writing, model
        self._progress: dict[str | None, _Progress] = {}
        self._places = Places(TOGETHER)
        self._throttled = 0
        self._stalls = 0
        self._usual: Manners | None = None
        self._context = 0
        self._tokens = 0
        self._rows, self._seconds = 0, 0.0

    async def write(self) -> str | None:
        """Ask until all rows are there; a sentence where some are missing. Raises ModelError, Stopped."""
        await self._measure()
        await self._plan()
        tasks: dict[str | None, asyncio.Task[None]] = {}
        try:
            while True:
                for strand in self._open():
                    key = strand.id if strand else None
                    if key not in tasks:
                        tasks[key] = asyncio.create_task(self._strand(key))
                await self._drop(tasks)
                if not tasks and not self._resort():
                    return self._lacking()
                if not tasks:
                    continue
                done, _ = await asyncio.wait(
                    tasks.values(), timeout=LOOK, return_when=asyncio.FIRST_COMPLETED
                )
                for key in [key for key, task in tasks.items() if task in done]:
                    tasks.pop(key).result()
                await self._writing.reload()
        finally:
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)
            self._model.manners = self._usual or self._model.manners

    async def _measure(self) -> None:
        """How much the endpoint bears. One far away is not asked before the first row: it bears enough."""
        if not self._model.endpoint.near:
            return
        room = await self._model.room()
        self._context = room.context
        self._places = Places(min(TOGETHER, room.places or NEAR))

    async def _plan(self) -> None:
        writing = self._writing
        if writing.plan or writing.missing <= UNPLANNED or writing.came.total() > writing.came[None]:
            return
        plan: Plan | None = None
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                plan = await calls.plan(self._model, writing.brief, writing.missing)
        if plan:
            writing.plan = plan
            await writing.note(plan=plan.to_json())
        await self._told()

    def _open(self) -> list[Strand | None]:
        """The strands that lack rows and may still get some; without a plan the one that has no name."""
        plan = self._writing.plan
        strands: Sequence[Strand | None] = plan.strands if plan else (None,)
        return [strand for strand in strands if self._missing(strand) and not self._of(strand).over]

    def _missing(self, strand: Strand | None) -> int:
        if strand is None:
            return self._writing.missing
        wanted = 0 if strand.dropped else strand.rows - self._writing.came[strand.id]
        return max(0, min(wanted, self._writing.missing))

    def _all(self, strand: Strand | None) -> int:
        """Rows that are wanted of a strand; what is asked for beyond them is asked for again."""
        return strand.rows if strand else self._writing.asked - self._writing.draft.came

    def _of(self, strand: Strand | None) -> _Progress:
        return self._progress.setdefault(strand.id if strand else None, _Progress())

    async def _drop(self, tasks: dict[str | None, asyncio.Task[None]]) -> None:
        """Leave the calls of strands that a person has dropped."""
        plan = self._writing.plan
        for key in list(tasks):
            strand = plan.get(key) if plan else None
            if plan and key is not None and (strand is None or strand.dropped):
                task = tasks.pop(key)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _strand(self, key: str | None) -> None:
        """One strand to its end: calls one after the other, each told what there is."""
        while True:
            plan = self._writing.plan
            strand = plan.get(key) if plan and key is not None else None
            if (key is not None and strand is None) or not self._missing(strand):
                return
            progress = self._of(strand)
            async with self._places:
                await self._call(strand, progress)
                if self._model.throttled > self._throttled:
                    self._throttled = self._model.throttled
                    self._places.fewer()
            if progress.over:
                return

    async def _call(self, strand: Strand | None, progress: _Progress) -> None:
        missing, most = self._missing(strand), min(progress.size, self._chunk())
        if not missing:
            return
        wanted = ceil(missing / ceil(missing / most))  # calls of like size: none is waited for the longer
        again = progress.asked >= self._all(strand)
        dealt = self._writing.pool.draw(wanted + again * ceil(wanted / SPARE))
        faulty: list[Arrival] = []
        began = asyncio.get_running_loop().time()
        progress.refills += again
        progress.asked += wanted
        key = strand.id if strand else None
        before, refusals = self._writing.came[key], progress.refused
        progress.refused, progress.reason = [], None
        try:
            await self._ask(strand, progress, dealt, wanted, refusals, faulty)
            await self._mend(faulty)
        except HOPELESS:
            raise
        except ModelError as reason:
            progress.reason = reason
            self._stalls += isinstance(reason, FellSilent)
        finally:
            self._writing.pool.give_back(dealt)
        came = self._writing.came[key] - before
        self._time(came, asyncio.get_running_loop().time() - began)
        self._judge(progress, wanted, came)
        if self._loses_the_thread(progress, wanted, came):
            self._model.learn(Manners(LIST))
            progress.size, progress.asked, progress.refills, progress.over = CHUNK, 0, 0, False
        await self._told()

    async def _ask(
        self,
        strand: Strand | None,
        progress: _Progress,
        dealt: list[dict[str, str]],
        wanted: int,
        refusals: Sequence[Refusal],
        faulty: list[Arrival],
    ) -> None:
        """Ask for as many rows as cells are dealt, and keep those wanted; cells used are taken out."""
        brief, key = self._writing.brief, strand.id if strand else None
        plan = self._writing.plan
        scene = Scene(
            dealt=tuple(dealt),
            strand=strand,
            shared=plan.shared if plan else (),
            columns=self._columns(plan),
            there=self._writing.rows.get(key, [])[-_SHOWN:],
            titles=[" ".join(lettered(prompt)) for prompt in self._writing.prompts if lettered(prompt)][
                -_SHOWN:
            ],
            refused=refusals,
        )
        lenient = progress.refills >= REFILLS
        open_cells = iter(list(dealt))
        async with aclosing(calls.write(self._model, brief, scene, self._context)) as rows:
            async for cells in rows:  # to its end, where what there is to learn of the model is learnt
                mine = next(open_cells, None)
                if mine is None or not wanted:
                    return
                taken = self._writing.take(cells, mine, strand=key, lenient=lenient)
                if isinstance(taken, Arrival):
                    dealt.remove(mine)
                    wanted -= 1
                    if taken.wrong:
                        faulty.append(taken)
                elif taken:
                    progress.refused.append(taken)

    def _columns(self, plan: Plan | None) -> list[str]:
        """The columns that are asked for: those the brief speaks of, as we or the model's plan found."""
        names = briefing.wanted(self._writing.brief, load())
        return names + [name for name in (plan.columns if plan else ()) if name not in names]

    def _chunk(self) -> int:
        """Rows that one call holds, with a third of the context for their answer, where that is known."""
        if not self._context:
            return CHUNK
        return max(1, min(CHUNK, int(self._context / 3 / calls.row_tokens(self._writing.brief))))

    def _time(self, rows: int, seconds: float) -> None:
        """Keep how fast one call writes."""
        self._rows, self._seconds = self._rows + rows, self._seconds + seconds
        if self._rows:
            self._model.rate = 60 * self._rows / max(self._seconds, 0.001)

    def _judge(self, progress: _Progress, wanted: int, came: int) -> None:
        """What a call's outcome means for the next one of its strand."""
        if came:
            progress.failures = 0
        if progress.reason:
            if not isinstance(progress.reason, ModelDeclined):
                progress.size = max(1, came or wanted // 2)
            progress.failures += not came
            passing = isinstance(progress.reason, ModelUnreachable)
            progress.over = progress.failures >= (1 if passing else FAILURES) or self._stalls >= STALLS
        elif came < wanted and not progress.refused:
            progress.size = max(1, came)
        progress.over = progress.over or progress.refills >= REFILLS
        if self._model.manners.rung == LIST and not progress.reason:
            self._judge_list(progress, came)

    def _loses_the_thread(self, progress: _Progress, wanted: int, came: int) -> bool:
        """Whether a local model gave hardly a row that could be used: then a list is the better way."""
        broken = isinstance(progress.reason, ModelAnswerBroken) or (progress.refused and not progress.reason)
        poor = wanted >= POOR and came * 3 < wanted and broken
        return bool(poor) and self._may_list()

    def _may_list(self) -> bool:
        near, rung = self._model.endpoint.near, self._model.manners.rung
        return near and rung != LIST and self._stalls < STALLS

    def _resort(self) -> bool:
        """What a local model lacks at the very end, for it repeats itself, is asked of it as a list.

        It is remembered so only where most was lacking: to others this happens in a narrow strand.
        """
        passing = (ModelUnreachable, ModelDeclined)
        if any(isinstance(one.reason, passing) for one in self._progress.values()):
            return False
        if not self._writing.missing or not self._may_list():
            return False
        if self._writing.missing * 2 > self._writing.asked:
            self._model.learn(Manners(LIST))
        else:
            self._usual, self._model.manners = self._model.manners, replace(self._model.manners, rung=LIST)
        self._progress.clear()
        return True

    def _judge_list(self, progress: _Progress, came: int) -> None:
        """A list repeats itself more, and costs less: what counts is that something came."""
        progress.refills = progress.refills if not came else 0
        if progress.over and came:
            progress.over = False
        elif progress.over and progress.size > 1:
            progress.size, progress.refills, progress.over = 1, 0, False  # a row a call, where no list comes

    async def _mend(self, faulty: Sequence[Arrival]) -> None:
        """Cells that are wrong go back once, with what is wrong; those wrong again become their default."""
        if not faulty:
            return
        asked = [Faulty(number, row.cells, row.wrong) for number, row in enumerate(faulty, 1)]
        answered: dict[int, dict[str, str]] = {}
        with suppress(ModelError):
            answered = await calls.mend(self._model, self._writing.brief, asked)
        mended: dict[tuple[str, str], tuple[str, str | None]] = {}
        for number, row in enumerate(faulty, 1):
            for column in row.wrong:
                after = right(column, answered.get(number, {}).get(column, ""))
                if after or not load()[column].required:
                    mended[row.row_id, column] = (row.cells[column], after)
        await self._writing.mend(mended)

    async def _told(self) -> None:
        """Write down the tokens that were counted, and what the model's server made us do."""
        self._writing.count_tokens(self._model.tokens - self._tokens)
        self._tokens = self._model.tokens
        if list(self._model.said) != list(self._writing.draft.said):
            await self._writing.note(said=list(self._model.said))
        await self._writing.flush()

    def _lacking(self) -> str | None:
        """Why rows are missing, in a sentence; None where none is. Raises the error where no row came."""
        missing = self._writing.missing
        if not missing:
            return None
        reasons = [progress.reason for progress in self._progress.values() if progress.reason]
        if reasons and not self._writing.came.total():
            raise reasons[0]
        short = [
            quoted(strand.name, 40)
            for strand in (self._writing.plan.strands if self._writing.plan else ())
            if self._missing(strand)
        ]
        where = f", of {listed(short, most=3)}" if short else ""
        rows = f"{missing:,} row is" if missing == 1 else f"{missing:,} rows are"
        if reasons:
            return f"{rows} missing{where}. {reasons[-1]}"
        again = f"although they were asked for {REFILLS} times more"
        return f"{rows} missing{where}: what came repeated others or was too short, {again}."


def _lettered(prompt: str) -> str:
    return " ".join(lettered(prompt))


def right(column: str, text: str) -> str | None:
    """A text as it may stand in a column, repaired; None where it is wrong."""
    spec = load()[column]
    repair = repair_cell(spec, text)
    text = repair.after if repair else text
    return text if Checker(load()).cell(spec, text)[0] is not None else None

"""What a writer writes for operations: new rows, drafted with all rows known, and prompts written anew."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace

from assistant.chat.changes import ChangeSet
from assistant.chat.executing import lines_of
from assistant.chat.ground import PROMPT, Ground, Line
from assistant.chat.operations import ADDED, Operation
from assistant.drafting import briefing, calls
from assistant.drafting.brief import Brief
from assistant.drafting.calls import Scene
from assistant.drafting.pasted import text_of
from assistant.drafting.plan import Strand
from assistant.drafting.sieve import Arrival, Refusal, Sieve
from assistant.drafting.sieve import refused as said_of
from assistant.drafting.titles import lettered
from assistant.model.client import Model, Request
from jobs.errors import ModelAnswerBroken, ModelError
from schema.wire import listing, typed
from schema.wording import counted, quoted

PART = 12
"""Prompts that are written anew in one call."""
TOGETHER = 3
"""Such calls at once."""
CHUNK = 25
"""New rows that one call asks for."""
REFILLS = 3
"""Times that rows are asked for again which were refused."""
USUAL = 10
"""New rows where nobody said how many."""
SAMPLE = 6
"""Rows of the sheet that stand for its manner, where its brief has no examples."""
NEIGHBOURS = 8
_STRAND = 20
"""Characters of a strand's name in a row that no plan has."""


async def add(model: Model, operation: Operation, changes: ChangeSet, context: int) -> AsyncGenerator[str]:
    """Add rows to the change set as they come; sentences about what is missing. Raises ModelError."""
    ground = changes.ground
    wanted = min(operation.count or USUAL, ADDED)
    brief, pool = _brief(operation, ground), ground.pool(wanted)
    strand = _strand(operation, ground, wanted)
    there = changes.prompts()
    sieve, of = Sieve(brief, there), strand.id if strand else None
    refused: list[Refusal] = []
    came, calls_left = 0, -(-wanted // CHUNK) + REFILLS
    while calls_left and came < wanted and not changes.full:
        calls_left -= 1
        dealt = pool.draw(min(CHUNK, wanted - came))
        scene = Scene(
            tuple(dealt),
            strand,
            shared=ground.plan.shared if ground.plan else (),
            columns=briefing.wanted(brief, ground.columns),
            there=there[-300:],
            titles=[" ".join(lettered(prompt)) for prompt in there if lettered(prompt)][-300:],
            refused=refused,
        )
        refused, open_cells = [], list(dealt)
        async with aclosing(calls.write(model, brief, scene, context)) as rows:
            async for cells in rows:
                if not open_cells:
                    break
                mine = open_cells.pop(0)
                taken = sieve.take(cells, mine, lenient=not calls_left)
                if isinstance(taken, Arrival):
                    dealt.remove(mine)
                    came += changes.add(taken.cells, dealt=taken.dealt, strand=of)
                    there.append(taken.cells[PROMPT])
                elif taken:
                    refused.append(taken)
        pool.give_back(dealt)
    about = f" about {quoted(operation.text, 60)}" if operation.text else ""
    yield f"Adds {counted(came)} {'row' if came == 1 else 'rows'}{about}."
    if came < wanted and not changes.full:
        why = said_of(Counter(one.kind for one in refused)) or "nothing came"
        yield f"{wanted - came:,} more were asked for: of the last answer {why}."


async def rewrite(
    model: Model, operation: Operation, changes: ChangeSet, context: int
) -> AsyncGenerator[str]:
    """Write prompts anew in the change set, as they come; a sentence about it. Raises ModelError."""
    del context  # a dozen rows and their neighbours fit anywhere
    lines = [line for line in lines_of(operation, changes) if not changes.hold(line.id, PROMPT)]
    parts = [lines[start : start + PART] for start in range(0, len(lines), PART)]
    places, failed = asyncio.Semaphore(TOGETHER), list[ModelError]()

    async def one(part: Sequence[Line]) -> int:
        async with places:
            try:
                return await _rewritten(model, operation, changes, part)
            except ModelError as reason:
                failed.append(reason)
                return 0

    tasks = [asyncio.create_task(one(part)) for part in parts]
    try:
        done = sum(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if failed and not done:
        raise failed[0]
    if lines:
        prompts = "prompt" if done == 1 else "prompts"
        yield f"Rewrites {counted(done)} {prompts}: {quoted(operation.text, 80)}."
    if done < len(lines):
        yield f"{len(lines) - done:,} rows were not answered for and stay as they are."


async def _rewritten(model: Model, operation: Operation, changes: ChangeSet, part: Sequence[Line]) -> int:
    """Ask for these rows, and once more for those that did not come; how many came."""
    left = {line.number: line for line in part}
    for _ in range(2):
        try:
            async with aclosing(_prompts(model, operation, changes, list(left.values()))) as found:
                async for number, prompt in found:
                    if number in left:
                        changes.change(left.pop(number).id, {PROMPT: prompt})
        except ModelAnswerBroken:
            if len(left) == len(part):
                raise
        if not left:
            break
    return len(part) - len(left)


async def _prompts(
    model: Model, operation: Operation, changes: ChangeSet, lines: Sequence[Line]
) -> AsyncGenerator[tuple[int, str]]:
    ground = changes.ground
    asked = briefing.messages(
        "rewrite",
        count=len(lines),
        request=briefing.harmless(operation.text),
        goal=briefing.marked("goal", ground.brief.goal if ground.brief else ""),
        rows="\n".join(_told(line, changes.now(line), ground) for line in lines),
        there=briefing.listed_in("avoid", _beside(lines, ground)),
    )
    letters = sum(len(line.cells.get(PROMPT, "")) for line in lines)
    request = Request(
        asked, listing("rows", {"row": typed("integer"), PROMPT: typed("string")}), tokens=500 + letters
    )
    async with aclosing(model.objects(request)) as objects:
        async for value in objects:
            number, prompt = text_of(value.get("row")), text_of(value.get(PROMPT)).strip()
            if number.isdecimal() and len(number) < 9 and prompt:
                yield int(number), prompt


def _told(line: Line, cells: Mapping[str, str], ground: Ground) -> str:
    strand = ground.plan.get(line.strand) if ground.plan else None
    more = {"strand": strand.name} if strand else {}
    return briefing.line_of(line.number, {PROMPT: cells.get(PROMPT, "")}, **more)


def _beside(lines: Sequence[Line], ground: Ground) -> list[str]:
    """The rows nearest to these, of the same strands, which the new prompts must not be."""
    own = {line.id for line in lines}
    strands = {line.strand for line in lines}
    alike = [one for one in ground.lines if one.id not in own and one.strand in strands]
    place = ground.lines.index(lines[0]) if lines[0] in ground.lines else 0
    near = sorted(alike, key=lambda one: abs(ground.lines.index(one) - place))[:NEIGHBOURS]
    return [briefing.cut(one.cells.get(PROMPT, ""), briefing.AVOID) for one in near]


def _brief(operation: Operation, ground: Ground) -> Brief:
    """The sheet's brief, of which examples are rows where it has none; for an uploaded sheet one made up."""
    prompts = [line.cells.get(PROMPT, "") for line in ground.lines if line.cells.get(PROMPT)]
    sample = tuple(briefing.evenly(prompts, SAMPLE))
    brief = ground.brief or Brief(operation.text or "More rows like these")
    return replace(brief, examples=brief.examples or sample)


def _strand(operation: Operation, ground: Ground, rows: int) -> Strand | None:
    """What the new rows are about, as their strand: that of the plan of this name, else a new one."""
    about = operation.text.strip()
    if not about:
        return None
    for strand in ground.plan.strands if ground.plan else ():
        if strand.name.casefold() == about.casefold():
            return strand
    return Strand(about[:_STRAND], about, rows)

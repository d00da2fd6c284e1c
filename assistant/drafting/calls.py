"""What a language model is asked for on the way from a brief to rows: a plan, rows, cells, other words."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from assistant.drafting import briefing
from assistant.drafting.brief import Brief
from assistant.drafting.briefing import NONE, PROMPT, messages
from assistant.drafting.pasted import cells_of, read_any, text_of
from assistant.drafting.plan import LEAST, Plan, Strand, planned
from assistant.drafting.sieve import Refusal
from assistant.model.client import Model, Request
from assistant.model.ladder import LIST, Message
from assistant.model.lists import List
from jobs.errors import ModelAnswerBroken, ModelError
from schema.columns import Columns, load
from schema.values import blank
from schema.wire import cell, listing, typed, wire

MENDED = 25
"""Rows whose cells are sent back in one question."""
ENLARGED = 4_000
"""Characters of an enlarged prompt: above that it is no prompt for images."""
HAVE = 60
"""Prompts of those that are there which are shown when more are asked of a chat app."""
PLANNED = 900
"""Tokens of a plan: short, so that the first row is not late."""
_A_STRAND = 50
"""Rows of a sheet for which a plan has one strand more than two."""
_TOKENS, _LETTERS = 3.0, 3.2
"""Characters that a token stands for: few for what is to be written, more for what is sent."""
_USUAL = 260
"""Characters of a prompt where no example tells."""
_NUMBERED = re.compile(r"^\s*\d{1,3}[.)]\s+")
"""What a small model puts before a prompt, though its rows are no list."""
_AROUND = 400
"""Tokens that an answer may have beside its rows."""


@dataclass(frozen=True)
class Faulty:
    """A row with wrong cells: a number to know it by, its cells, and what is wrong in which column."""

    number: int
    cells: Mapping[str, str]
    problems: Mapping[str, str]


@dataclass(frozen=True)
class Scene:
    """What a call that writes rows is told, beside the brief.

    strand    the rows' strand, None where there is one kind alone      shared   what holds for every row
    columns   that are asked for beside the prompt                       dealt    cells of the rows, in order
    there     prompts that the rows must not repeat: of their strand, or all; the newest last
    titles    that stand in the sheet, as they are lettered
    refused   rows that came and were refused, with the reasons
    """

    dealt: Sequence[Mapping[str, str]]
    strand: Strand | None = None
    shared: Sequence[str] = ()
    columns: Sequence[str] = ()
    there: Sequence[str] = ()
    titles: Sequence[str] = ()
    refused: Sequence[Refusal] = field(default=())


async def plan(model: Model, brief: Brief, rows: int) -> Plan | None:
    """A plan of strands for so many rows; None where the answer is broken or too poor to follow.

    Raises a ModelError only for what would keep rows from coming too.
    """
    if model.manners.rung == LIST:
        return None
    columns = load()
    free = [name for name in columns.names if brief.wish(name, columns).kind == "open" and name != PROMPT]
    asked = messages(
        "plan",
        rows=rows,
        strands=max(3, min(10, 2 + rows // _A_STRAND)),
        columns=", ".join(free) or "none",
        **_about(brief, columns),
    )
    texts = {"type": "array", "items": typed("string")}
    shape = {"name": typed("string"), "rows": typed("integer"), "holds": texts, "leaves": typed("string")}
    request = Request(asked, listing("strands", shape), "strands", tokens=PLANNED)
    found = []
    try:
        async with aclosing(model.objects(request)) as objects:
            async for value in objects:
                found.append(value)  # noqa: PERF401  what came before an error is kept
    except ModelAnswerBroken:
        pass  # what came of it may do
    return planned(found, rows, free) if len(found) >= LEAST else None


async def write(model: Model, brief: Brief, scene: Scene, context: int = 0) -> AsyncGenerator[dict[str, str]]:
    """So many rows as there are dealt ones: texts of the cells that are the model's to write, as they come.

    What is sent is cut to `context` tokens, where that is known. Raises a ModelError after what came.
    """
    columns = load()
    names = [PROMPT, *(name for name in scene.columns if name != PROMPT)]
    tokens = _AROUND + len(scene.dealt) * row_tokens(brief, len(names) - 1)
    request = Request(
        _fitting(brief, scene, columns, (context - tokens) * _LETTERS if context else 0),
        wire(names, columns),
        tokens=tokens,
        longest=_longest(brief) + 400 * (len(names) - 1),
        otherwise=lambda text: [{**row} for row in read_any(text)],
        begun=_list(brief, scene),
    )
    async with aclosing(model.objects(request)) as objects:
        async for value in objects:
            cells = {name: text for name, text in cells_of(value, columns).items() if name in names}
            prompt = _NUMBERED.sub("", cells.get(PROMPT, ""))
            if not blank(prompt):
                yield {**cells, PROMPT: prompt}


def row_tokens(brief: Brief, more: int = 0) -> int:
    """Tokens that a row takes at most, with so many columns beside its prompt."""
    longest = max(map(len, brief.examples), default=_USUAL)
    return int(min(longest, 4_000) * 1.5 / _TOKENS) + 20 + 15 * more


async def mend(model: Model, brief: Brief, rows: Sequence[Faulty]) -> dict[int, dict[str, str]]:
    """New texts for the wrong cells of rows, by the row's number; what the model left alone is not there.

    Raises a ModelError where nothing came at all.
    """
    found: dict[int, dict[str, str]] = {}
    for start in range(0, len(rows), MENDED):
        part = {row.number: row for row in rows[start : start + MENDED]}
        try:
            await _mend(model, brief, part, found)
        except ModelError:
            if not found:
                raise
            break
    return found


async def reword(model: Model, prompt: str, reason: str, neighbours: Sequence[str]) -> str:
    """A prompt in other words, unlike itself and its neighbours; `reason` may be empty. Raises ModelError."""
    asked = messages(
        "reword",
        prompt=briefing.marked("prompt", prompt),
        reason=briefing.marked("reason", reason),
        avoid=briefing.avoid([*neighbours, prompt]),
    )
    known = {briefing.cut(text, 10_000).casefold() for text in (prompt, *neighbours)}
    async with aclosing(model.objects(_of_one(asked, prompt))) as objects:
        async for value in objects:
            text = cells_of(value, load()).get(PROMPT, "").strip()
            if text and briefing.cut(text, 10_000).casefold() not in known:
                return text
    raise ModelAnswerBroken(
        f"{model.endpoint.named} gave the same prompt again. Say what should be different."
    )


async def enlarge(model: Model, prompt: str) -> str:
    """A prompt with all that it says, and more of what it leaves open. Raises ModelError."""
    asked = messages("enlarge", prompt=briefing.marked("prompt", prompt))
    async with aclosing(model.objects(_of_one(asked, prompt))) as objects:
        async for value in objects:
            text = cells_of(value, load()).get(PROMPT, "").strip()
            if text and len(text) <= ENLARGED:
                return text
    raise ModelAnswerBroken(f"{model.endpoint.named} gave no prompt that can be used.")


def instruction(brief: Brief, missing: int | None = None, have: Sequence[str] = ()) -> str:
    """The brief as an instruction for a chat app of the person's own, which answers with a CSV table.

    With `missing`, the second one: so many more, unlike those that are there (`have`).
    """
    columns = load()
    names = briefing.wanted(brief, columns)
    blanks = _about(brief, columns) | {
        "header": ",".join(names),
        "columns": briefing.guidance(names, columns),
        "have": briefing.numbered("avoid", briefing.evenly(have, HAVE), briefing.AVOID),
        "rules": briefing.rules(brief),
    }
    return briefing.filled("instruction", count=brief.rows if missing is None else missing, **blanks) + "\n"


def _about(brief: Brief, columns: Columns, examples: int = briefing.EXAMPLES) -> dict[str, str]:
    """The parts of a question that every brief has."""
    return {
        "goal": briefing.marked("goal", brief.goal),
        "context": briefing.marked("context", brief.context),
        "settings": briefing.settings(brief, columns),
        "examples": briefing.examples(brief, examples),
    }


def _fitting(brief: Brief, scene: Scene, columns: Columns, letters: float) -> list[Message]:
    """The question, without what is told least where it would be longer than `letters`; 0: any length.

    First the oldest of what is there goes, then titles, then examples.
    """
    examples = briefing.EXAMPLES
    while True:
        asked = _question(brief, scene, columns, examples)
        if not letters or sum(len(one["content"]) for one in asked) <= letters:
            return asked
        if len(scene.there) > 1:
            scene = replace(scene, there=scene.there[-(len(scene.there) // 2) :])
        elif len(scene.titles) > 1:
            scene = replace(scene, titles=scene.titles[-(len(scene.titles) // 2) :])
        elif examples > 1:
            examples //= 2
        else:
            return asked


def _question(brief: Brief, scene: Scene, columns: Columns, examples: int) -> list[Message]:
    names = [name for name in scene.columns if name != PROMPT]
    refused = [f"{briefing.cut(one.prompt, 120)}: {one.why}" for one in scene.refused]
    return messages(
        "write",
        count=len(scene.dealt),
        rules=briefing.rules(brief),
        shared="\n".join(f"- {briefing.harmless(line)}" for line in scene.shared) or NONE,
        strand=_told(scene.strand),
        columns=briefing.guidance(names, columns) or NONE,
        dealt=briefing.dealt(scene.dealt),
        there=briefing.listed_in("avoid", briefing.digests(scene.there)),
        titles=briefing.listed_in("avoid", scene.titles, " · "),
        refused=briefing.listed_in("avoid", refused),
        **_about(brief, columns, examples),
    )


def _told(strand: Strand | None) -> str:
    """A strand as its writer is told of it."""
    if strand is None:
        return NONE
    lines = [f"{strand.name}. Other writers write the other strands; stay inside this one."]
    lines += [f"- {hold}" for hold in strand.holds]
    lines += [f"Left to others: {strand.leaves}"] if strand.leaves else []
    return briefing.harmless("\n".join(lines))


def _list(brief: Brief, scene: Scene) -> List:
    """The list that a model which keeps to no shape goes on with: the examples, and a few rows like them.

    Such a model goes on in the manner of what stands last, so rows that open otherwise are left out.
    """
    goal = brief.goal if scene.strand is None else f"{brief.goal}: {scene.strand.name}"
    heading = briefing.filled("list", goal=briefing.cut(goal, 300))
    begun = briefing.plain_examples(brief, 6)
    openings = {line.split(" ", 1)[0] for line in begun}
    alike = [row for row in scene.there if row.split(" ", 1)[0] in openings or not begun]
    begun += briefing.evenly(alike, 3)
    return List(heading, [briefing.cut(line, 400) for line in begun], len(scene.dealt), _longest(brief))


def _longest(brief: Brief) -> int:
    """Characters that a prompt may have: more is an answer that runs away."""
    return max(1_200, *(3 * len(example) for example in brief.examples), 0)


def _of_one(asked: Sequence[Mapping[str, str]], prompt: str) -> Request:
    """A question for one prompt about as long as another, at most ENLARGED characters."""
    tokens = _AROUND + int(max(len(prompt) * 3, ENLARGED // 2) / _TOKENS)
    return Request(asked, listing("rows", {PROMPT: typed("string")}), tokens=tokens)


async def _mend(
    model: Model, brief: Brief, rows: Mapping[int, Faulty], found: dict[int, dict[str, str]]
) -> None:
    columns = load()
    wrong = {name for row in rows.values() for name in row.problems if name in columns}
    if not wrong:
        return
    lines = (
        briefing.line_of(row.number, row.cells, wrong={name: row.problems[name] for name in row.problems})
        for row in rows.values()
    )
    asked = messages(
        "mend",
        count=len(rows),
        goal=briefing.marked("goal", brief.goal),
        columns=briefing.guidance(wrong, columns),
        rows="\n".join(lines),
    )
    cells = {column.name: cell(column, needed=False) for column in columns.all if column.name in wrong}
    shape = listing("rows", {"row": typed("integer"), **cells})
    tokens = _AROUND + len(rows) * 30 * (1 + len(wrong))
    async with aclosing(model.objects(Request(asked, shape, tokens=tokens))) as objects:
        async for value in objects:
            row = rows.get(_number(value.get("row")))
            if row:
                texts = cells_of(value, columns)
                kept = {name: texts[name] for name in row.problems if not blank(texts.get(name, ""))}
                found.setdefault(row.number, {}).update(kept)


def _number(value: object) -> int:
    text = text_of(value)
    return int(text) if text.isdecimal() and len(text) < 9 else -1

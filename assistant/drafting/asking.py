"""What is asked of a language model: a plan, rows, corrections, a row in other words, changes to a sheet."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from zlib import crc32

from assistant.drafting import briefing
from assistant.drafting.brief import Brief
from assistant.drafting.briefing import PROMPT, messages
from assistant.drafting.pasted import cells_of, text_of
from assistant.drafting.plan import Combination, Plan
from assistant.model.client import Model
from jobs.errors import ModelAnswerBroken, ModelError
from schema.columns import Columns, load
from schema.values import blank
from schema.wire import Spec, cell, listing, typed, wire

__all__ = [
    "Combination",
    "Faulty",
    "Plan",
    "enlarge",
    "instruction",
    "mend",
    "plan",
    "reword",
    "write",
]

MENDED = 25
"""Rows whose cells are sent back in one question."""
ENLARGED = 4_000
"""Characters of an enlarged prompt: above that it is no prompt for images."""
HAVE = 60
"""Prompts of those that are there which are shown when more are asked of a chat app."""


@dataclass(frozen=True)
class Faulty:
    """A row with wrong cells: a number to know it by, its cells, and what is wrong in which column."""

    number: int
    cells: Mapping[str, str]
    problems: Mapping[str, str]


async def plan(model: Model, brief: Brief) -> Plan:
    """Axes along which the rows are to differ, each with eight values or more.

    Where the answer is broken or too poor, a plan without axes: the model is then left to itself. Raises a
    ModelError only for what would keep rows from coming too.
    """
    seed = crc32(brief.goal.encode())
    asked = messages(
        "plan",
        rows=brief.rows,
        values=8 if brief.rows <= 40 else 12 if brief.rows <= 150 else 16,
        **_about(brief, load()),
    )
    found: list[tuple[str, list[object]]] = []
    broken: ModelError | None = None
    try:
        async for axis in model.objects(asked, _axes(), key="axes"):
            name, values = axis.get("name"), axis.get("values")
            if isinstance(name, str) and isinstance(values, list):
                found.append((name, values))
    except ModelError as reason:
        broken = reason
    made = Plan.of(brief.rows, ((name, map(str, values)) for name, values in found), seed)
    if len(made.axes) > 1:
        return made  # a shorter plan, where the answer was broken off
    if broken and not isinstance(broken, ModelAnswerBroken):
        raise broken
    return Plan(brief.rows, {}, seed)


async def write(
    model: Model, brief: Brief, combinations: Sequence[Combination], avoid: Sequence[str] = ()
) -> AsyncGenerator[dict[str, str]]:
    """So many rows as there are combinations: texts of the cells that are the model's to write, as they come.

    `avoid` are prompts that came too often, as “not these”. Raises a ModelError after the rows that came.
    """
    columns = load()
    names = briefing.wanted(brief, columns)
    asked = messages(
        "write",
        count=len(combinations),
        columns=briefing.guidance(names, columns),
        combinations=briefing.combined(combinations),
        avoid=briefing.avoid(avoid),
        **_about(brief, columns),
    )
    async with aclosing(model.objects(asked, wire(names, columns))) as objects:
        async for value in objects:
            cells = {name: text for name, text in cells_of(value, columns).items() if name in names}
            if not blank(cells.get(PROMPT, "")):
                yield cells


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
    async with aclosing(model.objects(asked, listing("rows", {PROMPT: typed("string")}))) as objects:
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
    async with aclosing(model.objects(asked, listing("rows", {PROMPT: typed("string")}))) as objects:
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
    shown = briefing.evenly(have, HAVE)
    blanks = _about(brief, columns) | {
        "header": ",".join(names),
        "columns": briefing.guidance(names, columns),
        "have": briefing.numbered("avoid", shown, briefing.AVOID),
    }
    name = "instruction" if missing is None else "instruction_more"
    return briefing.filled(name, count=brief.rows if missing is None else missing, **blanks) + "\n"


def _about(brief: Brief, columns: Columns) -> dict[str, str]:
    """The parts of a question that every brief has."""
    return {
        "goal": briefing.marked("goal", brief.goal),
        "context": briefing.marked("context", brief.context),
        "settings": briefing.settings(brief, columns),
        "examples": briefing.examples(brief),
    }


def _axes() -> Spec:
    values: Spec = {"type": "array", "items": typed("string")}
    return listing("axes", {"name": typed("string"), "values": values})


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
    async for value in model.objects(asked, listing("rows", {"row": typed("integer"), **cells})):
        row = rows.get(_number(value.get("row")))
        if row:
            texts = cells_of(value, columns)
            kept = {name: texts[name] for name in row.problems if not blank(texts.get(name, ""))}
            found.setdefault(row.number, {}).update(kept)


def _number(value: object) -> int:
    text = text_of(value)
    return int(text) if text.isdecimal() and len(text) < 9 else -1

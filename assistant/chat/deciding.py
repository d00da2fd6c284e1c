"""The one call that decides what a request comes to: it sees talk, rows and screen, and says operations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from assistant.chat import operations
from assistant.chat.ground import PROMPT, Ground, Line
from assistant.chat.operations import ROWS, numbers_in, spoken
from assistant.drafting import briefing
from assistant.drafting.briefing import NONE
from assistant.model.client import Model, Request
from jobs.store.turns import Turn, TurnState

HISTORY = 6
"""Turns before that are told, with what became of them."""
FEW = 40
"""Rows up to which all are shown whole; of more, digests."""
WHOLE = 30
"""Rows of many that are shown whole, because the request has their numbers or they are selected."""
TOKENS = 900
"""Of an answer: a dozen operations."""
_LETTERS = 3.2
"""Characters that a token stands for, of what is sent."""
_WHOLE_PROMPT = 400


async def decide(
    model: Model, turn: Turn, ground: Ground, before: Sequence[Turn], context: int = 0
) -> AsyncGenerator[dict[str, Any]]:
    """The operations that a model answers a request with, as it wrote them. Raises ModelError after those.

    `before` are the turns of the conversation up to this one. What is sent is cut to `context` tokens.
    """
    most = (context - TOKENS) * _LETTERS if context else 0
    size = briefing.DIGEST
    asked = _question(turn, ground, before, size)
    while most and size > 1 and sum(len(one["content"]) for one in asked) > most:
        size //= 2
        asked = _question(turn, ground, before, size)
    shape = operations.schema(ground.columns)
    request = Request(asked, shape, "operations", tokens=TOKENS, optional=True)
    async with aclosing(model.objects(request)) as objects:
        async for value in objects:
            yield value


def _question(turn: Turn, ground: Ground, before: Sequence[Turn], size: int) -> list[Mapping[str, str]]:
    shared, lines = _rows(turn, ground, size)
    goal = ground.brief.goal if ground.brief else ""
    return briefing.messages(
        "decide",
        operations=operations.guide(),
        rows_told=ROWS,
        columns=briefing.guidance(ground.columns.names, ground.columns),
        history=_history(before) or NONE,
        open=_open(before) or NONE,
        screen=_screen(ground),
        goal=briefing.marked("goal", goal),
        shared=shared,
        rows="\n".join(lines),
        request=briefing.harmless(turn.text),
    )


def _history(before: Sequence[Turn]) -> str:
    """The last turns: what was asked, which operations it came to, what became of that."""
    return "\n".join(map(_told, before[-HISTORY:]))


def _told(turn: Turn) -> str:
    asked = briefing.harmless(briefing.cut(turn.text, 300))
    came = json.dumps(list(turn.operations), ensure_ascii=False) if turn.operations else "no operation"
    return f"- “{asked}” → {briefing.harmless(came)} · {outcome(turn)}"


def outcome(turn: Turn) -> str:
    """What became of a turn, in a few words."""
    states = Counter(item["state"] for item in turn.changes)
    if turn.state == TurnState.PROPOSED:
        return f"proposed, {states['open']:,} rows still open"
    if turn.state == TurnState.ACCEPTED:
        return f"accepted in {states['accepted']:,} rows"
    if turn.state == TurnState.REJECTED:
        return "not taken"
    return briefing.harmless(briefing.cut(turn.reply or str(turn.state), 160))


def open_turn(before: Sequence[Turn]) -> Turn | None:
    """The newest turn that has something to decide."""
    return next((turn for turn in reversed(before) if turn.state == TurnState.PROPOSED), None)


def _open(before: Sequence[Turn]) -> str:
    found = open_turn(before)
    if not found:
        return ""
    rows = [item["number"] for item in found.changes if item["state"] == "open"]
    return f"“{briefing.harmless(briefing.cut(found.text, 200))}”, not decided yet, of {spoken(rows)}."


def _screen(ground: Ground) -> str:
    """What is selected and shown, where that is not all and nothing."""
    said = []
    if ground.selected:
        numbers = [ground.by_id[one].number for one in ground.selected if one in ground.by_id]
        said.append(f"Selected: {spoken(numbers)}." if numbers else "")
    if len(ground.shown) < len(ground.lines):
        numbers = [ground.by_id[one].number for one in ground.shown if one in ground.by_id]
        said.append(f"The filter shows {len(numbers):,} rows: {spoken(numbers)}.")
    return " ".join(filter(None, said)) or NONE


def _rows(turn: Turn, ground: Ground, size: int) -> tuple[str, list[str]]:
    """What all rows share, in a sentence, and a line for each row: its number, its words, what is its own."""
    lines = ground.lines
    names = dict.fromkeys(
        name for line in lines for name, text in line.cells.items() if text and name != PROMPT
    )
    shared = {
        name: texts.pop()
        for name in names
        if len(lines) > 1 and len(texts := {line.cells.get(name, "") for line in lines}) == 1
    }
    whole = _whole(turn, ground)
    digests = briefing.digests([line.cells.get(PROMPT, "") for line in lines], size)
    told = [
        _line(line, None if line.number in whole else digest, shared, ground.locked.get(line.id, ()))
        for line, digest in zip(lines, digests, strict=True)
    ]
    words = f"There are {len(lines):,}, by the numbers that the person sees."
    if len(whole) < len(lines):
        words += " Of most, a few words of the prompt are told."
    if shared:
        same = "; ".join(f"{name} is {briefing.cut(text, 100)}" for name, text in shared.items())
        words += f" In all of them: {briefing.harmless(same)}."
    return words, told


def _whole(turn: Turn, ground: Ground) -> set[int]:
    """The numbers of the rows that are shown whole: all of few, else those that are named or selected."""
    if len(ground.lines) <= FEW:
        return set(ground.by_number)
    named = {
        number for low, high in numbers_in(turn.text) for number in range(low, min(high, low + WHOLE) + 1)
    }
    named |= {ground.by_id[one].number for one in ground.selected[:WHOLE] if one in ground.by_id}
    return set(sorted(named & ground.by_number.keys())[:WHOLE])


def _line(line: Line, digest: str | None, shared: Mapping[str, str], locked: Any) -> str:
    prompt = line.cells.get(PROMPT, "")
    words = briefing.cut(prompt, _WHOLE_PROMPT) if digest is None else digest
    own = {name: text for name, text in line.cells.items() if text and name not in shared and name != PROMPT}
    told = "; ".join(f"{name} {briefing.cut(text, 60)}" for name, text in own.items())
    kept = f" | locked: {', '.join(sorted(locked))}" if locked else ""
    return briefing.harmless(f"{line.number}: {words}{f' | {told}' if told else ''}{kept}")

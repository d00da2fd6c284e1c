"""Changes to a sheet asked of a language model, which sees the rows that matter, many of them in parts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from assistant.drafting import briefing
from assistant.drafting.brief import Brief
from assistant.drafting.briefing import NONE, PROMPT, messages
from assistant.drafting.pasted import cells_of, text_of
from assistant.model.client import Model, Request
from jobs.errors import ModelError
from schema.columns import Columns, load
from schema.wire import Spec, cell, closed, listing, typed

Row = tuple[int, Mapping[str, str]]
"""A row of a sheet: its number as on screen, and its cells."""

PART, LETTERS = 40, 16_000
"""Rows, and characters of rows, that one question holds: their changed prompts fit into one answer."""
TOGETHER = 3
"""Questions about parts of a sheet at once."""
ADDED = 25
"""New rows that one question asks for."""
STYLE = 12
"""Rows that are shown as a sample where new ones are asked for."""
_COUNT = re.compile(
    r"\b(?:add|append|write|create|make|generate|draft|give me|another)\b[^.\d]{0,30}?(\d{1,3})\b"
    r"(?!\s*[:–-]\s*\d)",
    re.IGNORECASE,
)
_ADDS = re.compile(
    r"\b(?:add|append|another|(?:new|more) (?:rows?|prompts?))\b|\d+ (?:\w+ )?more\b", re.IGNORECASE
)
_ROWS = re.compile(
    r"\b(?:rows?|lines?|nos?\.?)\s*((?:#?\d+(?!\d*\s*[:.]\s*\d)\s*(?:,|and|or|&|to|through|until|[–—-])?\s*)+)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)(?:\s*(?:to|through|until|[–—-])\s*#?(\d+))?", re.IGNORECASE)


async def propose(
    model: Model,
    rows: Sequence[Row],
    text: str,
    brief: Brief | None = None,
    locked: Mapping[int, Collection[str]] | None = None,
) -> AsyncGenerator[dict[str, Any]]:
    """What a model would change in a sheet to do what a person asks for, one object as it comes.

    `{"op": "change", "row": 7, "cells": {…}}`, `{"op": "add", "cells": {…}}`, `{"op": "delete", "row": 9}` or
    `{"op": "reply", "text": "…"}`; cells are texts by column, those that stay are not there. `locked` are the
    columns by row that a person wrote. What was not shown is said in `model.said`. Raises a ModelError after
    what came.
    """
    request = _Request(model, text, brief, locked or {})
    named = [row for row in rows if row[0] in _named(text)]
    adding = _adding(text)
    changes = request.additions(rows, adding) if adding and not named else request.changes(named or rows)
    async with aclosing(changes):
        async for change in changes:
            yield change


def _named(text: str) -> set[int]:
    """Numbers of the rows that a text speaks of: “rows 10–20”, “row 7 and 9”."""
    found: set[int] = set()
    for run in _ROWS.finditer(text):
        for first, last in _RANGE.findall(run[1]):
            low, high = int(first), int(last or first)
            found.update(range(low, min(high, low + 100_000) + 1))
    return found


def _adding(text: str) -> int:
    """How many new rows a text asks for, 0 where it asks for none; STYLE where it does not say."""
    if not _ADDS.search(text):
        return 0
    count = _COUNT.search(text) or re.search(
        r"\b(\d{1,3}) (?:\w+ )?(?:more|new|rows|prompts)\b", text, re.IGNORECASE
    )
    return int(count[1]) if count else STYLE


class _Request:
    """One request of a person, put to the model in as many questions as it takes."""

    def __init__(
        self, model: Model, text: str, brief: Brief | None, locked: Mapping[int, Collection[str]]
    ) -> None:
        self._model, self._text, self._locked = model, text, locked
        self._goal = briefing.marked("goal", brief.goal) if brief else NONE
        self._columns = load()

    async def changes(self, rows: Sequence[Row]) -> AsyncGenerator[dict[str, Any]]:
        """Changes to rows; of many, in parts of the sheet side by side."""
        parts = list(_parts(rows, self._locked)) or [()]
        told = [
            "" if len(parts) == 1 else f"You see part {at} of {len(parts)} of the sheet. Add no rows."
            for at in range(1, len(parts) + 1)
        ]
        questions = [self._ask(part, words) for part, words in zip(parts, told, strict=True)]
        replied = False
        async with aclosing(_together(questions, TOGETHER)) as found:
            async for change in found:
                if change["op"] == "reply" and replied:
                    continue
                replied = replied or change["op"] == "reply"
                if change["op"] != "add" or len(parts) == 1:
                    yield change

    async def additions(self, rows: Sequence[Row], count: int) -> AsyncGenerator[dict[str, Any]]:
        """New rows, some at a time, each time unlike those that were just written."""
        sample = briefing.evenly(rows, STYLE)
        if len(sample) < len(rows):
            self._model.say(
                f"The model saw {len(sample)} of the sheet's {len(rows):,} rows, as a sample of its manner."
            )
        there = [cells.get(PROMPT, "") for _, cells in rows]
        made: list[str] = []
        while len(made) < count:
            wanted, before = min(ADDED, count - len(made)), len(made)
            words = f"Add exactly {wanted} new rows in this answer, and change no other."
            avoid = [*briefing.evenly(there, briefing.AVOIDED - 6), *made[-6:]] if made else there
            async with aclosing(self._ask(sample, words, avoid)) as found:
                async for change in found:
                    if change["op"] == "add" and len(made) < count:
                        made.append(change["cells"].get(PROMPT, ""))
                        yield change
                    elif change["op"] == "reply" and not before:
                        yield change
            if len(made) == before:
                return

    async def _ask(
        self, rows: Sequence[Row], part: str, avoid: Sequence[str] = ()
    ) -> AsyncGenerator[dict[str, Any]]:
        shared, lines = _told(rows, self._locked)
        asked = messages(
            "propose",
            part=part,
            request=briefing.harmless(self._text),
            goal=self._goal,
            columns=briefing.guidance(self._columns.names, self._columns),
            shown=shared,
            rows="\n".join(lines),
            avoid=briefing.numbered("avoid", briefing.evenly(avoid, briefing.AVOIDED), briefing.AVOID),
        )
        request = Request(asked, _schema(self._columns), "changes")
        async with aclosing(self._model.objects(request)) as objects:
            async for value in objects:
                change = _change(value, self._columns)
                if change:
                    yield change


def _change(value: Mapping[str, Any], columns: Columns) -> dict[str, Any] | None:
    """A change as the model wrote it, without the cells that stay; None for what is none."""
    op, row = str(value.get("op", "")).lower(), text_of(value.get("row"))
    given = value.get("cells")
    kept = {name: part for name, part in given.items() if part is not None} if isinstance(given, dict) else {}
    cells = cells_of(kept, columns)
    number = {"row": int(row)} if row.isdecimal() and len(row) < 9 else {}
    if op == "change" and number and cells:
        return {"op": op, **number, "cells": cells}
    if op == "add" and cells.get(PROMPT):
        return {"op": op, "cells": cells}
    if op == "delete" and number:
        return {"op": op, **number}
    text = text_of(value.get("text")).strip()
    return {"op": op, "text": text} if op == "reply" and text else None


def _schema(columns: Columns) -> Spec:
    cells = closed({column.name: cell(column, needed=False) for column in columns.all})
    return listing(
        "changes",
        {
            "op": typed("string", ["change", "add", "delete", "reply"]),
            "row": typed("integer", needed=False),
            "cells": {**cells, "type": ["object", "null"]},
            "text": typed("string", needed=False),
        },
    )


def _told(rows: Sequence[Row], locked: Mapping[int, Collection[str]]) -> tuple[str, list[str]]:
    """What all rows share, in a sentence, and each row's line with what is its own."""
    names = dict.fromkeys(
        name for _, cells in rows for name, text in cells.items() if text and name != PROMPT
    )
    shared = {
        name: texts.pop() for name in names if len(texts := {cells.get(name, "") for _, cells in rows}) == 1
    }
    words = "Numbers are those the person sees."
    if shared and len(rows) > 1:
        same = "; ".join(f"{name} is {briefing.cut(text, 100)}" for name, text in shared.items())
        words += f" In all of these rows: {briefing.harmless(same)}."
    else:
        shared = {}
    lines = []
    for number, cells in rows:
        own = {name: text for name, text in cells.items() if text and name not in shared}
        kept = sorted(locked.get(number, ()))
        lines.append(briefing.line_of(number, own, **({"locked": kept} if kept else {})))
    return words, lines


def _parts(rows: Sequence[Row], locked: Mapping[int, Collection[str]]) -> list[Sequence[Row]]:
    """The rows in parts that a question and its answer can hold."""
    parts: list[list[Row]] = []
    letters = 0
    for row in rows:
        size = len(briefing.line_of(*row)) + 20 * len(locked.get(row[0], ()))
        if not parts or len(parts[-1]) == PART or letters + size > LETTERS:
            parts.append([])
            letters = 0
        parts[-1].append(row)
        letters += size
    return [*parts]


async def _together(
    questions: Sequence[AsyncGenerator[dict[str, Any]]], at_once: int
) -> AsyncGenerator[dict[str, Any]]:
    """What several questions give, as it comes. Raises the first ModelError after all that came."""
    places = asyncio.Semaphore(at_once)
    arrived: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
    failed: list[ModelError] = []

    async def read(question: AsyncIterator[dict[str, Any]]) -> None:
        async with places:
            try:
                async for change in question:
                    arrived.put_nowait(change)
            except ModelError as reason:
                failed.append(reason)
            finally:
                arrived.put_nowait(None)

    tasks = [asyncio.create_task(read(question)) for question in questions]
    try:
        for _ in questions:
            while (change := await arrived.get()) is not None:
                yield change
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for question in questions:
            await question.aclose()
    for task in tasks:
        task.result()
    if failed:
        raise failed[0]

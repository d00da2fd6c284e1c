"""Questions put to the stand-in through the model client, as the draft worker does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.drafting.pasted import read_any
from assistant.model.client import Limits, Manners, Model, Request
from assistant.model.endpoint import Endpoint
from jobs.errors import ModelError
from schema.wire import wire
from tests.fakes.chat_server import ChatServer

QUICK = Limits(connect=2.0, idle=2.0, wall=8.0, pause=0.02, patience=2.0)
SOON = replace(QUICK, idle=0.4, stall=0.4)
"""Real waits, only shorter: what is tried is that they end."""
COLUMNS = ("prompt", "style", "num_images")


@dataclass
class Asked:
    """What came of a question: the objects, the error at the end if there was one, the model as it is."""

    rows: list[dict[str, Any]]
    error: ModelError | None
    model: Model

    @property
    def prompts(self) -> list[str]:
        return [row["prompt"] for row in self.rows]


def endpoint(server: ChatServer, model: str | None = None) -> Endpoint:
    return Endpoint.of(server.url, server.key, server.model if model is None else model)


def messages(rows: int = 6, goal: str = "Christmas stickers") -> list[dict[str, str]]:
    example = "<examples>\n1. A sticker design of a fox, white border\n</examples>"
    told = f"{goal}\n{example}\nWrite exactly {rows} rows."
    return [{"role": "system", "content": "You write image prompts."}, {"role": "user", "content": told}]


def question(
    rows: int = 6, goal: str = "Christmas stickers", columns: Sequence[str] = COLUMNS, **more: Any
) -> Request:
    """What is asked for so many rows; `more` are fields of Request."""
    otherwise = {"otherwise": lambda text: [{**row} for row in read_any(text)]}
    return Request(messages(rows, goal), wire(columns), **otherwise | more)


def ask(
    server: ChatServer,
    rows: int = 6,
    *,
    goal: str = "Christmas stickers",
    columns: Sequence[str] = COLUMNS,
    manners: Manners = Manners(),  # noqa: B008 (frozen)
    limits: Limits = QUICK,
    to: Endpoint | None = None,
    **more: Any,
) -> Asked:
    """One question for so many rows."""

    async def run() -> Asked:
        model = Model(to or endpoint(server), manners, limits=limits)
        try:
            return await collected(model, model.objects(question(rows, goal, columns, **more)))
        finally:
            await model.close()

    return asyncio.run(run())


async def collected(model: Model, objects: AsyncIterator[dict[str, Any]]) -> Asked:
    asked = Asked([], None, model)
    try:
        async for value in objects:
            asked.rows.append(value)
    except ModelError as reason:
        asked.error = reason
    return asked

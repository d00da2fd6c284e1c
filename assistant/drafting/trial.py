"""A connection tried: two rows of the person's own kind, how well the model is asked, how fast it writes."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass

from assistant.drafting import briefing, calls
from assistant.drafting.brief import Brief
from assistant.drafting.briefing import PROMPT
from assistant.drafting.calls import Scene
from assistant.model import ladder
from assistant.model.client import Model
from jobs.errors import ModelAnswerBroken
from schema.columns import load

ROWS = 2
"""Enough to see whether the shape is kept and how fast rows come; a few hundred tokens."""


@dataclass(frozen=True)
class Tried:
    """What a trial found: the rows, the way of asking, rows a minute of one call, and that in a sentence."""

    prompts: tuple[str, ...]
    rung: int
    rate: float
    sentence: str


async def trial(model: Model, brief: Brief) -> Tried:
    """Draft two rows. Raises ModelError where none comes."""
    began, before = asyncio.get_running_loop().time(), model.tokens
    room = await model.room()
    scene = Scene([{}] * ROWS, columns=briefing.wanted(brief, load()))
    prompts: list[str] = []
    async with aclosing(calls.write(model, brief, scene, room.context)) as rows:
        async for cells in rows:
            prompts.append(cells[PROMPT])  # noqa: PERF401  what came before an error is looked at
    if not prompts:
        raise ModelAnswerBroken(f"{model.endpoint.named} at {model.endpoint.host} answers with nothing.")
    seconds = max(asyncio.get_running_loop().time() - began, 0.01)
    rate = 60 * len(prompts) / seconds
    said = [f"{model.endpoint.named} at {model.endpoint.host} {ladder.HOLDS[model.manners.rung]}."]
    said.append(
        f"It wrote {len(prompts)} rows in {seconds:.1f} s: about {rate:,.0f} rows a minute in one call."
    )
    said += [f"It takes in {room.context:,} tokens at once."] if room.context else []
    if "stream" in model.manners.dropped:
        said.append("It does not stream: the rows of a call come all at once.")
    if model.tokens > before:
        said.append(f"The test took {model.tokens - before:,} tokens.")
    return Tried(tuple(prompts), model.manners.rung, rate, " ".join(said))

"""Refused rows of a batch, put in other words by the language model: each a proposal, none applied."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from assistant.drafting import calls
from assistant.model.client import Model
from jobs.errors import ModelError
from jobs.journal import Journal
from jobs.store import rewordings
from jobs.store.database import Connection
from jobs.store.rewordings import Rewording, Wording

TOGETHER = 3
"""Questions at once."""

NEIGHBOURS = 8
"""Prompts of other refused rows that a new one must not repeat."""

_WHY = (
    "A service that makes images declined it: {} Keep the idea and the manner, and leave out or soften what "
    "may have been declined."
)


async def answer(journal: Journal, model: Model, wanted: Sequence[Rewording]) -> None:
    """Ask for other words for each of these; what came, or why nothing did, is written down one by one."""
    places = asyncio.Semaphore(TOGETHER)
    others = [one.before for one in wanted]

    async def one_of(one: Rewording) -> None:
        async with places:
            near = [prompt for prompt in others if prompt != one.before][:NEIGHBOURS]
            try:
                after = await calls.reword(model, one.before, _WHY.format(one.reason), near)
            except ModelError as reason:
                await journal.write(failed, [one], str(reason))
            else:
                await journal.write(_proposed, one, after)

    await asyncio.gather(*map(one_of, wanted))


def failed(connection: Connection, wanted: Sequence[Rewording], reason: str, now: float) -> None:  # noqa: ARG001
    """Write down that no other words came of these, and why."""
    for one in wanted:
        rewordings.note(connection, one, state=Wording.FAILED, why=reason)


def _proposed(connection: Connection, one: Rewording, after: str, now: float) -> None:  # noqa: ARG001
    rewordings.note(connection, one, state=Wording.PROPOSED, after=after)

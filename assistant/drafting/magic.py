"""magic_prompt for back ends that have none: the person's language model enlarges a prompt.

The runner finds this module by its name (jobs/magic.py); it never moves.
"""

from __future__ import annotations

import asyncio
import time
from functools import cached_property

from assistant import secret
from assistant.drafting import calls
from assistant.model import endpoint
from assistant.model.client import Limits, Manners, Model
from assistant.model.endpoint import Endpoint
from jobs.errors import ModelAnswerBroken, ModelError, ModelUnreachable, NotConfigured
from jobs.services import Services
from jobs.store import endpoints

LIMITS = Limits(connect=5.0, idle=15.0, wall=20.0)
"""Seconds: a row waits for it, and has a prompt of its own."""

AT_ONCE = 4
"""Prompts that are asked for at once; the image takes longer than they do."""

STRIKES = 3
"""Failures in a row after which nobody is asked for REST seconds: a batch does not wait for a dead model."""

REST = 60.0


def connect(services: Services) -> Enlarger:
    return Enlarger(services)


class Enlarger:
    """One process' language models, a person's each."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._found: dict[str, Endpoint | None] = {}
        self._models: dict[Endpoint, Model] = {}
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._failed: dict[Endpoint, int] = {}
        self._resting: dict[Endpoint, float] = {}

    def model(self, owner: str) -> str | None:
        """As it is configured now; what cannot be used is as good as none: its page says why."""
        try:
            found = endpoint.configured(self._services, owner, self._secret)
        except NotConfigured:
            found = None
        self._found[owner] = found
        return found.named if found else None

    async def enlarge(self, owner: str, prompt: str) -> str:
        """With the model that was found last. Raises ModelError and NotConfigured."""
        found = self._found.get(owner)
        if found is None:
            raise NotConfigured("No language model is connected.")
        async with self._gate:
            self._awake(found)
            try:
                async with asyncio.timeout(LIMITS.wall):
                    enlarged = await calls.enlarge(self._model(found, owner), prompt)
            except TimeoutError:
                self._strike(found)
                why = f"{found.named} at {found.host} gave no prompt within {LIMITS.wall:g} s."
                raise ModelAnswerBroken(why) from None
            except ModelError:
                self._strike(found)
                raise
        self._failed.pop(found, None)
        return enlarged

    async def close(self) -> None:
        models, self._models = self._models, {}
        for model in models.values():
            await model.close()

    @cached_property
    def _secret(self) -> str:
        return secret.key(self._services.settings)

    def _model(self, found: Endpoint, owner: str) -> Model:
        if found not in self._models:
            with self._services.database.read() as connection:
                rung, dropped = endpoints.how(connection, owner, found.base_url, found.model)
            self._models[found] = Model(found, Manners(rung, frozenset(dropped)), limits=LIMITS)
        return self._models[found]

    def _awake(self, found: Endpoint) -> None:
        """Raises ModelUnreachable while the endpoint is left alone."""
        if time.monotonic() < self._resting.get(found, float("-inf")):
            raise ModelUnreachable(
                f"{found.named} at {found.host} failed {STRIKES} times in a row and rests for a minute."
            )

    def _strike(self, found: Endpoint) -> None:
        self._failed[found] = self._failed.get(found, 0) + 1
        if self._failed[found] >= STRIKES:
            self._resting[found] = time.monotonic() + REST
            del self._failed[found]

"""magic_prompt on a back end that has none of its own: a language model enlarges the prompt first.

Language models are the assistant's, which nothing here may import; it is found by its dotted name, as RQ
finds a job by a hint.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from jobs.backends.port import Gap, Traits, Values
from jobs.errors import PromptsheetError
from jobs.services import Services
from jobs.store import endpoints

MAKER = "assistant.drafting.magic"
"""The module whose `connect(services)` gives the Magic. With all it needs it takes 15 MB: it is loaded where
there may be a model to ask.
"""

KNOWN = 10.0
"""Seconds for which it is not looked up again whether a person has a model."""

COLUMN = "magic_prompt"

log = logging.getLogger(__name__)


class Magic(Protocol):
    """A person's language model, as far as it enlarges prompts."""

    def model(self, owner: str) -> str | None:
        """Its name for sentences; None where none is configured."""

    async def enlarge(self, owner: str, prompt: str) -> str:
        """The prompt enlarged, within a bounded time. Raises a PromptsheetError."""

    async def close(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The prompt that a row is sent with, None for its own; `note` says what became of magic_prompt."""

    prompt: str | None = None
    note: str | None = None


def connect(services: Services) -> Magic:
    """Opens and loads nothing yet."""
    return _OnDemand(services)


class _OnDemand:
    """The language models, loaded when the first person who may have one is asked for it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._known: dict[str, tuple[float, str | None]] = {}
        self._loaded: Magic | None = None

    def model(self, owner: str) -> str | None:
        at, found = self._known.get(owner, (float("-inf"), None))
        if time.monotonic() - at > KNOWN:
            found = self._magic().model(owner) if self._may_have(owner) else None
            self._known[owner] = time.monotonic(), found
        return found

    async def enlarge(self, owner: str, prompt: str) -> str:
        return await self._magic().enlarge(owner, prompt)

    async def close(self) -> None:
        if self._loaded:
            await self._loaded.close()

    def _may_have(self, owner: str) -> bool:
        given = self._services.settings
        if given.openai_base_url or given.openai_api_key:
            return True
        with self._services.database.read() as connection:
            return endpoints.get(connection, owner) is not None

    def _magic(self) -> Magic:
        self._loaded = self._loaded or cast("Magic", import_module(MAKER).connect(self._services))
        return self._loaded


def wanted(traits: Traits, values: Values) -> bool:
    """Whether a row wants of a language model what its back end does not do."""
    return not traits.magic and values[COLUMN] == "on"


def gap(traits: Traits) -> Gap:
    """What is to be said of such a row where no language model is configured."""
    return Gap(
        COLUMN,
        f"{traits.title} has no magic prompt, and no language model is connected: prompts are not enlarged.",
    )


async def wording(magic: Magic, traits: Traits, owner: str, values: Values) -> Wording:
    """What to send a row with that wants it. Never fails: a row may always run with its own prompt."""
    try:
        model = magic.model(owner)
        if model is None:
            return Wording(note=gap(traits).sentence)
        prompt = await magic.enlarge(owner, str(values["prompt"]))
    except PromptsheetError as reason:
        return Wording(note=f"The row ran with its own prompt, not enlarged: {reason}")
    except Exception:
        log.exception("A prompt was not enlarged")
        return Wording(note="The row ran with its own prompt: the language model's answer could not be used.")
    return Wording(prompt, f"The prompt was enlarged by {model} before it was sent, as magic_prompt says.")

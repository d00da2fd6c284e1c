"""magic_prompt on a back end that has none of its own: a language model enlarges the prompt first.

Language models are the assistant's, which nothing here may import; it is found by its dotted name, as RQ
finds a job by a hint.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from jobs.backends.port import Gap, Traits, Values
from jobs.errors import PromptsheetError
from jobs.services import Services

MAKER = "assistant.drafting.magic"
"""The module whose `connect(services)` gives the Magic."""

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
    """Opens nothing yet."""
    return cast("Magic", import_module(MAKER).connect(services))


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
        model = await asyncio.to_thread(magic.model, owner)
        if model is None:
            return Wording(note=gap(traits).sentence)
        prompt = await magic.enlarge(owner, str(values["prompt"]))
    except PromptsheetError as reason:
        return Wording(note=f"The row ran with its own prompt, not enlarged: {reason}")
    except Exception:
        log.exception("A prompt was not enlarged")
        return Wording(note="The row ran with its own prompt: the language model's answer could not be used.")
    return Wording(prompt, f"The prompt was enlarged by {model} before it was sent, as magic_prompt says.")

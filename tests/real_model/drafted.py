"""Rows that the small model writes, drafted in a terminal as a person does it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from assistant.drafting.near import Near
from schema.problems import errors
from schema.sheet import Examined, examine
from tests.cli.terminal import Terminal

ROWS = 20
GOAL = "Stickers of woodland animals for a children's shop"
EXAMPLES = (
    "A sticker design of a cheerful fox in a red scarf, white border",
    "A sticker design of an owl on a branch, white border",
)
ORDER = ("draft", "--goal", GOAL, "--example", EXAMPLES[0], "--example", EXAMPLES[1], "--rows", str(ROWS))
NUMBER = re.compile(r"^\d{1,4}[.):]\s+")


@dataclass(frozen=True)
class Drafted:
    """The sheet that came, what the command said, and the seconds from its start to its end."""

    sheet: Examined
    said: str
    seconds: float

    @property
    def prompts(self) -> list[str]:
        return [cells["prompt"] for cells in self.sheet.cells]

    @property
    def valid(self) -> int:
        """Rows without an error."""
        return len(self.prompts) - len({problem.row for problem in errors(self.sheet.problems)})

    @property
    def repeats(self) -> int:
        """Rows that are nearly an earlier one or an example, be they numbered otherwise."""
        near, found = Near(EXAMPLES), 0
        for prompt in (NUMBER.sub("", prompt) for prompt in self.prompts):
            found += near.like(prompt) is not None
            near.add(prompt)
        return found


def draft(terminal: Terminal, patience: float, **settings: str) -> Drafted:
    """Order the rows and wait for the command's end, no longer than `patience` seconds."""
    output = terminal.folder / "stickers.csv"
    began = time.monotonic()
    running = terminal.start(*ORDER, "-o", str(output), **settings)
    running.ends(patience)
    took = time.monotonic() - began
    assert output.exists(), running.said
    return Drafted(examine(output.read_bytes(), output.name), running.said, took)

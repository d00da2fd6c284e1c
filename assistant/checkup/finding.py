"""What a look at one part gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "not set", "problem"]
OK: State = "ok"
UNSET: State = "not set"
PROBLEM: State = "problem"


@dataclass(frozen=True)
class Finding:
    """A part by its name, how it is, and what was found; of a problem, how to mend it. Secrets are masked."""

    part: str
    state: State
    words: str

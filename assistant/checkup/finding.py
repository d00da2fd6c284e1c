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


def masked(address: str) -> str:
    """An address without the password that it may hold: redis://user:•••@host."""
    scheme, mark, rest = address.partition("://")
    account, at, place = rest.rpartition("@")
    return f"{scheme}{mark}{account.partition(':')[0]}:•••@{place}" if at and ":" in account else address

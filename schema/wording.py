"""How values, lists and counts stand in a sentence for the person."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def quoted(text: str, limit: int = 60) -> str:
    """“text”, on one line and cut where it is longer than `limit` characters."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= limit else line[: limit - 1] + '…'}”"


def listed(words: Sequence[str], last: str = "and", most: int = 20) -> str:
    """“a, b and c”; more than `most` words end in how many are left."""
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most} more"
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def counted(number: int) -> str:
    """A count in words up to ten, in figures with a comma for each thousand above."""
    return _COUNTS[number] if 0 <= number < len(_COUNTS) else f"{number:,}"


def sized(size: int) -> str:
    """A number of bytes as people say it, rounded up so that it is never below a limit it passes: 10.1 MB."""
    for unit, factor in (("MB", 1 << 20), ("KB", 1 << 10)):
        if size >= factor:
            return f"{ceil(size * 10 / factor) / 10:g} {unit}"
    return f"{size} bytes"

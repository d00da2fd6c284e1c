"""How counts, times and messages stand in the sentences for a person, on a page as in a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from markupsafe import Markup

from schema.wording import listed

UNITS = (("h", 3600), ("min", 60))
SENTENCE = re.compile(r"(?:“[^”]*”|[^“])*?[.?](?=\s)")
"""A sentence up to its end; what is quoted in it may hold full stops."""


def count(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: 1 row, 1,214 rows."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def figure(number: int) -> str:
    return f"{number:,}"


def ranges(numbers: Sequence[int], most: int = 4) -> str:
    """Row numbers as they are spoken of: 5, 5 and 9, 58–61, 3, 7, 12–14, 20 and 31 more."""
    places = enumerate(sorted(numbers))
    runs = [[number for _, number in run] for _, run in groupby(places, lambda pair: pair[1] - pair[0])]
    spoken = [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    if len(runs) > most:
        return f"{', '.join(spoken[:most])} and {sum(map(len, runs[most:])):,} more"
    return listed(spoken)


def sentences(text: str) -> tuple[str, str]:
    """A message's first sentence, which says what is wrong, and the rest, which says what to do."""
    found = SENTENCE.match(text)
    first = found[0] if found else text
    return first, text[len(first) :].lstrip()


def headline(text: str) -> Markup:
    """A message on one line, its first sentence in bold."""
    return Markup("<b>{}</b> {}").format(*sentences(text))


def span(seconds: tuple[float, float]) -> str:
    """A range of time, in the unit that its upper end is best said in: 4 to 6 min."""
    low, high = seconds
    unit, length = next(((unit, length) for unit, length in UNITS if high >= 1.5 * length), ("s", 1))
    least, most = int(low // length), max(1, -int(-high // length))
    if least >= most:
        return f"about {most} {unit}"
    return f"{least} to {most} {unit}" if least else f"up to {most} {unit}"


def clock(at: float) -> str:
    """The time of day: 14:02."""
    return local(at).strftime("%H:%M")


def iso(at: float) -> str:
    """A time as machines read it."""
    return local(at).isoformat(timespec="seconds")


def local(at: float) -> datetime:
    """A time as the clocks here show it."""
    return datetime.fromtimestamp(at).astimezone()

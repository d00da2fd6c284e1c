"""How figures, times and amounts stand on a page: Jinja filters, and what every page may ask for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from flask import Flask
from markupsafe import Markup

from assistant import toasts
from assistant.here import owner, services
from jobs import credits
from jobs.settings import Settings
from schema import columns
from schema.wording import counted, listed, sized

UNITS = (("h", 3600), ("min", 60))
COLOR = re.compile("#[0-9A-Fa-f]{6}")
RATIO = re.compile("[1-9][0-9]?:[1-9][0-9]?")
MOST_COLORS = 12
SENTENCE = re.compile(r"(?:“[^”]*”|[^“])*?[.?](?=\s)")
"""A sentence up to its end; what is quoted in it may hold full stops."""


def init(app: Flask) -> None:
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(
        count=count,
        credits=credits.spoken,
        dollars=credits.dollars,
        span=span,
        clock=clock,
        moment=moment,
        iso=iso,
        figure=figure,
        ranges=ranges,
        sized=sized,
        headline=headline,
        sentences=sentences,
        in_words=counted,
    )
    environment.tests["ratio_text"] = lambda text: bool(RATIO.fullmatch(str(text)))
    environment.globals.update(available=available, colors=colors, toasts=toasts.said, settings=settings)


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
    return _local(at).strftime("%H:%M")


def moment(at: float) -> str:
    """When, as short as it is clear: 14:02, yesterday 17:20, 3 March 17:20, 3 March 2025."""
    then, today = _local(at), _local(services().clock()).date()
    if then.date() == today:
        return clock(at)
    if then.date() == today - timedelta(days=1):
        return f"yesterday {clock(at)}"
    day = f"{then.day} {then.strftime('%B')}"
    return f"{day} {clock(at)}" if then.year == today.year else f"{day} {then.year}"


def iso(at: float) -> str:
    """A time as machines read it."""
    return _local(at).isoformat(timespec="seconds")


def colors(palette: str) -> list[str]:
    """What of a palette can be drawn: its first colours, of a preset the approximate ones."""
    return [color for color in columns.load().colors(palette) if COLOR.fullmatch(color)][:MOST_COLORS]


def settings() -> Settings:
    return services().settings


def available() -> int:
    """Thousandths of a credit the person can use now."""
    here = services()
    with here.database.read() as connection:
        return credits.available(connection, owner(), here.clock(), here.settings.credits)


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at).astimezone()

"""What every page may ask for: Jinja filters, and what is true for the person right now."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask

from assistant import toasts
from assistant.here import owner, services
from assistant.words import clock, count, figure, headline, iso, local, ranges, sentences, span
from jobs import amounts, credits
from jobs.settings import Settings
from schema import columns
from schema.wording import counted, sized

COLOR = re.compile("#[0-9A-Fa-f]{6}")
RATIO = re.compile("[1-9][0-9]?:[1-9][0-9]?")
MOST_COLORS = 12


def init(app: Flask) -> None:
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(
        count=count,
        credits=amounts.spoken,
        dollars=amounts.dollars,
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


def moment(at: float) -> str:
    """When, as short as it is clear: 14:02, yesterday 17:20, 3 March 17:20, 3 March 2025."""
    then, today = local(at), local(services().clock()).date()
    if then.date() == today:
        return clock(at)
    if then.date() == today - timedelta(days=1):
        return f"yesterday {clock(at)}"
    day = f"{then.day} {then.strftime('%B')}"
    return f"{day} {clock(at)}" if then.year == today.year else f"{day} {then.year}"


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

"""How figures, times and amounts stand on a page: Jinja filters, and what every page may ask for."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask, get_flashed_messages

from assistant.here import owner, services
from jobs import credits
from schema import columns


UNITS = (("h", 3600), ("min", 60))


def init(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        count=count, credits=credits.spoken, span=span, clock=clock, moment=moment, figure=figure
    )
    app.jinja_env.globals.update(
        available=available, colors=columns.load().colors, flashed=get_flashed_messages
    )


def count(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: 1 row, 1,214 rows."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def figure(number: int) -> str:
    return f"{number:,}"


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


def available() -> int:
    """Thousandths of a credit the person can use now."""
    here = services()
    with here.database.read() as connection:
        return credits.available(connection, owner(), here.clock(), here.settings.credits)


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at).astimezone()

"""How the pages of batches put figures into words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from assistant.here import services
from assistant.web.batch.room import pages
from jobs import amounts
from jobs.batch import RowState
from jobs.progress import Progress
from jobs.store.attempts import Past
from schema import columns
from schema.wording import counted


@pages.app_template_filter()
def things(number: int) -> str:
    """Three things need you."""
    return f"{counted(number).capitalize()} {'thing needs' if number == 1 else 'things need'} you"


@pages.app_template_filter()
def lasted(seconds: float) -> tuple[str, str]:
    """A time that is over, as figure and unit: (8, min)."""
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f}", unit
    return f"{max(1, round(seconds))}", "s"


@pages.app_template_filter()
def day(at: float) -> str:
    """A day without its time, empty for today."""
    then, today = (datetime.fromtimestamp(one, UTC).astimezone() for one in (at, services().clock()))
    if then.date() == today.date():
        return ""
    return f"{then.day} {then:%B}" + (f" {then.year}" if then.year != today.year else "")


@pages.app_template_filter()
def priced(thousandths: int) -> str:
    """What stands behind the words of a button that spends: “ for 190 credits”, or nothing."""
    return f" for {amounts.spoken(thousandths)} credits" if thousandths else ""


@pages.app_template_filter()
def again(p: Progress, state: str) -> str:
    """The button that tries rows again which ended in this state."""
    number, price = p.rows[state], p.prices.get(state, 0)
    if state == RowState.UNKNOWN:
        return f"Send {number:,} again" + (f", may cost {amounts.spoken(price)} more" if price else "")
    return f"Retry {number:,} row{'s' if number > 1 else ''}{priced(price)}"


_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@pages.app_template_filter()
def nth(number: int) -> str:
    """The first, the second; from the eleventh on in figures."""
    return f"the {_PLACES[number - 1]}" if number <= len(_PLACES) else f"number {number:,}"


@pages.app_template_filter()
def edited(past: Past, now: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an attempt was made with that is another now: (column, its text then, empty for none)."""
    then, now = columns.load().with_defaults(past.values), columns.load().with_defaults(now)
    return [
        (name, str(then.get(name, ""))) for name in columns.load().names if then.get(name) != now.get(name)
    ]

"""What spreadsheet programs make of cells not formatted as Text: a time or a date of a ratio, an error."""

from __future__ import annotations

import re
from collections.abc import Iterable

ERRORS = frozenset(("#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"))
"""What a cell shows when text that begins with = was taken for a formula; a .csv holds nothing else of it."""

_RATIO = re.compile(r"([0-9]{1,4}):([0-9]{1,2})")
_CLOCK = re.compile(r"([0-9]{1,4}):([0-9]{1,2})(?::00)?(?:\.0+)?(?:[ \u202f]?([AaPp])\.?[Mm]\.?)?")
_FRACTION = re.compile(r"[0-9]{0,3}[.,][0-9]{3,}(?:[eE]-[0-9]+)?")
_NEAR = 0.1
"""Minutes: 0.0854, rounded for display from 2:03, is 0.02 off, and the next ratio is a whole minute away."""

_ISO = re.compile(r"[0-9]{4}-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?:[ T][0-9:.]+)?")
_FIGURES = re.compile(r"(?P<day>[0-9]{1,2})[./-](?P<month>[0-9]{1,2})[./-](?:[0-9]{2}|[0-9]{4})")
_DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2})[. -]{1,2}(?P<name>[^\W\d_]{3,9})\.?(?:[ -][0-9]{2,4})?")
_MONTH_FIRST = re.compile(r"(?P<name>[^\W\d_]{3,9})\.?[ -](?P<day>[0-9]{1,2})(?:,? [0-9]{4})?")
_MONTHS = {"jan": 1, "jän": 1, "feb": 2, "mar": 3, "mär": 3, "mrz": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6}
_MONTHS |= {"jul": 7, "aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12}


def ratios(choices: Iterable[str]) -> dict[tuple[int, int], str]:
    """The choices that look like a:b, by their two numbers."""
    found = ((_RATIO.fullmatch(choice), choice) for choice in choices)
    return {(int(match[1]), int(match[2])): choice for match, choice in found if match}


def ratio_of_time(text: str, choices: Iterable[str]) -> str | None:
    """The ratio that became a time of day: 02:03:00, 2:03 AM, 40:50:00, or 0.0854 of a day."""
    minutes = _minutes(text)
    if minutes is None:
        return None
    for (first, second), choice in ratios(choices).items():
        if abs(first * 60 + second - minutes) < _NEAR:
            return choice
    return None


def ratios_of_date(text: str, choices: Iterable[str]) -> tuple[str, ...] | None:
    """The ratios that may have become this date, day:month and month:day; None where the text is no date."""
    for pattern in (_ISO, _FIGURES, _DAY_FIRST, _MONTH_FIRST):
        match = pattern.fullmatch(text)
        if match:
            parts = match.groupdict()
            month = int(parts["month"]) if "month" in parts else _MONTHS.get(parts["name"][:3].lower(), 0)
            if month:
                allowed, day = ratios(choices), int(parts["day"])
                pairs = dict.fromkeys(((day, month), (month, day)))
                return tuple(allowed[pair] for pair in pairs if pair in allowed)
    return None


def _minutes(text: str) -> float | None:
    clock = _CLOCK.fullmatch(text)
    if clock:
        hours, half = int(clock[1]), (clock[3] or "").lower()
        if half:
            hours = hours % 12 + (12 if half == "p" else 0)
        return hours * 60 + int(clock[2])
    return float(text.replace(",", ".")) * 1440 if _FRACTION.fullmatch(text) else None

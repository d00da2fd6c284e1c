"""What can be put right in a cell without asking, and why. Works from a column's part of the schema alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from schema.columns import Column
from schema.excel import ratio_of_time
from schema.values import SPACE, blank, value_of

_QUOTES = "\"'“”„‟‘’‚‛«»‹›`´"
_LONGEST = 1_000
"""Characters of a cell worth repairing; only free text may be longer."""
_NUMBER = re.compile(r"([0-9]{1,18})(?:[.,]([0-9]{1,2}))?")
"""At most two decimals: 1,000 may be one or a thousand, which is a question."""


@dataclass(frozen=True, slots=True)
class Repair:
    """The text that a cell should have, the stable word for what was wrong, and why, in words."""

    after: str
    code: str
    why: str


def repair_cell(column: Column, text: str) -> Repair | None:
    """The repair of a cell, or None where there is nothing to repair or only a person can know.

    What comes out passes the column's check and needs no further repair. Free text loses the spaces round it
    and nothing else.
    """
    free = column.editor == "text"
    if blank(text) or (not free and (len(text) > _LONGEST or value_of(column, text) is not None)):
        return None
    steps = _STEPS[:1] if free else _STEPS
    after, code, reasons = text, "", []
    for word, why, step in steps:
        before, after = after, step(column, after)
        if after != before:
            code = word
            reasons.append(why)
    if not reasons or value_of(column, after) is None:
        return None
    return Repair(after, code, ", ".join(reasons))


def _strip(_: Column, text: str) -> str:
    return text.strip(SPACE)


def _unquote(_: Column, text: str) -> str:
    return text.strip(_QUOTES + SPACE)


def _spell(column: Column, text: str) -> str:
    """The choice that differs by capital letters only."""
    return {choice.casefold(): choice for choice in column.choices}.get(text.casefold(), text)


def _switch(column: Column, text: str) -> str:
    """What TRUE and FALSE mean where the choices are on and off."""
    if not {"on", "off"} <= set(column.choices):
        return text
    return {"true": "on", "false": "off"}.get(text.casefold(), text)


def _from_time(column: Column, text: str) -> str:
    return ratio_of_time(text, column.choices) or text


def _choice_of_number(column: Column, text: str) -> str:
    """3 or 3,0 is the choice 3.0."""
    equal = [choice for choice in column.choices if _figure(choice) == _figure(text) is not None]
    return equal[0] if len(equal) == 1 else text


def _whole(column: Column, text: str) -> str:
    """4.0 is the whole number 4."""
    number = _NUMBER.fullmatch(text) if column.whole_number else None
    return number[1] if number and not (number[2] or "").strip("0") else text


def _figure(text: str) -> float | None:
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _palette(edit: Callable[[str], str]) -> Callable[[Column, str], str]:
    """A step for palettes only, applied to each colour."""

    def step(column: Column, text: str) -> str:
        return " ".join(map(edit, text.split(" "))) if column.editor == "palette" else text

    return step


def _separate(column: Column, text: str) -> str:
    return re.sub(r"[\s,;/|]+", " ", text).strip() if column.editor == "palette" else text


def _hash(color: str) -> str:
    return f"#{color}" if re.fullmatch(r"[0-9A-Fa-f]{6}", color) else color


def _long(color: str) -> str:
    return re.sub(r"([0-9A-Fa-f])", r"\1\1", color) if re.fullmatch(r"#[0-9A-Fa-f]{3}", color) else color


_STEPS: tuple[tuple[str, str, Callable[[Column, str], str]], ...] = (
    ("spaces", "spaces round it removed", _strip),
    ("smart-quotes", "quotation marks round it removed", _unquote),
    ("case", "small and capital letters as in the list", _spell),
    ("true-false", "TRUE and FALSE are on and off here", _switch),
    ("excel-time", "Excel took the ratio for a time of day", _from_time),
    ("excel-number", "Excel writes the number its own way", _choice_of_number),
    ("excel-number", "a whole number has no decimals", _whole),
    ("palette-separators", "one space between the colours", _separate),
    ("hex-sign", "hash signs added", _palette(_hash)),
    ("short-hex", "short colours written out", _palette(_long)),
)
"""In this order, each on what is left by the one before: “Private” loses its quotes, then its capital."""

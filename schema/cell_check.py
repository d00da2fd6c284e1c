"""What is wrong with a cell, in words, with the values that would mend it."""

from __future__ import annotations

import re

from schema.columns import Column
from schema.excel import ERRORS, ratios, ratios_of_date
from schema.nearest import nearest
from schema.problems import Fix, Problem
from schema.repair import repair_cell
from schema.values import SPACE, value_of
from schema.wording import counted, listed, quoted

FORMULA = "Excel took text that begins with = for a formula."
_FEW = 6
"""Choices that are all offered as fixes; of more, only the likely ones."""
_PALETTE = 50
"""Words of a palette that are looked at; a cell may hold a megabyte of them."""


def empty(column: Column) -> Problem:
    """A needed cell without content. Free text cannot be offered, so the row may be deleted instead."""
    if column.choices:
        sentence = f"Empty. It takes {listed(column.choices, 'or')}."
        likely = dict.fromkeys((*map(str, column.examples), *column.choices))  # the schema's example first
        fixes = tuple(setting(column, choice) for choice in list(likely)[:_FEW])
        return _problem(column, "", "required", sentence, *fixes)
    article = "an" if column.title[0] in "AEIOU" else "a"
    sentence = f"Empty. Every row needs {article} {column.title.lower()}."
    return _problem(column, "", "required", sentence, Fix("Delete the row", "delete-row"))


def fault(column: Column, text: str) -> Problem:
    """What keeps a filled cell from being a value of its column: `value_of` has said no."""
    repair = repair_cell(column, text)
    if repair:
        sentence = f"{quoted(text)} should be {repair.after}: {repair.why}."
        return _problem(column, text, repair.code, sentence, setting(column, repair.after))
    if column.whole_number:
        return _number(column, text)
    if column.editor == "palette":
        return _palette(column, text)
    if column.choices:
        return _date(column, text) or _choice(column, text)
    if text in ERRORS:
        sentence = f"{quoted(text)}: {FORMULA} Format the column as Text, then type the text again."
        return _problem(column, text, "formula-error", sentence, *fallback(column))
    sentence = f"{quoted(text)} does not fit. It takes {column.description}."
    return _problem(column, text, "not-allowed", sentence, *fallback(column))


def setting(column: Column, value: str, label: str = "") -> Fix:
    """The fix that writes a value into the column."""
    return Fix(label or f"Set {value}", "set", column.name, value)


def fallback(column: Column) -> tuple[Fix, ...]:
    """The fix that always helps: the default, or an empty cell where the column may be empty."""
    if column.default is not None:
        return (setting(column, str(column.default), f"Set {column.name} {column.default}"),)
    return () if column.required else (setting(column, "", f"Leave {column.name} empty"),)


def _problem(column: Column, text: str, code: str, sentence: str, *fixes: Fix) -> Problem:
    """An error of the cell; its row is filled in where it is known."""
    return Problem(None, column.name, text, "error", code, sentence, fixes[0].value if fixes else None, fixes)


def _number(column: Column, text: str) -> Problem:
    """Not a number at all, or one out of range: then the nearest limit is offered."""
    takes = f"It takes {column.description}."
    if not re.fullmatch(r"-?[0-9]+", text):
        sentence = f"{quoted(text)} is no whole number. {takes}"
        return _problem(column, text, "not-a-number", sentence, *fallback(column))
    low = text.startswith("-") or int(text[:18]) < (column.minimum or 0)
    limit = column.minimum if low else column.maximum
    fixes = (setting(column, str(limit)),) if limit is not None else fallback(column)
    return _problem(column, text, "out-of-range", f"{quoted(text, 24)} is out of range. {takes}", *fixes)


def _choice(column: Column, text: str) -> Problem:
    """A word that is not in the list: did you mean, and the rest where there are few."""
    likely = _meant(column, text)
    hint = f"Did you mean {likely}?" if likely else f"It takes {listed(column.choices, 'or')}."
    words = dict.fromkeys([likely] if likely else [])
    if len(column.choices) <= _FEW:
        words |= dict.fromkeys(column.choices)
    fixes = tuple(setting(column, word) for word in words if word) or fallback(column)
    return _problem(column, text, "not-allowed", f"{quoted(text)} is not allowed. {hint}", *fixes)


def _meant(column: Column, text: str) -> str | None:
    """The likely choice; 16x9 and 16/9 are read as 16:9."""
    ratio = re.fullmatch(r"([0-9]{1,4})\s*[^0-9a-wyz\s]\s*([0-9]{1,2})", text.strip(SPACE).lower())
    exact = ratios(column.choices).get((int(ratio[1]), int(ratio[2]))) if ratio else None
    return exact or nearest(text.strip(SPACE).casefold(), column.choices)


def _date(column: Column, text: str) -> Problem | None:
    """A date where a ratio was typed: day and month may be either way round, so both are offered."""
    if not ratios(column.choices):
        return None
    possible = ratios_of_date(text.strip(SPACE), column.choices)
    if possible is None:
        return None
    was = f"It was {listed(possible, 'or')}; we do not guess." if possible else "No ratio gives that date."
    sentence = f"Excel made a date of it: {quoted(text)}. {was} Format the column as Text to keep ratios."
    fixes = tuple(setting(column, ratio) for ratio in possible) or fallback(column)
    return _problem(column, text, "excel-date", sentence, *fixes)


def _palette(column: Column, text: str) -> Problem:
    """Words that are no colours, a preset among colours, or too many of them; what is right is kept."""
    words = [word for word in re.split(r"[\s,;/|]+", text.strip(SPACE)) if word][:_PALETTE]
    colors = [repair.after if (repair := repair_cell(column, word)) else word for word in words]
    presets = [color for color in colors if color in column.choices]
    good = [color for color in colors if color not in presets and value_of(column, color) is not None]
    wrong = [quoted(color, 24) for color in colors if color not in presets and color not in good]
    most = _longest(column, good)
    takes = f"It takes {column.description}."
    fixes = [setting(column, preset) for preset in dict.fromkeys(presets)]
    if most:
        kept = "first" if most < len(good) else "other"
        fixes.insert(0, setting(column, " ".join(good[:most]), f"Keep the {kept} {counted(most)}"))
    if wrong:
        likely = nearest(text.casefold(), column.choices) if len(words) == 1 else None
        fixes = [*([setting(column, likely)] if likely else []), *fixes]
        sentence = f"{listed(wrong)} {'is no colour' if len(wrong) == 1 else 'are no colours'}. {takes}"
    elif presets:
        sentence = f"{quoted(presets[0])} is a preset and stands alone. {takes}"
    else:
        sentence = f"{counted(len(colors)).capitalize()} colours; at most {counted(most)}."
    code = "bad-color" if wrong or presets else "too-many-colors"
    return _problem(column, text, code, sentence, *(fixes or fallback(column)))


def _longest(column: Column, colors: list[str]) -> int:
    """How many of the colours, from the first, the column takes."""
    most = 0
    while most < len(colors) and value_of(column, " ".join(colors[: most + 1])) is not None:
        most += 1
    return most

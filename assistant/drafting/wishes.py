"""What a brief wishes of columns: one value for all rows, values spread evenly, or the model's choice."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, Literal

from jobs.errors import Invalid
from schema.check import Checker
from schema.columns import Column, Columns, Value
from schema.headers import plain
from schema.nearest import nearest
from schema.repair import repair_cell
from schema.row_rules import RowRules
from schema.values import SPACE
from schema.wording import listed, quoted

PROMPT = "prompt"
"""The column that a draft is written for."""
SPREAD = 100
"""Values of a spread: more than a sheet of the default size could show five times each."""
LONGEST = 10_000
"""Characters of one value; only free text comes near."""
_WORDS = re.compile(r"[\w:]+")
_KINDS = ("fixed", "spread", "model")
_TAKES = 'takes {"fixed": value}, {"spread": [values]} or {"model": true}'


@dataclass(frozen=True)
class Wish:
    """What a brief says of one column.

    kind    fixed: one value for every row, "" leaves the cell empty, which is the default; spread: dealt
            evenly; model: the language model chooses; open: it chooses where the brief speaks of the column
    values  texts of cells as they are written: one for fixed, two or more for spread, none for the others
    """

    kind: Literal["fixed", "spread", "model", "open"]
    values: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        if self.kind == "fixed":
            return {"fixed": self.values[0]}
        return {"spread": list(self.values)} if self.kind == "spread" else {"model": True}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Wish:
        if "fixed" in document:
            return cls("fixed", (document["fixed"],))
        return cls("spread", tuple(document["spread"])) if "spread" in document else cls("model")


def spare(column: Column) -> Wish:
    """The wish for a column of which nothing was said."""
    if column.required and column.choices:
        return Wish("fixed", (str(next(iter(column.examples), column.choices[0])),))
    return Wish("open")


def spoken_of(text: str, columns: Columns) -> list[str]:
    """The columns that a text speaks of: by their name or title, by other words of theirs, or by a value.

    A name of one word is too common for that (style, model, images); the schema's x-words say by which words
    such a column is known.
    """
    said = f" {' '.join(_WORDS.findall(text.casefold()))} "
    return [
        column.name
        for column in columns.all
        if column.name != PROMPT
        and any(f" {word} " in said or _signs(word) in said for word in _known_by(column))
    ]


def _known_by(column: Column) -> list[str]:
    names = [column.name.replace("_", " "), column.title]
    values = [value for value in column.choices if re.fullmatch(r"\d+:\d+", value)]
    return [word.casefold() for word in (*filter(_phrase, names), *column.spec.get("x-words", ()), *values)]


def _phrase(name: str) -> bool:
    return " " in name


def _signs(word: str) -> str:
    """A word of a script without spaces, which may stand anywhere; any other with the spaces round it."""
    return word if not word[0].isascii() and word[0] > "\u3000" else f" {word} "


def settings_of(document: object, columns: Columns) -> dict[str, Wish]:
    """The settings of a brief, in the order of the columns. Raises Invalid with one sentence."""
    if document is None:
        return {}
    if not isinstance(document, Mapping):
        raise Invalid(f"settings takes an object by column; each column {_TAKES}.")
    checker = Checker(columns)
    for name in document:
        if name not in columns:
            raise Invalid(_unknown(str(name), columns))
    found = {
        column.name: _wish(column, document[column.name], checker)
        for column in columns.all
        if column.name in document
    }
    _keep_the_rules(found, columns, checker)
    return found


def _unknown(name: str, columns: Columns) -> str:
    likely = nearest(plain(name), columns.names)
    hint = f"Did you mean {likely}?" if likely else f"The columns are {listed(columns.names)}."
    return f"settings: {quoted(name)} is no column. {hint}"


def _wish(column: Column, document: object, checker: Checker) -> Wish:
    name = column.name
    if name == PROMPT:
        raise Invalid(
            "settings: the prompt cannot be fixed or spread, because every row gets one of its own. Write "
            "what all of them share into the goal or the context, and whole prompts into the examples."
        )
    if not isinstance(document, Mapping) or len(document) != 1:
        raise Invalid(
            f"settings: {name} {_TAKES}. Leave it out and it is as the brief says, else the default."
        )
    ((kind, value),) = document.items()
    if kind == "fixed":
        return Wish("fixed", (_cell(column, value, checker),))
    if kind == "model" and value is True:
        return Wish("model")
    if kind != "spread":
        likely = nearest(str(kind), _KINDS)
        hint = f" Did you mean {likely}?" if likely else ""
        raise Invalid(f"settings: {name} {_TAKES}; {quoted(str(kind))} is none of these.{hint}")
    return Wish("spread", _spread(column, value, checker))


def _spread(column: Column, values: object, checker: Checker) -> tuple[str, ...]:
    """The different values of a spread, as a set: one that is there twice is dealt no more often."""
    name = column.name
    if isinstance(values, str) or not isinstance(values, Sequence):
        raise Invalid(f'settings: {name} is spread over a list of values: {{"spread": [value, value]}}.')
    if len(values) > SPREAD:
        raise Invalid(
            f"settings: {name} is spread over {len(values):,} values; {SPREAD} are the most. Leave some out."
        )
    different: dict[str, str] = {}
    for text in (_cell(column, value, checker) for value in values):
        different.setdefault(text or str(column.default or ""), text)
    if len(different) < 2:
        raise Invalid(
            f"settings: {name} is spread over {'one value' if different else 'no value'}. A spread needs two "
            'different ones; for one, write {"fixed": value}.'
        )
    return tuple(different.values())


def _cell(column: Column, value: object, checker: Checker) -> str:
    """The text of a cell for a value of JSON, repaired where that is safe, and checked."""
    text = _text(column, value).strip(SPACE)
    repair = repair_cell(column, text)
    text = repair.after if repair else text
    if len(text) > LONGEST:
        raise Invalid(f"settings: {column.name} has {len(text):,} characters; {LONGEST:,} are the most.")
    problem = checker.cell(column, text)[1]
    if problem:
        raise Invalid(f"settings: {column.name}: {problem.message}")
    return text


def _text(column: Column, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return value
    if isinstance(value, int) and value.bit_length() <= 64:
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return str(value)
    raise Invalid(f"settings: {column.name} takes {column.description}, written as a text or a number.")


def _keep_the_rules(settings: Mapping[str, Wish], columns: Columns, checker: Checker) -> None:
    """Raises Invalid where values that will meet in a row break a rule between columns.

    Looks at every two columns with what is fixed in the others, which is as far as the rules of the schema
    go; a rule between three spread columns would be told on the rows.
    """
    rules = RowRules(columns)
    fixed = {name: wish for name, wish in settings.items() if wish.kind == "fixed"}
    spread = {name: wish for name, wish in settings.items() if wish.kind == "spread"}
    for chosen in (*combinations(spread, 2), *((name,) for name in spread), ()):
        for texts in product(*(spread[name].values for name in chosen)):
            cells = {name: wish.values[0] for name, wish in fixed.items()} | dict(
                zip(chosen, texts, strict=True)
            )
            for problem in rules.problems(dict(_values(cells, columns, checker))):
                raise Invalid(f"settings: {problem.column}: {problem.message}")


def _values(cells: Mapping[str, str], columns: Columns, checker: Checker) -> Iterator[tuple[str, Value]]:
    """The effective values of cells; an empty one has the default."""
    for name, text in cells.items():
        column = columns[name]
        value = checker.cell(column, text)[0]
        value = column.default if value is None else value
        if value is not None:
            yield name, value

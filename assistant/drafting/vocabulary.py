"""Columns and their values as people name them, all read from columns.schema.json."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.drafting.tokens import NUMBERS, forms
from schema.columns import Column, Columns
from schema.nearest import unmistakable
from schema.repair import repair_cell
from schema.values import value_of

NOTHING = frozenset({"nothing", "none", "empty", "blank", "default", "unset"})
"""Words for an empty cell, which has the default."""

_VAGUE = frozenset({"on", "off", "default", "auto", "general"})
"""Values that say nothing without the name of their column."""
_GENERIC = frozenset({"num", "number", "prompt", "name", "type", "value"})
"""Words of column names that are no name by themselves."""
_TIMES = re.compile(r"(\d+)\s*[x×/]\s*(\d+)")
_SHORTEST = 4
_LONGEST = 40
"""Characters of what can name a column; a sentence does not."""
_MOST_REMEMBERED = 5_000


class Vocabulary:
    """What words name which column, and what text is a value of it."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self._full = dict(_full_names(columns))
        self._single = dict(_single_words(columns))
        self._found: dict[str, Column | None] = {}
        self._spoken = {column.name.replace("_", " "): column for column in columns.all}

    def column(self, words: Sequence[str]) -> Column | None:
        """The column that all these words together name, also in the plural or with one slip."""
        said = " ".join(words)
        if len(said) > _LONGEST:
            return None
        if said not in self._found:
            if len(self._found) > _MOST_REMEMBERED:
                self._found.clear()
            self._found[said] = self._column(words)
        return self._found[said]

    def _column(self, words: Sequence[str]) -> Column | None:
        joined = "".join(words)
        for form in sorted(forms(joined), key=len, reverse=True):
            if form in self._full:
                return self._full[form]
        single = [self._single[form] for form in forms(joined) if form in self._single]
        if single and len(words) == 1:
            return single[0]
        if len(words) > 1 and words[0] == "number":  # the number of images
            return self._column(words[1:])
        near = unmistakable(" ".join(words), self._spoken) if len(joined) > _SHORTEST else None
        return self._spoken[near] if near else None

    def value(self, column: Column, text: str) -> str | None:
        """The text that a cell would have; empty where the words mean an empty cell; None for no value."""
        text = " ".join(text.split())
        word = text.casefold()
        exact = _taken(column, text)
        if exact is not None:
            return exact
        if not column.required and (word in NOTHING or word == column.empty.casefold()):
            return ""
        if column.whole_number and word in NUMBERS:
            return _taken(column, str(NUMBERS[word]))
        if any(":" in choice for choice in column.choices):
            return _taken(column, _TIMES.sub(r"\1:\2", text))
        near = unmistakable(word, column.choices) if column.choices and len(word) > _SHORTEST else None
        return near or None

    def alone(self, text: str) -> tuple[Column, str] | None:
        """The one column that has this text among its choices, where the text is enough to name it."""
        if text.casefold() in _VAGUE:
            return None
        found = [
            (column, value)
            for column in self.columns.all
            if column.editor == "choice" and (value := self._choice(column, text)) is not None
        ]
        return found[0] if len(found) == 1 else None

    def _choice(self, column: Column, text: str) -> str | None:
        if any(":" in choice for choice in column.choices):
            text = _TIMES.sub(r"\1:\2", text)
        return {choice.casefold(): choice for choice in column.choices}.get(text.casefold())


def _taken(column: Column, text: str) -> str | None:
    """The text as the column takes it, repaired where it has to be."""
    if column.editor == "text":
        return text if value_of(column, text) is not None else None
    repair = repair_cell(column, text)
    if repair:
        return repair.after
    return text if text and value_of(column, text) is not None else None


def _full_names(columns: Columns) -> Iterator[tuple[str, Column]]:
    """Titles, then names, so that a name goes before another column's title; each in the singular too."""
    for column in columns.all:
        yield from ((form, column) for form in forms(column.title.replace(" ", "")))
    for column in columns.all:
        yield from ((form, column) for form in forms(column.name.replace("_", "")))


def _single_words(columns: Columns) -> Iterator[tuple[str, Column]]:
    """Words that only one column has in its name or title: palette, seed, ratio."""
    words = {
        column: {*column.name.split("_"), *column.title.casefold().split()} - _GENERIC
        for column in columns.all
    }
    shared = Counter(word for found in words.values() for word in found)
    for column, found in words.items():
        for word in found:
            if shared[word] == 1 and len(word) >= _SHORTEST:
                yield word, column


@lru_cache(maxsize=8)
def of(columns: Columns) -> Vocabulary:
    """The vocabulary of these columns, made once."""
    return Vocabulary(columns)

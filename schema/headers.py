"""Which column each header of a sheet names: exact, repaired where it is nearly right, or told about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from schema.columns import Columns
from schema.nearest import nearest, unmistakable
from schema.problems import Fix, Problem
from schema.wording import listed, quoted

_AROUND = " \t\r\n\ufeff\u200b\xa0\"'“”„‘’‚«»`:*"
_BETWEEN = re.compile(r"[\s\-.\u2010-\u2015]+")
_LONGEST = 40
"""Characters of the longest text that can still be a misspelt header; prompts need not be compared."""
_EXACT, _SAME, _SIMILAR = range(3)

ROW_ID = "promptsheet_row"
"""Header of the hidden column in which our workbooks carry the rows' ids; nothing is said about it."""


@dataclass(frozen=True)
class Headings:
    """The headers of a sheet as read, the column each one names (None: not used), and what is to be said."""

    headers: tuple[str, ...]
    names: tuple[str | None, ...]
    problems: tuple[Problem, ...]

    @property
    def present(self) -> tuple[str, ...]:
        """Names of the columns that the sheet has."""
        return tuple(name for name in self.names if name)


def fit(headers: Sequence[str], columns: Columns) -> int:
    """How many columns a row names, were it the header."""
    found = (_meant(header, columns)[0] for header in headers if len(header) <= _LONGEST)
    return len({name for name in found if name})


def recognise(headers: Sequence[str], columns: Columns) -> Headings:
    """Name the column of each header: exact ones first, then near misses; in doubt nothing is guessed."""
    meant = [_meant(header[: _LONGEST + 1], columns) for header in headers]
    names: list[str | None] = [None] * len(headers)
    for wanted in (_EXACT, _SAME, _SIMILAR):
        for place, (name, likeness) in enumerate(meant):
            if likeness == wanted and name not in names:
                names[place] = name
    present = [name for name in names if name]
    free = [name for name in columns.names if name not in present]
    problems = [
        problem
        for place, header in enumerate(headers)
        if header.strip()
        and header != ROW_ID
        and (problem := _remark(place, headers, names, meant[place], free))
    ]
    return Headings(tuple(headers), tuple(names), (*problems, *missing(present, columns, headers)))


def missing(present: Sequence[str], columns: Columns, headers: Sequence[str] = ()) -> tuple[Problem, ...]:
    """A problem for each required column that a sheet lacks; a column of choices offers one for all rows.

    `headers` are those found, for the sentence.
    """
    found = [quoted(header, 30) for header in headers if header.strip()]
    return tuple(
        _missing(column.name, columns, found)
        for column in columns.all
        if column.required and column.name not in present
    )


def _missing(name: str, columns: Columns, found: list[str]) -> Problem:
    column = columns[name]
    sentence = f"There is no column {name} ({column.description})."
    fixes: tuple[Fix, ...] = ()
    if column.choices and column.examples:
        value = str(column.examples[0])
        fixes = (Fix(f"Set {value} for all rows", "set-all", name, value),)
        words = listed(column.choices, "or")
        sentence += f" Set {value} for all rows, or add the column with {words} in each row."
    elif found:
        sentence += f" The headers found are {listed(found, most=12)}. Rename the right one to {name}."
    else:
        sentence += " No header was found at all. Start from the template, or write headers in the first row."
    return Problem(None, name, None, "error", "missing-column", sentence, fixes=fixes)


def _remark(
    place: int,
    headers: Sequence[str],
    names: list[str | None],
    meant: tuple[str | None, int],
    free: list[str],
) -> Problem | None:
    """What is to be said about one header: repaired, twice there, or not known."""
    header, name = headers[place], meant[0]
    if names[place]:
        if names[place] == header:
            return None
        sentence = f"The header {quoted(header)} was read as {name}."
        return Problem(None, name, header, "fixed", "header-fixed", sentence, name)
    if name and meant[1] != _SIMILAR:
        first = names.index(name)
        sentence = (
            f"Two headers name {name}: {quoted(headers[first])} in place {first + 1} and {quoted(header)} in "
            f"place {place + 1}. The first is used; rename or delete the other."
        )
        return Problem(None, name, header, "error", "duplicate-header", sentence)
    likely = nearest(plain(header), free)
    sentence = f"{quoted(header)} is no column we know. Its cells are kept with the sheet and not used."
    if likely:
        sentence += f" If it holds the {likely}, rename it to {likely}."
    return Problem(None, header, header, "warning", "unknown-column", sentence, likely)


def plain(header: str) -> str:
    """A header in small letters, without marks round it, _ between words: “Aspect-Ratio ” is aspect_ratio."""
    return _BETWEEN.sub("_", header.strip(_AROUND)).lower()


@lru_cache(maxsize=4096)
def _meant(header: str, columns: Columns) -> tuple[str | None, int]:
    """The column a header means, and how: exactly, the same but for writing, or misspelt."""
    if header in columns:
        return header, _EXACT
    if len(header) > _LONGEST or not (word := plain(header)):
        return None, _SIMILAR
    same = _vocabulary(columns).get(word.replace("_", ""))
    return (same, _SAME) if same else (unmistakable(word, columns.names), _SIMILAR)


@lru_cache(maxsize=8)
def _vocabulary(columns: Columns) -> dict[str, str]:
    """Names and titles without case and spaces, each with its column; a name goes before another's title."""
    words = {plain(column.title): column.name for column in columns.all}
    words |= {column.name: column.name for column in columns.all}
    return {word.replace("_", ""): name for word, name in words.items()}

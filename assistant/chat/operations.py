"""Operations: what a request over a sheet comes to. A model answers in them, buttons make the same ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schema.columns import Columns
from schema.wire import Spec, closed, listing, typed
from schema.wording import listed, quoted

KINDS: Mapping[str, str] = {
    "set": (
        "column and values: one value for all of the rows, or several, which are dealt evenly, one row after "
        "the other; an empty value is the column's default"
    ),
    "swap": "column, text and with: words replaced by others, whole words only",
    "append": "column and text, put at the end; keywords that are there already are not added",
    "prepend": "column and text, put in front",
    "remove": "column and text, taken out",
    "delete": "these rows",
    "keep": "these rows alone; all others are deleted",
    "duplicate": "count copies of each of these rows, below it",
    "move": "these rows, below the row `below` (1: to the top)",
    "add": "count new rows about text, as the sheet's are; what is fixed for all rows they have untold",
    "rewrite": "text: what should be different in the prompts of these rows, in full",
    "similar": "rows that say nearly the same as an earlier one: shown side by side, to delete",
    "expand": "one row of each variant that {a|b} in a prompt makes",
    "release": "these rows may be changed again where the person had edited them",
    "undo": "the open proposal, or else what was accepted last",
    "answer": (
        "text: the answer to a question, or your question where it is unclear what is meant; rows: those it "
        "is about, which are then counted and named by the program"
    ),
}
"""Every operation with what it holds beside its rows: schema, words and buttons come from here alone."""

WRITTEN = frozenset({"add", "rewrite"})
"""Operations that a writer is needed for."""
ASKED = WRITTEN | {"undo"}
"""Operations that are asked for in words: no button makes them."""

TESTS = ("is", "is not", "has", "has not", "is empty", "is not empty")
"""What a program can see of a cell."""
ROWS = "rows: numbers and ranges (“2 5 9-14”), or: all, first 5, last 5, shown, selected, new (just added)"
COPIES = 100
"""Copies of a row at once."""
ADDED = 499
"""New rows at once."""
_NUMBERS = re.compile(r"(\d{1,7})(?:\s*(?:-|–|—|\.\.|to|bis|à)\s*(\d{1,7}))?")
_SOME = re.compile(r"(first|last)\s+(\d{1,7})")


class Unclear(Exception):
    """An operation that cannot be carried out; the sentence says why, and what would do."""


@dataclass(frozen=True)
class Condition:
    """A test of a cell that a program can make: one of TESTS."""

    column: str
    test: str
    text: str = ""

    def holds(self, cells: Mapping[str, str]) -> bool:
        found, wanted = cells.get(self.column, "").strip(), self.text.strip()
        match self.test.removeprefix("is not").removeprefix("has not") or self.test:
            case "is" | "is not":
                true = found.casefold() == wanted.casefold()
            case "has" | "has not":
                true = bool(whole_words(wanted).search(found))
            case _:
                true = not found
        return true != ("not" in self.test)

    @property
    def words(self) -> str:
        return f"{self.column} {self.test}{f' {quoted(self.text, 40)}' if self.text else ''}"


@dataclass(frozen=True)
class Operation:
    """One operation. What it holds beside `op` is told in KINDS.

    rows   numbers as the person sees them, or one of the words in ROWS; "" where it is of none
    where  a test that the rows must pass as well
    """

    op: str
    rows: str = ""
    where: Condition | None = None
    column: str = ""
    values: tuple[str, ...] = ()
    text: str = ""
    replacement: str = ""
    count: int = 0
    below: int = 0

    def to_json(self) -> dict[str, Any]:
        """As a model writes it, without what is empty."""
        found = {
            "op": self.op, "rows": self.rows, "column": self.column, "values": list(self.values),
            "text": self.text, "with": self.replacement, "count": self.count, "below": self.below,
        }  # fmt: skip
        where = self.where and {"column": self.where.column, "test": self.where.test, "text": self.where.text}
        return {name: value for name, value in (found | {"where": where}).items() if value}


def schema(columns: Columns) -> Spec:
    """The shape of an answer in operations, in the few keywords that every server takes."""
    where = closed(
        {
            "column": typed("string", columns.names),
            "test": typed("string", TESTS),
            "text": typed("string", needed=False),
        }
    )
    return listing(
        "operations",
        {
            "op": typed("string", list(KINDS)),
            "rows": typed("string", needed=False),
            "where": {**where, "type": ["object", "null"]},
            "column": typed("string", columns.names, needed=False),
            "values": {"type": ["array", "null"], "items": typed("string")},
            "text": typed("string", needed=False),
            "with": typed("string", needed=False),
            "count": typed("integer", needed=False),
            "below": typed("integer", needed=False),
        },
    )


def guide() -> str:
    """The operations in words, a line each."""
    return "\n".join(f"- {op}: {holds}" for op, holds in KINDS.items())


def read(document: Mapping[str, Any], columns: Columns) -> Operation:
    """An operation as a model or a form wrote it. Raises Unclear with what is wrong with it."""
    op = _text(document.get("op")).lower()
    if op not in KINDS:
        raise Unclear(f"There is no operation {quoted(op or '?', 30)}.")
    column = _text(document.get("column"))
    if column and column not in columns:
        raise Unclear(f"There is no column {quoted(column, 30)}.")
    values = document.get("values")
    listed_ = values if isinstance(values, Sequence) and not isinstance(values, str) else [values]
    given = document.get("value")  # what models write where one value is meant
    found = [_text(value) for value in (listed_ if values is not None else [given]) if value is not None]
    return Operation(
        op,
        _rows(document.get("rows")),
        _where(document.get("where"), columns),
        column,
        tuple(found),
        _text(document.get("text")),
        _text(document.get("with")),
        _whole(document.get("count")),
        _whole(document.get("below")),
    )


def numbers_in(text: str) -> list[tuple[int, int]]:
    """The numbers and ranges of a text, in order, as (first, last)."""
    pairs = ((int(first), int(last or first)) for first, last in _NUMBERS.findall(text))
    return [(min(pair), max(pair)) for pair in pairs]


def counted_in(text: str) -> tuple[str, int] | None:
    """“first 5” or “last 5” as (word, number); None where a text is neither."""
    found = _SOME.fullmatch(text.strip().lower())
    return (found[1], int(found[2])) if found else None


def spoken(numbers: Iterable[int]) -> str:
    """Row numbers as they are said: rows 3, 5 and 8–9."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    said = ["–".join(f"{number:,}" for number in run) for run in runs]
    return f"{'row' if len(runs) == 1 and len(runs[0]) == 1 else 'rows'} {listed(said, most=12)}"


def whole_words(text: str) -> re.Pattern[str]:
    """Finds a text as whole words, whatever its letters' size; scripts without spaces anywhere."""
    escaped = re.escape(text.strip())
    return re.compile(rf"(?<![^\W_]){escaped}(?![^\W_])" if text.isascii() else escaped, re.IGNORECASE)


def _rows(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return " ".join(map(str, value))
    return _text(value)


def _where(value: object, columns: Columns) -> Condition | None:
    if not isinstance(value, Mapping) or not value.get("column"):
        return None
    column, test = _text(value.get("column")), _text(value.get("test")).lower()
    if column not in columns:
        raise Unclear(f"There is no column {quoted(column, 30)}.")
    if test not in TESTS:
        raise Unclear(f"A cell cannot be tested by {quoted(test or '?', 30)}.")
    return Condition(column, test, _text(value.get("text")))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value).strip()


def _whole(value: object) -> int:
    text = _text(value)
    return int(text) if text.isdecimal() and len(text) < 8 else 0

"""A turn of the conversation as the panel shows it: its proposal row by row, words struck and put in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from assistant.chat.differing import Piece, compare, shortened
from assistant.words import count
from jobs.store.turns import Turn, TurnState
from schema import columns
from schema.wording import listed

STEP = 12
"""Rows of a proposal that are shown at once."""
FEW = 4
"""Rows of each part that are shown at once, where there are several."""
PARTS = 4
"""Parts of a proposal that may tell from what to what."""
LONGEST = 400
"""Characters of a prompt that is put in or struck as a whole."""
_SIGNS = {"change": "change", "add": "plus", "delete": "minus", "move": "up"}
_DONE = {"change": "changed", "add": "added", "delete": "deleted", "move": "moved"}
_WHO = {
    "program": "Promptsheet",
    "model": "The language model",
}


@dataclass(frozen=True)
class Cell:
    """One cell of a row as it would change; `label` is the column's name where that needs to be said."""

    column: str
    label: bool
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Entry:
    """A row of a proposal. `state` is open, accepted, rejected, gone or left (alone); `undone` if taken back.

    `release` says that a lock keeps it from the proposal and can be taken off.
    """

    row_id: str
    number: int
    op: str
    state: str
    title: str
    sign: str
    cells: Sequence[Cell]
    why: str | None
    problems: Sequence[str] = ()
    undone: bool = False
    release: bool = False
    part: str = ""


@dataclass(frozen=True)
class Part:
    """Rows of a proposal that are changed in the same way: shown, and decided on, together.

    `key` names it in a form; `most` of its rows are shown (None: all).
    """

    key: str
    title: str
    entries: Sequence[Entry]
    most: int | None

    @property
    def open(self) -> int:
        return sum(entry.state == "open" for entry in self.entries)

    @property
    def shown(self) -> Sequence[Entry]:
        return self.entries[: self.most]

    @property
    def more(self) -> int:
        return len(self.entries) - len(self.shown)


@dataclass(frozen=True)
class TurnView:
    """A turn with the rows of its proposal, `most` of them shown (None: all)."""

    turn: Turn
    undone: Collection[int] = field(default_factory=frozenset)
    most: int | None = STEP
    idle: str | None = None

    @property
    def who(self) -> str:
        return _WHO.get(self.turn.source, "Promptsheet")

    @property
    def waiting(self) -> bool:
        return self.turn.state == TurnState.WAITING

    @property
    def open(self) -> int:
        return sum(item["state"] == "open" for item in self.turn.changes)

    @property
    def decided(self) -> bool:
        return bool(self.turn.changes) and not self.open and not self.waiting

    @cached_property
    def entries(self) -> list[Entry]:
        """The rows in their order: what is proposed and, between it, what is left alone."""
        made = [
            _entry(item, self.undone, part)
            for item, part in zip(self.turn.changes, parts_of(self.turn), strict=True)
        ]
        left = [_left(entry) for entry in self.turn.left]
        return sorted([*made, *left], key=lambda entry: (entry.number, entry.op == "add"))

    @cached_property
    def parts(self) -> list[Part]:
        """The rows by what is done with them, where they are more than fit at a glance; else all in one."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.part, []).append(entry)
        if len(self.entries) <= STEP and "Like row" not in " ".join(found):
            return [Part("", "", self.entries, self.most)]
        return [Part(key_of(title), title, entries, self.most and FEW) for title, entries in found.items()]

    @property
    def more(self) -> int:
        return sum(part.more for part in self.parts)

    @property
    def title(self) -> str:
        """Proposal: 4 changed, 1 added, 1 deleted."""
        ops = Counter(item["op"] for item in self.turn.changes)
        what = ", ".join(f"{ops[op]:,} {word}" for op, word in _DONE.items() if ops[op])
        if self.waiting or self.open:
            return f"Proposal: {what}"
        return f"{'Accepted' if self.turn.state == TurnState.ACCEPTED else 'Not taken'}: {what}"

    @property
    def standing(self) -> str:
        """What became of the rows so far, in words; empty where nothing is decided."""
        states = Counter(item["state"] for item in self.turn.changes)
        words = {
            "accepted": "accepted",
            "rejected": "rejected",
            "gone": "changed meanwhile",
            "open": "to decide",
        }
        told = [f"{states[state]:,} {word}" for state, word in words.items() if states[state]]
        return f"{listed(told)}." if len(told) > 1 or states["gone"] else ""

    @property
    def groups(self) -> list[int]:
        """The changes of the log that it made and that stand, the newest first."""
        found = {item["group"] for item in self.turn.changes if item.get("group")}
        return sorted(found - set(self.undone), reverse=True)

    @property
    def taken_back(self) -> bool:
        """Whether all that was accepted of it was undone."""
        return any(item.get("group") for item in self.turn.changes) and not self.groups

    @property
    def faulty(self) -> int:
        """Rows that would have a problem then."""
        return sum(bool(item["state"] == "open" and item.get("problems")) for item in self.turn.changes)

    @property
    def marks(self) -> Mapping[str, Mapping[str, Any]]:
        """What the grid marks, by row id: the open items' kind and columns; of new rows the cells."""
        return {item["row_id"]: _mark(item) for item in self.turn.changes if item["state"] == "open"}


def key_of(part: str) -> str:
    """A part of a proposal as forms name it."""
    return sha256(part.encode()).hexdigest()[:12]


def rows_of(turn: Turn, key: str) -> list[str]:
    """Ids of the rows of one part of a proposal."""
    return [
        item["row_id"] for item, part in zip(turn.changes, parts_of(turn), strict=True) if key_of(part) == key
    ]


def parts_of(turn: Turn) -> list[str]:
    """What is done with each row, in a few words: from what to what, where one setting of it changes.

    Where that would be more than a glance, only to what.
    """
    parts = [_part(item) for item in turn.changes]
    return parts if len(set(parts)) <= PARTS else [_part(item, origin=False) for item in turn.changes]


def _part(item: Mapping[str, Any], *, origin: bool = True) -> str:
    cells = item["cells"]
    if item["op"] == "change" and len(cells) == 1 and "prompt" not in cells:
        ((name, (before, after)),) = cells.items()
        come = f": {before or 'empty'}" if origin else ""
        return f"{name}{come} → {after or 'empty'}"
    return item.get("part") or _DONE[item["op"]].capitalize()


def _mark(item: Mapping[str, Any]) -> dict[str, Any]:
    mark: dict[str, Any] = {"op": item["op"], "columns": list(item["cells"])}
    if item["op"] == "add":
        mark |= {
            "after": item.get("after"),
            "cells": {name: after for name, (_, after) in item["cells"].items()},
        }
    return mark


def outcome(before: Turn, after: Turn) -> str:
    """What a decision did, in a sentence for the toast."""
    was = {item["id"]: item["state"] for item in before.changes}
    new = [item for item in after.changes if was.get(item["id"]) == "open" != item["state"]]
    ops = Counter(item["op"] for item in new if item["state"] == "accepted")
    said = [f"{count(ops[op], 'row')} {word}" for op, word in _DONE.items() if ops[op]]
    sentences = [f"{listed(said).capitalize()}."] if said else []
    if rejected := sum(item["state"] == "rejected" for item in new):
        sentences.append(f"{count(rejected, 'row')} left as {'it is' if rejected == 1 else 'they are'}.")
    if gone := sum(item["state"] == "gone" for item in new):
        sentences.append(f"{count(gone, 'row')} changed meanwhile and left alone.")
    full = [
        item["why"]
        for item in after.changes
        if item["state"] == "open" and item["why"] and item["op"] == "add"
    ]
    return " ".join([*sentences, *full[:1]]) or "Nothing was left to decide."


def _entry(item: Mapping[str, Any], undone: Collection[int], part: str) -> Entry:
    op = item["op"]
    return Entry(
        row_id=item["row_id"],
        number=item["number"],
        op=op,
        state=item["state"],
        title=_title(item),
        sign=_SIGNS[op],
        cells=list(_cells(op, item["cells"])),
        why=item.get("why"),
        problems=[problem["message"] for problem in item.get("problems", ())],
        undone=item.get("group") in undone,
        part=part,
    )


def _title(item: Mapping[str, Any]) -> str:
    number, op = item["number"], item["op"]
    if op == "add":
        return f"New row below row {number - 1}" if item.get("after") else f"Row {number}, new"
    if op == "move":
        return f"Row {number}, moved {'below another' if item.get('after') else 'to the top'}"
    return f"Row {number}, {'delete' if op == 'delete' else listed(list(item['cells']), most=4)}"


def _left(entry: Mapping[str, Any]) -> Entry:
    return Entry(
        row_id=entry["row_id"],
        number=entry["number"],
        op="left",
        state="left",
        title=f"Row {entry['number']}, left alone",
        sign="lock" if entry.get("locked") else "info",
        cells=(),
        why=entry["why"],
        release=bool(entry.get("locked")),
        part="Left alone",
    )


def _cells(op: str, cells: Mapping[str, Sequence[str]]) -> Iterator[Cell]:
    """A deleted row is told by its prompt, another by all its cells; prompts first."""
    known = {column.name: column for column in columns.load().all}
    for name, (before, after) in cells.items():
        column = known.get(name)
        free = column is None or column.editor == "text"
        prompt = name == "prompt"
        if op == "delete" and not prompt and "prompt" in cells:
            continue
        if op != "add" and op != "delete" and free:
            pieces = shortened(compare(before, after))
        else:
            empty = f"{column.empty} (default)" if column and op in ("change", "move") else ""
            pieces = [
                Piece(kind, _cut(text or empty))
                for kind, text in (("del", before), ("ins", after))
                if text or empty
            ]
        yield Cell(name, len(cells) > 1 and not (prompt and op != "change"), pieces)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} …"

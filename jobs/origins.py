"""Where each cell came from, and which are locked against the language model: read from the edit log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from jobs.store import history
from jobs.store.database import Connection
from jobs.store.edits import Edit
from jobs.store.history import Entry

Place = tuple[str, str]
"""A cell: its row's id, its column."""

WORDS = {
    "upload": "file",
    "example": "file",
    "model": "model",
    "change": "model",
    "combinations": "combined",
    "pasted": "pasted",
    "paste": "pasted",
    "settings": "settings",
    "repair": "repaired",
}
"""Origins of the log as they are told; what is not here was written by the person."""

LOCKING = frozenset({"edit", "fix", "paste", "fill", "add"})
"""Origins of what a person wrote: no answer of a model changes it until it is released."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who or what wrote a cell last.

    word   file, model, combined (from the examples), pasted, settings (from the brief), repaired or you
    source the log's own word for it
    actor  the person, or the program
    group  the change of the log that wrote it
    locked whether a model has to leave it as it is
    """

    word: str
    source: str
    actor: str
    group: int
    locked: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """What became of a cell's origin in one group; None where the cell was empty before anybody wrote."""

    group: int
    word: str
    origin: Origin | None


def origins(
    connection: Connection, owner: str, sheet_id: str, row_ids: Collection[str] | None = None
) -> Mapping[Place, Origin]:
    """The origin of each cell that somebody or something wrote; with `row_ids` of those rows.

    An undone change gives a cell the origin that it had before, and its lock.
    """
    past: dict[Place, list[_Step]] = {}
    same: dict[int, _Step] = {}  # the step of a group that writes, for all of its cells
    for entry in history.entries(connection, owner, sheet_id, row_ids):
        writes = entry.undoes is None and entry.origin not in ("undo", "release")
        step = same.get(entry.group) if writes else None
        for column in _columns(entry.edit):
            steps = past.setdefault((entry.edit.row_id, column), [])
            if step is None:
                step = _Step(entry.group, entry.origin, _origin(entry, steps))
            if writes:
                same[entry.group] = step
            steps.append(step)
            step = step if writes else None
    return {place: steps[-1].origin for place, steps in past.items() if steps[-1].origin}


def locked(connection: Connection, owner: str, sheet_id: str) -> frozenset[Place]:
    """The cells that a person wrote and has not released since."""
    return frozenset(place for place, origin in origins(connection, owner, sheet_id).items() if origin.locked)


def _columns(edit: Edit) -> Iterable[str]:
    """The columns whose cells an edit wrote: one, or all those of a row that it added."""
    if edit.column is not None:
        return (edit.column,)
    return edit.after["cells"] if edit.before is None else ()


def _origin(entry: Entry, steps: Sequence[_Step]) -> Origin | None:
    if entry.undoes is not None:
        return _before(entry.undoes, steps)
    if entry.origin == "undo":  # repairs taken back, of whichever group they were
        return _before(next((step.group for step in reversed(steps) if step.word == "repair"), 0), steps)
    if entry.origin == "release":
        told = steps[-1].origin if steps else None
        return replace(told, locked=False) if told else None
    word = WORDS.get(entry.origin, "you")
    return Origin(word, entry.origin, entry.actor, entry.group, entry.origin in LOCKING)


def _before(group: int, steps: Sequence[_Step]) -> Origin | None:
    """What a cell's origin was before a group wrote it; as it is where that group only removed its row."""
    for place, step in enumerate(steps):
        if step.group == group:
            return steps[place - 1].origin if place else None
    return steps[-1].origin if steps else None

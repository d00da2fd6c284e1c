"""Undo and redo of a person's changes to a sheet, read from its log: they hold across refresh and restart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jobs import mend
from jobs.errors import Conflict
from jobs.services import Services
from jobs.store import edits as log
from jobs.store.database import Connection
from jobs.store.edits import Group


@dataclass(frozen=True, slots=True)
class Steps:
    """The person's changes that can be taken back and those that can be made again, the next one last."""

    undo: Sequence[Group]
    redo: Sequence[Group]


def steps(connection: Connection, owner: str, sheet_id: str) -> Steps:
    """What filled the sheet at first is no step: undoing it would leave nothing to edit."""
    back: dict[int, Group] = {}
    forth: dict[int, Group] = {}
    for group in log.groups(connection, owner, sheet_id)[1:]:
        if group.actor != owner:
            continue
        if group.undoes in back:
            forth[group.id] = back.pop(group.undoes)
        elif group.undoes in forth:
            back[group.id] = forth.pop(group.undoes)
        else:
            back[group.id] = group
            forth.clear()
    return Steps(_listed(back), _listed(forth))


def _listed(stack: dict[int, Group]) -> Sequence[Group]:
    """Each step by the group that is to be taken back, with the origin of what the person did at first."""
    return [
        Group(number, group.actor, group.origin, group.undoes, group.at) for number, group in stack.items()
    ]


def undo(services: Services, owner: str, sheet_id: str) -> int:
    """Take the person's newest change back that still stands; returns the group that did it.

    Raises NotFound, and Conflict where there is none.
    """
    with services.database.read() as connection:
        stack = steps(connection, owner, sheet_id).undo
    return _take_back(services, owner, sheet_id, stack, "There is nothing of yours to undo.")


def redo(services: Services, owner: str, sheet_id: str) -> int:
    """Make the change again that was undone last; returns the group that did it.

    Raises NotFound, and Conflict where there is none.
    """
    with services.database.read() as connection:
        stack = steps(connection, owner, sheet_id).redo
    return _take_back(services, owner, sheet_id, stack, "There is nothing to do again.")


def _take_back(services: Services, owner: str, sheet_id: str, stack: Sequence[Group], none: str) -> int:
    for group in reversed(stack):
        try:
            return mend.undo(services, owner, sheet_id, group.id)
        except Conflict:  # changed again since, by a model or somebody else: the one before may still stand
            continue
    raise Conflict(none)

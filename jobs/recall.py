"""What the log tells the conversation: locks, what was taken back, the rows as they stood at some time."""

from __future__ import annotations

from jobs import origins
from jobs.store import edits as log
from jobs.store import sheets, turns
from jobs.store.database import Connection
from jobs.store.turns import Turn


def locks(connection: Connection, owner: str, sheet_id: str) -> dict[str, frozenset[str]]:
    """By row id the columns whose cells a person wrote and has not released."""
    found: dict[str, set[str]] = {}
    for row_id, column in origins.locked(connection, owner, sheet_id):
        found.setdefault(row_id, set()).add(column)
    return {row_id: frozenset(columns) for row_id, columns in found.items()}


def last_taken(connection: Connection, owner: str, sheet_id: str) -> Turn | None:
    """The turn of the newest accepted change that stands."""
    back = undone(connection, owner, sheet_id)
    found = [
        (item["group"], asked)
        for asked in turns.of_sheet(connection, owner, sheet_id)
        for item in asked.changes
        if item.get("group") and item["group"] not in back
    ]
    return max(found, key=lambda pair: pair[0], default=(0, None))[1]


def undone(connection: Connection, owner: str, sheet_id: str) -> frozenset[int]:
    """The groups of a sheet's log that were taken back and not made again."""
    back: set[int] = set()
    for group in reversed(log.groups(connection, owner, sheet_id)):
        if group.undoes is not None and group.id not in back:
            back.add(group.undoes)
    return frozenset(back)


def order_at(connection: Connection, owner: str, sheet_id: str, at: float) -> list[str]:
    """The ids of a sheet's rows as they stood at some time: numbers are meant as they were seen."""
    places = {row.id: row.place for row in sheets.rows(connection, owner, sheet_id)}
    for group in reversed(log.groups(connection, owner, sheet_id)):
        if group.at <= at:
            break
        for edit in reversed(log.of_group(connection, owner, sheet_id, group.id)):
            if edit.column is not None or edit.row_id == log.ABOUT:
                continue
            if edit.before is None:
                places.pop(edit.row_id, None)
            else:
                places[edit.row_id] = edit.before["place"]
    return sorted(places, key=places.__getitem__)

"""Which rows of a file are rows that a sheet has already: by the ids our workbooks carry, else by content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jobs import ids
from jobs.store.sheets import SheetRow
from schema.columns import load

Cells = Mapping[str, str]


def row_ids(cells: Sequence[Cells], carried: Sequence[str], here: Sequence[SheetRow]) -> list[str]:
    """An id for each of the file's rows, given its cells and ids: that of the row it is, else a new one.

    An id that stands twice, as in copied rows, is the first one's. Rows without one are those of the sheet
    with the same cells, then those with the same prompt; each row of the sheet is taken once.
    """
    found = _carried(carried)
    taken = set(found)
    left = {row.id: row for row in here if row.id not in taken}
    for alike in (_everything, _prompt):
        waiting: dict[object, list[str]] = {}
        for row in left.values():
            waiting.setdefault(alike(row.cells), []).append(row.id)
        for place, line in enumerate(cells):
            same = waiting.get(alike(line)) if found[place] is None and alike(line) else None
            if same:
                found[place] = same.pop(0)
                del left[found[place] or ""]
    return [row_id or ids.new() for row_id in found]


def _carried(carried: Sequence[str]) -> list[str | None]:
    seen: set[str] = set()
    found: list[str | None] = []
    for row_id in carried:
        known = ids.valid(row_id) and row_id not in seen
        found.append(row_id if known else None)
        seen.add(row_id)
    return found


def _everything(cells: Cells) -> object:
    return frozenset((key, text) for key, text in cells.items() if text)


def _prompt(cells: Cells) -> object:
    """The cells of the needed free text, which tell rows apart."""
    needed = (column.name for column in load().all if column.required and column.editor == "text")
    return tuple(filter(None, (cells.get(name) for name in needed)))

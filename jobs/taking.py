"""Items of a change set against the rows as they are now: what fits becomes edits, the rest says why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jobs.store import edits as log
from jobs.store.edits import Edit
from jobs.store.sheets import SheetRow
from schema.wording import listed

Item = Mapping[str, Any]


class Taking:
    """The rows of a sheet while items are taken one by one.

    An item of a change set is {"op", "row_id", "number", "cells": {column: [before, after]}, "state", "why",
    "after"}: change writes cells, delete removes the row, add puts a row with the after-cells below the row
    `after`, at the end where there is none; move puts the row below the row `after`, on top where that is "",
    and writes the cells too.
    """

    def __init__(self, rows: Sequence[SheetRow], max_rows: int) -> None:
        self._rows = {row.id: row for row in rows}
        self._order = [row.id for row in rows]
        self._most = max_rows - 1
        self._changed: list[Edit] = []
        self._deleted: list[Edit] = []
        self._added: list[tuple[Item, str | None]] = []
        self._moved: list[tuple[str, str | None]] = []

    def all(self, items: Sequence[Item], meant: Callable[[Item], bool]) -> list[dict[str, Any]]:
        """Take the items that are meant, deletions first for the room they make."""
        decided = {id(item): dict(item) for item in items}
        for item in sorted(filter(meant, items), key=lambda item: bool(item["op"] != "delete")):
            decided[id(item)] = self.take(item)
        return [decided[id(item)] for item in items]

    def take(self, item: Item) -> dict[str, Any]:
        """The item as it is decided: accepted, gone, or still open where there is no room; `why` says it."""
        match item["op"]:
            case "add":
                return self._add(item)
            case "delete":
                return self._delete(item)
            case "move":
                return self._move(item)
            case _:
                return self._change(item)

    def edits(self) -> list[Edit]:
        """All that was taken, as entries of the log."""
        return [*self._placed(), *self._changed, *self._moves(), *self._deleted]

    def _change(self, item: Item) -> dict[str, Any]:
        row = self._rows.get(item["row_id"])
        if row is None:
            return {**item, "state": "gone", "why": "The row was deleted meanwhile."}
        late: list[str] = []
        made: list[Edit] = []
        for column, (before, after) in item["cells"].items():
            now = row.cells.get(column, "")
            if now == before:
                made.append(Edit(row.id, column, row.cells.get(column), after or None))
            elif now != after:
                late.append(column)
        if not late:
            self._changed += made
            return {**item, "state": "accepted"}
        why = f"Its {listed(late)} {'was' if len(late) == 1 else 'were'} changed meanwhile and left so."
        self._changed += made
        return {**item, "state": "accepted" if made else "gone", "why": why}

    def _delete(self, item: Item) -> dict[str, Any]:
        row = self._rows.get(item["row_id"])
        if row is None:
            return {**item, "state": "gone", "why": "The row was deleted already."}
        seen = {column: before for column, (before, _) in item["cells"].items()}
        if {column: text for column, text in row.cells.items() if text} != seen:
            return {**item, "state": "gone", "why": "The row was changed meanwhile, so it is kept."}
        del self._rows[row.id]
        self._deleted.append(Edit(row.id, None, log.whole(row), None))
        return {**item, "state": "accepted"}

    def _move(self, item: Item) -> dict[str, Any]:
        decided = self._change(item)
        anchor = item.get("after")
        if decided["state"] == "gone" or (anchor and anchor not in self._rows):
            return {**item, "state": "gone", "why": decided["why"] or "The row above was deleted meanwhile."}
        self._moved.append((item["row_id"], anchor or None))
        return decided

    def _moves(self) -> list[Edit]:
        """The rows that are moved, each with its new place: below their anchor, in their order, or on top."""
        gone = {row_id for row_id, _ in self._moved}
        kept = [row for row in self._rows.values() if row.id not in gone]
        by_anchor: dict[str | None, list[SheetRow]] = {}
        for row_id, anchor in self._moved:
            by_anchor.setdefault(anchor, []).append(self._rows[row_id])
        made: list[Edit] = []
        for anchor, rows in by_anchor.items():
            above = [row.place for row in kept if anchor and row.place <= self._rows[anchor].place]
            below = [row.place for row in kept if not (anchor and row.place <= self._rows[anchor].place)]
            low = max(above, default=min(below, default=1.0) - len(rows) - 1)
            step = (min(below) - low) / (len(rows) + 1) if below else 1.0
            made += [
                log.moved(row, low + step * count, row.file_row) for count, row in enumerate(rows, start=1)
            ]
        return made

    def _add(self, item: Item) -> dict[str, Any]:
        if item["row_id"] in self._order:
            return {**item, "state": "gone", "why": "The row is in the sheet already."}
        if len(self._rows) + len(self._added) >= self._most:
            return {**item, "why": f"There is no room: a sheet has {self._most:,} rows at the most."}
        self._added.append((item, item.get("after")))
        return {**item, "state": "accepted"}

    def _placed(self) -> list[Edit]:
        """The new rows with their places: below the row they follow, in their order, or at the end."""
        by_anchor: dict[str | None, list[Item]] = {}
        for item, anchor in self._added:
            by_anchor.setdefault(anchor if anchor in self._order else None, []).append(item)
        return [edit for anchor, items in by_anchor.items() for edit in self._below(anchor, items)]

    def _below(self, anchor: str | None, items: Sequence[Item]) -> list[Edit]:
        low, step = self._gap(anchor, len(items))
        return [
            Edit(
                item["row_id"],
                None,
                None,
                log.new_row(low + step * count, _cells(item), strand=item.get("strand")),
            )
            for count, item in enumerate(items, start=1)
        ]

    def _gap(self, anchor: str | None, count: int) -> tuple[float, float]:
        """The place of the row above, and the distance from one new row to the next."""
        places = sorted(self._places.values())
        if anchor is None or self._places[anchor] == places[-1]:
            return (places[-1] if places else 0.0), 1.0
        low = self._places[anchor]
        high = next(place for place in places if place > low)
        return low, (high - low) / (count + 1)

    @property
    def _places(self) -> dict[str, float]:
        gone = {edit.row_id: edit.before["place"] for edit in self._deleted}
        return gone | {row.id: row.place for row in self._rows.values()}


def _cells(item: Item) -> dict[str, str]:
    return {column: after for column, (_, after) in item["cells"].items() if after}

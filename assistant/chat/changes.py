"""A change set: what is proposed for a sheet, row by row, checked, locks respected; nothing is applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.chat.ground import PROMPT, Ground, Line
from assistant.drafting.near import Near
from jobs import ids
from jobs.mend import LONGEST_CELL
from schema.cell_check import empty, fault
from schema.check import Checker
from schema.repair import repair_cell
from schema.values import blank, value_of
from schema.wording import counted, listed, quoted

Cells = Mapping[str, str]
Json = dict[str, Any]


@dataclass
class _Row:
    """A row while it is changed: `was` and `now` are its cells, `wrong` what of it could not be taken."""

    id: int
    row_id: str
    number: int
    was: dict[str, str]
    now: dict[str, str]
    op: str = "change"
    after: str | None = None
    why: str | None = None
    wrong: list[Json] = field(default_factory=list)


class ChangeSet:
    """Proposals gathered one by one, from a request that was understood or from a model's answer.

    A row has one item however often it is changed; a deletion goes before a change. Cells that a person wrote
    are left alone unless the row is `named`, and so is a value that its column does not take: both are told.
    `settings` gives the cells that are not the writer's to choose in the next new row.
    """

    def __init__(
        self,
        ground: Ground,
        settings: Callable[[], Cells] = dict,
        new_id: Callable[[], str] = ids.new,
    ) -> None:
        self.ground = ground
        self._settings, self._new_id = settings, new_id
        self._rows: dict[str, _Row] = {}
        self._left: dict[str, Json] = {}
        self._count = 0
        self._checker = Checker(ground.columns)
        self._near: Near | None = None
        self.repeated = self.unfit = self.full = 0
        self.unknown: dict[str, None] = {}

    def change(self, row_id: str, cells: Cells, *, named: bool = False) -> None:
        """Write these cells; those that hold it already are no change."""
        line = self.ground.by_id[row_id]
        known = self._rows.get(row_id)
        if known and known.op == "delete":
            return
        row = known or self._new(line)
        held: dict[str, str] = {}
        for name, text in cells.items():
            after = self._fit(row, name, text)
            if after is None or row.now.get(name, "") == after:
                continue
            if not named and name in self.ground.locked.get(row_id, ()):
                held[name] = after
            else:
                row.now[name] = after
        self._rows[row_id] = row
        if held:
            self._leave(
                line, "change", {name: [line.cells.get(name, ""), text] for name, text in held.items()}
            )

    def delete(self, row_id: str, *, named: bool = False, why: str | None = None) -> None:
        """Delete a row, for the reason `why`."""
        line = self.ground.by_id[row_id]
        if not named and self.ground.locked.get(row_id):
            self._leave(line, "delete", {name: [text, ""] for name, text in line.cells.items() if text})
            return
        row = self._rows.setdefault(row_id, self._new(line))
        row.op, row.why, row.now, row.wrong = "delete", why, {}, []
        self._left.pop(row_id, None)

    def hold(self, row_id: str, column: str, *, named: bool = False) -> bool:
        """Leave a row alone if its cell is locked, before anything is made for it; whether it is."""
        if named or column not in self.ground.locked.get(row_id, ()):
            return False
        line = self.ground.by_id[row_id]
        self._left[row_id] = _left(row_id, line.number, "change", {}, [column], _locked_why([column]))
        return True

    def add(
        self, cells: Cells, *, after: str | None = None, alike: bool = False, why: str | None = None
    ) -> bool:
        """Add a row, at the end or below another. False: it is too like another, has no prompt or no room.

        With `alike` it may be like the others and has its cells as they are.
        """
        self._count += 1
        anchor = self.ground.by_id[after].number if after else self._last_number()
        row = _Row(self._count, self._new_id(), anchor + 1, {}, {}, "add", after, why)
        chosen = (
            cells
            if alike
            else {**self._common(), **{k: t for k, t in cells.items() if t}, **self._settings()}
        )
        for name, text in chosen.items():
            fit = self._fit(row, name, text)
            if fit:
                row.now[name] = fit
        if not alike and not self._new_enough(row.now.get(PROMPT, "")):
            return False
        if len(self.ground.lines) + self._more() + 1 >= self.ground.max_rows:
            self.full += 1
            return False
        row.number += sum(other.after == after for other in self._rows.values() if other.op == "add")
        self._rows[row.row_id] = row
        return True

    def items(self) -> list[Json]:
        """The change set as it is kept: one item a row, in the order of the sheet."""
        made = [item for row in self._rows.values() if (item := self._item(row))]
        return sorted(made, key=lambda item: (item["number"], item["op"] == "add", item["id"]))

    def left(self) -> list[Json]:
        """The rows that are left alone, or some cells of them, each with the reason."""
        wrong = [
            _left(row.row_id, row.number, row.op, {}, (), " ".join(told["message"] for told in row.wrong))
            for row in self._rows.values()
            if row.wrong and row.op == "change" and row.was == row.now and row.row_id not in self._left
        ]
        return sorted([*self._left.values(), *wrong], key=lambda entry: int(entry["number"]))

    def notes(self) -> Iterator[str]:
        """What has to be said of the whole."""
        if self.repeated:
            one = self.repeated == 1
            rows = "row was" if one else "rows were"
            yield f"{counted(self.repeated).capitalize()} new {rows} too like others and left out."
        if self.unfit:
            one = self.unfit == 1
            rows = "row" if one else "rows"
            yield f"{counted(self.unfit).capitalize()} new {rows} without a prompt left out."
        if self.full:
            most = self.ground.max_rows - 1
            more = counted(self.full).capitalize()
            yield f"{more} more would not fit: a sheet has {most:,} rows at the most."
        if self.unknown:
            names = listed([quoted(name, 30) for name in self.unknown], most=5)
            yield f"There is no column {names}; what was proposed for it is left out."

    def now(self, line: Line) -> Cells:
        """A row's cells as they would be by now: a later request goes on from the ones before."""
        row = self._rows.get(line.id)
        return row.now if row and row.op == "change" else line.cells

    @property
    def touched(self) -> bool:
        """Whether any row was named at all, changed by it or not."""
        return bool(self._rows or self._left)

    def _new(self, line: Line) -> _Row:
        self._count += 1
        was = {name: text for name, text in line.cells.items() if text}
        return _Row(self._count, line.id, line.number, was, dict(was))

    def _fit(self, row: _Row, name: str, text: str) -> str | None:
        """The text as the column takes it; None, and told, where it does not."""
        if name not in self.ground.columns:
            if name in self.ground.headings and row.op == "add":
                return text
            self.unknown[name] = None
            return None
        column = self.ground.columns[name]
        if len(text) > LONGEST_CELL:
            return _refuse(
                row, name, text, f"A cell holds {LONGEST_CELL:,} characters; this has {len(text):,}."
            )
        if blank(text):
            return _refuse(row, name, "", empty(column).message) if column.required else ""
        repair = repair_cell(column, text)
        after = repair.after if repair else text
        if value_of(column, after) is None:
            return _refuse(row, name, text, fault(column, text).message)
        return after

    def _leave(self, line: Line, op: str, cells: Mapping[str, list[str]]) -> None:
        locked = self.ground.locked.get(line.id, frozenset())
        columns = [
            name for name in self.ground.columns.names if name in locked and (op == "delete" or name in cells)
        ]
        columns += sorted(name for name in locked - set(columns) if op == "delete" or name in cells)
        before = self._left.get(line.id)
        if before and before["op"] == "change" == op:
            cells = {**before["cells"], **cells}
            columns = list(dict.fromkeys([*before["locked"], *columns]))
        self._left[line.id] = _left(line.id, line.number, op, cells, columns, _locked_why(columns))

    def _common(self) -> Cells:
        """What all rows of the sheet have alike, the prompt apart: a new row has it too."""
        lines = self.ground.lines
        shared: dict[str, str] = {}
        for column in self.ground.columns.all:
            texts = {line.cells.get(column.name, "") for line in lines}
            if column.name == PROMPT:
                continue
            if len(texts) == 1 and (text := next(iter(texts))):
                shared[column.name] = text
            elif column.required and column.examples:
                shared[column.name] = str(column.examples[0])
        return shared

    def _new_enough(self, prompt: str) -> bool:
        if not prompt:
            self.unfit += 1
            return False
        if self._near is None:
            self._near = Near()
            for line in self.ground.lines:
                self._near.add(line.cells.get(PROMPT, ""))
        if self._near.like(prompt):
            self.repeated += 1
            return False
        self._near.add(prompt)
        return True

    def _more(self) -> int:
        """How many rows more the sheet would have."""
        ops = [row.op for row in self._rows.values()]
        return ops.count("add") - ops.count("delete")

    def _last_number(self) -> int:
        return self.ground.lines[-1].number if self.ground.lines else 1

    def _item(self, row: _Row) -> Json | None:
        if row.op == "change" and row.was == row.now:
            return None
        names = [*self.ground.columns.names, *row.was, *row.now]
        cells = {
            name: [row.was.get(name, ""), row.now.get(name, "")]
            for name in dict.fromkeys(names)
            if row.was.get(name, "") != row.now.get(name, "")
        }
        return {
            "id": row.id,
            "op": row.op,
            "row_id": row.row_id,
            "number": row.number,
            "cells": cells,
            "state": "open",
            "why": row.why,
            "after": row.after,
            "problems": [] if row.op == "delete" else [*row.wrong, *self._then(row)],
        }

    def _then(self, row: _Row) -> Iterator[Json]:
        """What would be wrong with the row once it is so, and is not now."""
        before = {problem.message for problem in self._checker.row(row.was).problems} if row.was else set()
        for problem in self._checker.row(row.now).problems:
            if problem.message not in before and problem.column:
                value = row.now.get(problem.column, "")
                yield {"column": problem.column, "value": value[:200], "message": problem.message}


def _refuse(row: _Row, name: str, text: str, why: str) -> str | None:
    """Tell what could not be taken of a row; None, which is no text for its cell."""
    row.wrong.append({"column": name, "value": text[:200], "message": f"{name} is left as it is. {why}"})
    return None


def _left(row_id: str, number: int, op: str, cells: Mapping[str, Any], locked: Any, why: str) -> Json:
    return {
        "row_id": row_id,
        "number": number,
        "op": op,
        "cells": dict(cells),
        "locked": list(locked),
        "why": why,
    }


def _locked_why(columns: list[str]) -> str:
    them = "so it is locked" if len(columns) == 1 else "so they are locked"
    return f"You edited its {listed(columns)}, {them}."

"""A change set: what is proposed for a sheet, row by row, checked, locks respected; nothing is applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from assistant.chat.ground import PROMPT, Ground, Line
from assistant.chat.operations import Unclear
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
    parts: dict[str, None] = field(default_factory=dict)
    strand: str | None = None


class ChangeSet:
    """Proposals gathered one by one, from operations and from what a writer wrote for them.

    A row has one item however often it is changed; a deletion goes before a change. Cells that a person wrote
    are left alone unless the row is `named`, and so is a value that its column does not take: both are told.

    part   what the next changes are for, in a few words: the rows of a proposal are shown by that
    named  numbers of the rows that the person named in so many words
    """

    def __init__(
        self,
        ground: Ground,
        new_id: Callable[[], str] = ids.new,
    ) -> None:
        self.ground = ground
        self._new_id = new_id
        self._rows: dict[str, _Row] = {}
        self._left: dict[str, Json] = {}
        self._count = 0
        self._checker = Checker(ground.columns)
        self._near: Near | None = None
        self._new_values: dict[str, tuple[str, ...]] = {}
        self._locked = {row_id: set(columns) for row_id, columns in ground.locked.items()}
        self.released: list[tuple[str, str]] = []
        self.part = ""
        self.named: AbstractSet[int] = frozenset()
        self.repeated = self.unfit = self.full = 0
        self.unknown: dict[str, None] = {}

    def change(self, row_id: str, cells: Cells) -> bool:
        """Write these cells; whether one of them held something else before."""
        line = self.ground.by_id[row_id]
        named = line.number in self.named
        known = self._rows.get(row_id)
        if known and known.op == "delete":
            return False
        row = known or self._new(line)
        held: dict[str, str] = {}
        written = False
        for name, text in cells.items():
            after = self._fit(row, name, text)
            if after is None or row.now.get(name, "") == after:
                continue
            if not named and name in self._locked.get(row_id, ()):
                held[name] = after
            else:
                row.now[name] = after
                row.parts[self.part], written = None, True
        self._rows[row_id] = row
        if held:
            self._leave(
                line, "change", {name: [line.cells.get(name, ""), text] for name, text in held.items()}
            )
        return written

    def delete(self, row_id: str, *, why: str | None = None) -> bool:
        """Delete a row, for the reason `why`; False where it is left alone."""
        line = self.ground.by_id[row_id]
        if line.number not in self.named and self._locked.get(row_id):
            self._leave(line, "delete", {name: [text, ""] for name, text in line.cells.items() if text})
            return False
        row = self._rows.setdefault(row_id, self._new(line))
        row.op, row.why, row.now, row.wrong = "delete", why, {}, []
        row.parts = {self.part: None}
        self._left.pop(row_id, None)
        return True

    def move(self, row_id: str, below: str) -> None:
        """Put a row below another one, on top where there is none."""
        line = self.ground.by_id[row_id]
        row = self._rows.setdefault(row_id, self._new(line))
        if row.op == "change":
            row.op, row.after = "move", below
            row.parts[self.part] = None

    def release(self, row_id: str, column: str = "") -> list[tuple[str, str]]:
        """Take the locks off a row, or off its one column; returns which: (row id, column)."""
        held = self._locked.get(row_id, set())
        found = [(row_id, name) for name in sorted(held) if column in ("", name)]
        held -= {name for _, name in found}
        self.released += found
        return found

    def hold(self, row_id: str, column: str) -> bool:
        """Leave a row alone if its cell is locked, before anything is made for it; whether it is."""
        if self.ground.by_id[row_id].number in self.named or column not in self._locked.get(row_id, ()):
            return False
        line = self.ground.by_id[row_id]
        self._left[row_id] = _left(row_id, line.number, "change", {}, [column], _locked_why([column]))
        return True

    def add(
        self,
        cells: Cells,
        *,
        after: str | None = None,
        alike: bool = False,
        dealt: Cells | None = None,
        strand: str | None = None,
    ) -> bool:
        """Add a row, at the end or below another. False: it is too like another, has no prompt or no room.

        With `alike` it may be like the others and has its cells as they are. `dealt` are cells that are not
        the writer's to choose; `strand` is the id of the one that it is of.
        """
        self._count += 1
        anchor = self.ground.by_id[after].number if after else self._last_number()
        row = _Row(self._count, self._new_id(), anchor + 1, {}, {}, "add", after, strand=strand)
        row.parts[self.part] = None
        for name, text in (cells if alike else self._chosen(cells, dealt or {})).items():
            fit = self._fit(row, name, text)
            if fit:
                row.now[name] = fit
        if not alike and not self._new_enough(row.now.get(PROMPT, "")):
            return False
        if len(self.ground.lines) + self._more() + 1 >= self.ground.max_rows:
            self.full += 1
            return False
        row.number += sum(other.after == after for other in self._rows.values() if other.op == "add")
        self._set_in(row)
        self._rows[row.row_id] = row
        return True

    def set_new(self, column: str, values: tuple[str, ...]) -> None:
        """Write values, dealt evenly, into a column of all rows that are added, also those still to come."""
        self._new_values[column] = values
        for row in self._added():
            self._set_in(row)

    @property
    def size(self) -> int:
        """How many rows would be different."""
        return sum(row.op != "change" or row.was != row.now for row in self._rows.values())

    @property
    def gone(self) -> AbstractSet[str]:
        """Ids of the rows that are to be deleted."""
        return {row.row_id for row in self._rows.values() if row.op == "delete"}

    def prompts(self) -> list[str]:
        """All prompts as they would be then."""
        kept = [self.now(line) for line in self.ground.lines if line.id not in self.gone]
        return [cells.get(PROMPT, "") for cells in (*kept, *(row.now for row in self._added()))]

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
        return row.now if row and row.op in ("change", "move") else line.cells

    def _added(self) -> list[_Row]:
        return [row for row in self._rows.values() if row.op == "add"]

    def _set_in(self, row: _Row) -> None:
        """Give a new row the values that were set for all new ones, in its turn."""
        added = self._added()
        turn = added.index(row) if row in added else len(added)
        for column, values in self._new_values.items():
            fit = self._fit(row, column, values[turn % len(values)])
            if fit is not None:
                row.now[column] = fit

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
        try:
            return self.fit(name, text)
        except Unclear as why:
            value = "" if blank(text) else text[:200]
            row.wrong.append({"column": name, "value": value, "message": f"{name} is left as it is. {why}"})
            return None

    def fit(self, name: str, text: str) -> str:
        """A text as a column takes it, repaired where that is sure. Raises Unclear where it does not."""
        column = self.ground.columns[name]
        if len(text) > LONGEST_CELL:
            raise Unclear(f"A cell holds {LONGEST_CELL:,} characters; this has {len(text):,}.")
        if blank(text):
            if column.required:
                raise Unclear(empty(column).message)
            return ""
        repair = repair_cell(column, text)
        after = repair.after if repair else text
        if value_of(column, after) is None:
            raise Unclear(fault(column, text).message)
        return after

    def _leave(self, line: Line, op: str, cells: Mapping[str, list[str]]) -> None:
        locked = self._locked.get(line.id, set())
        columns = [
            name for name in self.ground.columns.names if name in locked and (op == "delete" or name in cells)
        ]
        columns += sorted(name for name in locked - set(columns) if op == "delete" or name in cells)
        before = self._left.get(line.id)
        if before and before["op"] == "change" == op:
            cells = {**before["cells"], **cells}
            columns = list(dict.fromkeys([*before["locked"], *columns]))
        self._left[line.id] = _left(line.id, line.number, op, cells, columns, _locked_why(columns))

    def _chosen(self, cells: Cells, dealt: Cells) -> Cells:
        """The cells of a new row: as all rows of the sheet have them, else as dealt, else as written.

        What all rows have alike goes before what the brief once said: a person may have changed it since.
        """
        lines, columns = self.ground.lines, self.ground.columns.all
        needed = {one.name: str(one.examples[0]) for one in columns if one.required and one.examples}
        held = {one.name: {line.cells.get(one.name, "") for line in lines} for one in columns}
        alike = {name: texts.pop() for name, texts in held.items() if len(texts) == 1}
        shared = {name: text for name, text in alike.items() if text}
        written = {name: text for name, text in cells.items() if text}
        few = len(lines) == 1
        found = {**needed, **(shared if few else {}), **written, **dealt, **({} if few else shared)}
        return found | {PROMPT: cells.get(PROMPT, "")}

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
            "part": "; ".join(filter(None, row.parts)),
            "strand": row.strand,
            "problems": [] if row.op == "delete" else [*row.wrong, *self._then(row)],
        }

    def _then(self, row: _Row) -> Iterator[Json]:
        """What would be wrong with the row once it is so, and is not now."""
        before = {problem.message for problem in self._checker.row(row.was).problems} if row.was else set()
        for problem in self._checker.row(row.now).problems:
            if problem.message not in before and problem.column:
                value = row.now.get(problem.column, "")
                yield {"column": problem.column, "value": value[:200], "message": problem.message}


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

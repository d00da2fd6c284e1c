"""What a model or a chat app wrote, made into rows: repaired, checked, none like another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.drafting.brief import Brief
from assistant.drafting.deal import Deal
from assistant.drafting.near import Near
from assistant.drafting.wishes import PROMPT
from jobs import ids
from schema.check import Checker
from schema.columns import Columns, load
from schema.problems import Problem
from schema.repair import Repair, repair_cell
from schema.values import blank

COLLIDED = 40
"""Prompts that were too like another and are kept, to be told to the model as what to avoid."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A row that came and is to be kept.

    written   cells as the source wrote them          repairs   what was put right in them, by column
    dealt     cells that code writes from the brief   problems  what is wrong all the same; rows not filled in
    """

    row_id: str
    written: Mapping[str, str]
    dealt: Mapping[str, str]
    repairs: Mapping[str, Repair]
    problems: tuple[Problem, ...]

    @property
    def cells(self) -> dict[str, str]:
        """The cells as they are to stand in the sheet."""
        repaired = {column: repair.after for column, repair in self.repairs.items()}
        return {**self.written, **repaired, **self.dealt}


class Sieve:
    """Takes the rows of one draft. `prompts` are those that its sheet has, `dealt` how many rows came."""

    def __init__(
        self, brief: Brief, prompts: Iterable[str] = (), dealt: int = 0, columns: Columns | None = None
    ) -> None:
        self._columns = columns or load()
        self._checker = Checker(self._columns, self._columns.names)
        self._deal = Deal(brief, self._columns, dealt)
        self._near = Near()
        self._open = [
            column
            for column in self._columns.all
            if column.name == PROMPT or brief.wish(column.name, self._columns).kind in ("model", "open")
        ]
        self._collided: list[str] = []
        for prompt in prompts:
            self._near.add(prompt)

    @property
    def repeated(self) -> int:
        """How many prompts were too like an earlier one."""
        return len(self._collided)

    @property
    def collided(self) -> Sequence[str]:
        """The last prompts that were too like an earlier one."""
        return self._collided[-COLLIDED:]

    def take(self, cells: Mapping[str, str], *, written: bool = False) -> Arrival | None:
        """A row for the sheet; None where it has no prompt, or one too like an earlier one (see `collided`).

        With `written` it may be like others. Cells of columns that the brief decides are not the source's to
        write: code writes them.
        """
        given = {column.name: text for column in self._open if not blank(text := cells.get(column.name, ""))}
        prompt = given.get(PROMPT, "")
        if not prompt:
            return None
        if not written and self._near.like(prompt) is not None:
            self._collided.append(prompt)
            return None
        self._near.add(prompt)
        found = ((column.name, repair_cell(column, given.get(column.name, ""))) for column in self._open)
        repairs = {name: repair for name, repair in found if repair}
        arrival = Arrival(ids.new(), given, self._deal.cells(), repairs, ())
        problems = self._checker.row(arrival.cells).problems
        return Arrival(arrival.row_id, given, arrival.dealt, repairs, problems)

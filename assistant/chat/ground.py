"""A sheet as a request meets it: numbered rows, locks, what is selected and shown, its brief and its plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

from assistant.drafting.brief import Brief
from assistant.drafting.deal import Pool
from assistant.drafting.plan import Plan
from jobs import recall, sheet
from jobs.services import Services
from jobs.store import drafts
from schema.columns import Columns, load

PROMPT = "prompt"


@dataclass(frozen=True, slots=True)
class Line:
    """A row as a request meets it: its id for life, its number on screen, its cells, its strand if any."""

    id: str
    number: int
    cells: Mapping[str, str]
    strand: str | None = None


@dataclass(frozen=True)
class Ground:
    """A sheet as a request meets it.

    lines     its rows in order, numbered as the person saw them
    locked    by row id the columns whose cells a person wrote
    headings  names of the columns that the sheet has
    max_rows  rows that it may have, header included
    selected  ids of the rows that the person has selected; shown: of those that the filter leaves
    brief     that it was drafted from, None for an uploaded sheet
    plan      the strands of that draft, if there are some
    """

    lines: Sequence[Line]
    locked: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    headings: Sequence[str] = ()
    max_rows: int = 500
    columns: Columns = field(default_factory=load)
    selected: Sequence[str] = ()
    shown: Sequence[str] = ()
    brief: Brief | None = None
    plan: Plan | None = None

    @cached_property
    def by_id(self) -> Mapping[str, Line]:
        return {line.id: line for line in self.lines}

    @cached_property
    def by_number(self) -> Mapping[int, Line]:
        return {line.number: line for line in self.lines}

    def pool(self, rows: int) -> Pool:
        """The cells that the brief fixes or spreads, for so many rows more, as the draft dealt them."""
        there = [line.cells for line in self.lines]
        return Pool(self.brief or Brief(""), len(there) + rows, there)


def look(
    services: Services,
    owner: str,
    sheet_id: str,
    at: float | None = None,
    seen: Mapping[str, Sequence[str]] | None = None,
) -> Ground:
    """A sheet as a request meets it; with `at` its rows have their numbers of then. Raises NotFound.

    `seen` holds the ids of the rows that are `selected` and `shown` on the page; all are shown without.
    """
    view = sheet.look(services, owner, sheet_id)
    with services.database.read() as connection:
        locked = recall.locks(connection, owner, sheet_id)
        order = recall.order_at(connection, owner, sheet_id, at) if at is not None else []
        draft = drafts.of_sheet(connection, owner, sheet_id)
    lines = _numbered(view, order)
    seen = seen or {}
    return Ground(
        lines=lines,
        locked=locked,
        headings=tuple(heading.key for heading in view.sheet.headings),
        max_rows=services.settings.max_rows,
        selected=tuple(seen.get("selected", ())),
        shown=tuple(seen.get("shown", ())) or tuple(line.id for line in lines),
        brief=Brief.from_json(draft.brief) if draft and draft.brief else None,
        plan=Plan.from_json(draft.plan) if draft and draft.plan else None,
    )


def _numbered(view: sheet.View, order: Sequence[str]) -> list[Line]:
    """The rows with the numbers that they had; those that came since have the numbers after the last."""
    then = {row_id: number for number, row_id in enumerate(order, sheet.FIRST_NUMBER)}
    following = sheet.FIRST_NUMBER + len(then)
    lines: list[Line] = []
    for row in view.rows:
        number = then.get(row.id) if order else row.number
        if number is None:
            number, following = following, following + 1
        lines.append(Line(row.id, number, row.cells, row.strand))
    return lines

"""A sheet's page: what needs a word, what was repaired, its rows; and the sheet as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import Response, render_template, request

from assistant.downloads import sheet_file, wanted_format
from assistant.here import owner, services
from assistant.web.sheet import groups
from assistant.web.sheet.groups import Group, Marks
from assistant.web.sheet.room import pages
from jobs.progress import overview
from jobs.sheet import View, ViewRow, as_file, look
from jobs.store.sheets import Heading
from schema import columns
from schema.columns import Column

STEP = 100
"""Rows that are shown at once."""

BATCHES = 20
"""Batches of a sheet that its page lists."""


@dataclass(frozen=True)
class Page:
    """What the sheet's page shows: the groups of problems, and the rows `start` to `end` of the table."""

    view: View
    start: int
    end: int

    @cached_property
    def errors(self) -> list[Group]:
        return groups.grouped(self.view, "error")

    @cached_property
    def warnings(self) -> list[Group]:
        return groups.grouped(self.view, "warning")

    @property
    def rows(self) -> Sequence[ViewRow]:
        return self.view.rows[self.start : self.end]

    @property
    def more(self) -> int:
        """How many rows come with the next step."""
        return min(STEP, len(self.view.rows) - self.end)

    @cached_property
    def marks(self) -> Marks:
        shown = [*self.errors[: groups.MOST], *self.warnings[: groups.MOST]]
        return groups.marks(self.view, shown, self.rows)

    @property
    def spare(self) -> list[tuple[Heading, str]]:
        """The headers that are not used, each with its first cell: one may be what a missing column holds."""
        return [
            (heading, next(filter(None, (row.cells.get(heading.key) for row in self.view.rows)), ""))
            for heading in self.view.sheet.headings
            if heading.column is None
        ]

    @property
    def columns(self) -> list[Column]:
        """The columns that the sheet has, or that some row has a cell for."""
        filled = {name for row in self.view.rows for name in row.cells}
        have = filled | set(self.view.sheet.columns)
        return [column for column in columns.load().all if column.name in have]


def shown() -> int:
    """How many rows of the table the page shows now, in whole steps."""
    rows = request.values.get("rows", type=int, default=STEP)
    return max(STEP, -(-rows // STEP) * STEP)


@pages.get("/<sheet_id>")
def page(sheet_id: str) -> str:
    view = look(services(), owner(), sheet_id)
    batches = overview(services(), owner(), limit=BATCHES, sheet_id=sheet_id)
    return render_template("sheet/page.html", page=Page(view, 0, shown()), batches=batches, most=groups.MOST)


@pages.get("/<sheet_id>/rows")
def rows(sheet_id: str) -> str:
    """The next rows of the table, from the place ?start= on."""
    start = max(0, request.args.get("start", type=int, default=0))
    view = look(services(), owner(), sheet_id)
    return render_template("sheet/_rows.html", page=Page(view, start, start + STEP))


@pages.get("/<sheet_id>/file")
def file(sheet_id: str) -> Response:
    """The sheet as it is now, as ?format=xlsx or csv."""
    format = wanted_format()  # noqa: A001 (as in the address)
    view = look(services(), owner(), sheet_id)
    return sheet_file(as_file(view, format), view.sheet.name, format)

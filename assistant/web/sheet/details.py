"""Before a start: the first row, what the sheet takes on a back end, and the form that orders it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template, request

from assistant.here import owner, services
from assistant.web.sheet.room import pages
from assistant.words import count
from jobs import ids
from jobs.backends import registry
from jobs.backends.port import Traits
from jobs.batch import Item
from jobs.quote import Quote, quote
from jobs.settings import Settings
from jobs.sheet import View, ViewRow, look
from schema import columns
from schema.columns import Column
from schema.wording import listed

TRIAL = 5
"""Rows of a trial, where the person has not said."""


@dataclass(frozen=True)
class Choice:
    """A back end that may be chosen; `reason` says in a sentence why it cannot be."""

    traits: Traits
    reason: str | None


@dataclass(frozen=True)
class FirstRow:
    """The row that is looked at before a start: its values, and its images' pixels on the chosen back end."""

    row: ViewRow
    width: int
    height: int
    images: int
    ratio: str

    @property
    def lines(self) -> Iterator[tuple[Column, str, bool]]:
        """The columns that the print does not show: each with its value, and whether that is the default."""
        for column in columns.load().all:
            if column.name not in ("prompt", "aspect_ratio", "num_images"):
                value = self.row.values.get(column.name)
                yield column, column.empty if value is None else str(value), value is None


@pages.get("/<sheet_id>/details")
def details(sheet_id: str) -> str:
    """The page is a function of its address: ?backend=, ?k= rows of a trial, ?budget=, ?reuse=."""
    here, person = services(), owner()
    view = look(here, person, sheet_id)
    if not view.ready:
        return render_template("sheet/not_ready.html", view=view)
    choices = [
        Choice(registry.traits(name, here.settings), registry.configured(name, here.settings))
        for name in registry.names()
    ]
    offer = quote(
        here, person, sheet_id, _chosen(choices, here.settings), reuse=bool(request.args.get("reuse"))
    )
    trial = _trial(offer)
    return render_template(
        "sheet/details.html",
        view=view,
        offer=offer,
        choices=choices,
        first=_first(view, offer.traits.name, here.settings),
        made_of=_made_of(offer),
        trial=trial,
        trial_price=sum(item.price for item in trial),
        budget=request.args.get("budget"),
        key=ids.new(24),
    )


def _chosen(choices: list[Choice], settings: Settings) -> str:
    """The back end asked for, else that of the settings, else the first that can run."""
    usable = [choice.traits.name for choice in choices if choice.reason is None]
    wishes = (request.args.get("backend"), settings.backend)
    return next((wish for wish in wishes if wish in usable), usable[0])


def _trial(offer: Quote) -> list[Item]:
    """The rows of the trial asked for; none where the sheet has only one row."""
    most = len(offer.to_make) - 1
    rows = request.args.get("k", type=int, default=TRIAL)
    return list(offer.trial(min(max(1, rows), most))) if most > 0 else []


def _first(view: View, backend: str, settings: Settings) -> FirstRow:
    row = view.rows[0]
    values = columns.load().with_defaults(row.values)
    width, height = registry.connect(backend, settings).size(values, columns.load().size(values))
    return FirstRow(row, width, height, int(values["num_images"]), str(values["aspect_ratio"]))


def _made_of(offer: Quote) -> str:
    """Where the number of images comes from: 119 rows of 4, row 13 of 2."""
    parts = []
    for images, rows in offer.image_counts:
        alone = next(item.number for item in offer.items if item.images == images)
        parts.append(f"row {alone} of {images}" if rows == 1 else f"{count(rows, 'row')} of {images}")
    return listed(parts)

"""A batch's rows with their images, a page at a time: as they come, or those in a state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.batch import IN_HAND, SETTLED
from jobs.services import Services
from jobs.store import attempts, images
from jobs.store import batches as store
from jobs.store.attempts import Past
from jobs.store.batches import BatchRow
from jobs.store.database import Connection
from jobs.store.images import Image, Wanted
from schema import columns

PAGE = 24
"""Rows shown at once."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of a batch and its images, in their order; width and height in pixels of those still to come.

    `past` are the attempts at it that this one followed.
    """

    row: BatchRow
    images: Sequence[Image]
    size: tuple[int, int]
    past: Sequence[Past] = ()

    @property
    def places(self) -> int:
        """How many images are there, still to come, or withheld: a place for each."""
        through = self.row.state in SETTLED
        return len(self.images) + self.row.withheld if through else self.row.images

    @property
    def newest(self) -> int:
        """The seq of the image that came last, 0 without images."""
        return max((image.seq for image in self.images), default=0)

    @property
    def oldest(self) -> int:
        return min((image.seq for image in self.images), default=0)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows to show. `more` says that others follow; `whole` that they replace those shown before."""

    rows: Sequence[Shown]
    more: bool
    whole: bool = True


def newest(services: Services, owner: str, batch_id: str, *, before: int | None = None) -> Page:
    """The rows whose images came last, newest first: those older than `before`, a seq, if it is given."""
    with services.database.read() as connection:
        found = _by_arrival(connection, owner, batch_id, before=before)
        rows = found[:PAGE]
        return Page(_with_images(connection, owner, batch_id, rows), len(found) > PAGE)


def since(services: Services, owner: str, batch_id: str, after: int) -> Page:
    """The rows whose images came after the one with this seq; a whole first page where those are too many."""
    with services.database.read() as connection:
        found = _by_arrival(connection, owner, batch_id, after=after)
        whole = len(found) > PAGE
        rows = found[:PAGE]
        return Page(_with_images(connection, owner, batch_id, rows), whole, whole)


def in_hand(services: Services, owner: str, batch_id: str, limit: int) -> list[Shown]:
    """The first rows that are being made now."""
    with services.database.read() as connection:
        rows = store.rows(connection, owner, batch_id, states=IN_HAND, limit=limit)
        return with_past(connection, owner, batch_id, rows)


def in_state(services: Services, owner: str, batch_id: str, state: str, *, after: int = 0) -> Page:
    """The rows in a state, in the sheet's order, from above row number `after`."""
    with services.database.read() as connection:
        rows = store.rows(connection, owner, batch_id, states=[state], after=after, limit=PAGE + 1)
        ids = [row.row_id for row in rows[:PAGE]]
        made = images.of_rows(connection, owner, batch_id, ids) if ids else []
        shown = with_past(connection, owner, batch_id, rows[:PAGE], made)
    return Page(shown, len(rows) > PAGE)


def with_past(
    connection: Connection,
    owner: str,
    batch_id: str,
    rows: Sequence[BatchRow],
    made: Sequence[Image] = (),
) -> list[Shown]:
    """Rows with those of these images that are theirs, and with the attempts that went before."""
    past = attempts.of_rows(connection, owner, batch_id, [row.row_id for row in rows]) if rows else {}
    by_row: dict[str, list[Image]] = {}
    for image in made:
        by_row.setdefault(image.row_id, []).append(image)
    return [Shown(row, by_row.get(row.row_id, []), _size(row), past.get(row.row_id, ())) for row in rows]


def _by_arrival(
    connection: Connection, owner: str, batch_id: str, *, before: int | None = None, after: int | None = None
) -> list[str]:
    """The ids of rows, newest image first; one more than a page where there are more."""
    most = (PAGE + 1) * (columns.load()["num_images"].maximum or 1)
    found = images.page(connection, owner, Wanted(batch_id=batch_id), before=before, after=after, limit=most)
    return list(dict.fromkeys(image.row_id for image in found))[: PAGE + 1]


def _with_images(connection: Connection, owner: str, batch_id: str, row_ids: Sequence[str]) -> list[Shown]:
    if not row_ids:
        return []
    rows = store.rows(connection, owner, batch_id, ids=row_ids)
    made = images.of_rows(connection, owner, batch_id, row_ids)
    shown = with_past(connection, owner, batch_id, rows, made)
    return sorted(shown, key=lambda one: row_ids.index(one.row.row_id))


def _size(row: BatchRow) -> tuple[int, int]:
    return columns.load().size(row.values)

"""How far a batch has come, in figures: counts, images, credits, time left as a range."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from jobs import credits
from jobs.backends import registry
from jobs.backends.port import Traits
from jobs.batch import IN_HAND, MADE, OPEN, SETTLED, TROUBLED, WORKING, RowState
from jobs.services import Services
from jobs.store import batches as store
from jobs.store import images, summaries
from jobs.store.batches import Batch, Share, Tally
from jobs.store.database import Connection
from jobs.store.images import Image

RECENT = 40
"""Finished rows from which the pace is measured: enough to be steady, few enough to follow a change."""

FIRSTS = 2
"""Images that a list shows beside a batch's name."""


_TO_COME = (RowState.PENDING, *IN_HAND)


@dataclass(frozen=True)
class Dollars:
    """A batch's money in US dollars, as its maker charges it: quoted at the start, spent, projected."""

    quoted: float
    spent: float
    projected: float


@dataclass(frozen=True)
class Progress:
    """A batch and where it stands. Credits in thousandths; `left` seconds, low and high, None while unknown.

    `settled` rows are through, whatever became of them; `waiting` rows are those that need a person: failed,
    refused, unknown. `prices` is what the rows of each state cost, or would; `to_go` those not yet begun,
    `trial` those of them that belong to a trial. `room` is what the cap leaves for them, None without one.
    `dollars` are None where no price in dollars is listed, and in lists, which do not show them.
    """

    batch: Batch
    traits: Traits
    rows: Mapping[str, int]
    made: int
    withheld: int
    spent: int
    reserved: int
    left: tuple[float, float] | None
    prices: Mapping[str, int]
    trial: Share
    dollars: Dollars | None = None
    first_images: Sequence[Image] = ()

    @property
    def settled(self) -> int:
        return sum(self.rows.get(state, 0) for state in SETTLED)

    @property
    def done(self) -> int:
        return sum(self.rows.get(state, 0) for state in MADE)

    @property
    def waiting(self) -> int:
        return sum(self.rows.get(state, 0) for state in TROUBLED)

    @property
    def in_hand(self) -> int:
        return sum(self.rows.get(state, 0) for state in IN_HAND)

    @property
    def to_go(self) -> int:
        return self.prices.get(RowState.PENDING, 0)

    @property
    def projected(self) -> int:
        """What it will have cost if every row that is on its way, or waits, costs what was quoted."""
        return self.spent + sum(self.prices.get(state, 0) for state in _TO_COME)

    @property
    def next(self) -> Share:
        """What is run before anybody is asked again: what is left of a trial, else all that was not begun."""
        if self.batch.trial and self.trial.rows:
            return self.trial
        return Share(self.rows.get(RowState.PENDING, 0), self.to_go)

    @property
    def room(self) -> int | None:
        if self.batch.budget is None:
            return None
        # As the ledger counts it: an unknown row may have been billed.
        held = sum(self.prices.get(state, 0) for state in (*IN_HAND, RowState.UNKNOWN))
        return max(0, self.batch.budget - self.spent - held)

    @property
    def capped(self) -> bool:
        """Whether the cap lies below what the rows to go will cost."""
        return self.room is not None and self.to_go > self.room

    @property
    def working(self) -> bool:
        return self.batch.state in WORKING

    @property
    def live(self) -> bool:
        """Whether something will still change by itself."""
        return self.batch.state in OPEN or self.in_hand > 0


def progress(services: Services, owner: str, batch_id: str) -> Progress:
    """Raises NotFound."""
    with services.database.read() as connection:
        batch = store.get(connection, owner, batch_id)
        tally = store.tallies(connection, owner, [batch_id])[batch_id]
        ends = _ends(connection, owner, [batch])
        reserved = credits.held(connection, owner, batch_id)
        money = _dollars(connection, owner, batch_id)
    return replace(_progress(services, batch, tally, reserved, ends.get(batch_id, ())), dollars=money)


def overview(
    services: Services,
    owner: str,
    *,
    limit: int,
    before: float | None = None,
    after: float | None = None,
    sheet_id: str | None = None,
    ids: Sequence[str] | None = None,
) -> list[Progress]:
    """The newest batches, each with its counts and its first images.

    Those begun before and after a time, of one sheet, and with these ids, where that is given.
    """
    with services.database.read() as connection:
        listed = store.listing(
            connection, owner, limit=limit, before=before, after=after, sheet_id=sheet_id, ids=ids
        )
        tallies = store.tallies(connection, owner, [batch.id for batch in listed])
        ends = _ends(connection, owner, listed)
        firsts = images.firsts(connection, owner, [batch.id for batch in listed], FIRSTS)
    return [
        replace(
            _progress(services, batch, tallies[batch.id], 0, ends.get(batch.id, ())),
            first_images=firsts[batch.id],
        )
        for batch in listed
    ]


def _dollars(connection: Connection, owner: str, batch_id: str) -> Dollars | None:
    """None where some row has no price in dollars."""
    found = summaries.micros(connection, owner, batch_id)
    if found is None:
        return None
    prices, spent = found
    to_come = sum(prices.get(state, 0) for state in _TO_COME)
    quoted = sum(price for state, price in prices.items() if state != RowState.REUSED)
    return Dollars(*(micros / 1e6 for micros in (quoted, spent, spent + to_come)))


def _ends(connection: Connection, owner: str, listed: Sequence[Batch]) -> dict[str, list[float]]:
    """When rows ended since each batch runs: what it waited for before says nothing about its pace."""
    return store.ends(connection, owner, [batch.id for batch in listed if batch.state in OPEN], RECENT)


def _progress(
    services: Services, batch: Batch, tally: Tally, reserved: int, ends: Sequence[float]
) -> Progress:
    found = Progress(
        batch,
        registry.traits(batch.backend, services.settings),
        tally.rows,
        tally.made,
        tally.withheld,
        tally.spent,
        reserved,
        None,
        tally.prices,
        tally.trial,
    )
    if not found.working:
        return found
    return replace(found, left=time_left(ends, found.next.rows + found.in_hand, services.clock()))


def time_left(ends: Sequence[float], to_go: int, now: float) -> tuple[float, float] | None:
    """Seconds for `to_go` rows, low and high, from when the latest rows ended; None with fewer than three.

    The pace is the number of rows over the time they took to come in; the range is two standard errors of the
    gaps between them, and never narrower than a tenth either way. Waiting in the queue does not count: before
    the first row ended nothing is said.
    """
    ends = sorted(ends)
    if len(ends) < 3 or not to_go:
        return None
    gaps = [later - earlier for earlier, later in pairwise(ends)]
    mean = sum(gaps) / len(gaps)
    spread = math.sqrt(sum((gap - mean) ** 2 for gap in gaps) / len(gaps))
    error = max(0.1 * mean, 2 * spread / math.sqrt(len(gaps)))
    since = max(0.0, now - ends[-1])
    return max(0.0, to_go * (mean - error) - since), to_go * (mean + error)

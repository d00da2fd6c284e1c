"""Start, stop, resume and retry of batches."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from jobs import ids, reuse
from jobs.amounts import spoken
from jobs.batch import IN_HAND, OPEN, BatchState, RowState
from jobs.closing import close_if_over, top_up
from jobs.credits import settle
from jobs.errors import Conflict, Invalid
from jobs.hints import hint
from jobs.quote import Quote, quote
from jobs.services import Services
from jobs.store import batches as store
from jobs.store import moves
from jobs.store.batches import Batch, batches
from jobs.store.database import Connection


@dataclass(frozen=True)
class Order:
    """What a person asks to be run.

    `budget` in thousandths, None for no cap; `trial` rows run first, None for all at once. `key` makes a
    repeated order give the batch that the first one made. With `reuse` rows that were finished before as they
    are now are taken over, and the others run.
    """

    sheet_id: str
    backend: str
    budget: int | None = None
    trial: int | None = None
    key: str | None = None
    reuse: bool = False


def start(services: Services, owner: str, order: Order) -> str:
    """Make a batch of a sheet as it is now, and see that it runs; returns its id.

    Raises NotFound, Conflict (the sheet is not ready), Invalid (budget, trial, back end), NotConfigured,
    OutOfCredits. The same `key` twice starts nothing new, whatever became of the sheet meanwhile; for another
    sheet it is a Conflict.
    """
    with services.database.read() as connection:
        if known := _ordered(connection, owner, order):
            return known
    offer = quote(services, owner, order.sheet_id, order.backend, reuse=order.reuse)
    _check(order, offer)
    with services.database.write() as connection:
        if known := _ordered(connection, owner, order):
            return known
        batch = _write(connection, services, owner, order, offer)
    hint(services)
    return batch.id


def stop(services: Services, owner: str, batch_id: str) -> Batch:
    """Start no further row; those in hand are finished and kept. Harmless where nothing runs."""
    now = services.clock()
    with services.database.write() as connection:
        moved = moves.move(connection, owner, batch_id, (*OPEN, BatchState.PAUSED), BatchState.STOPPING)
        if moved:
            store.tell(connection, owner, batch_id, now, "Stopped by you. Rows on their way are finished.")
            close_if_over(connection, batch_id, now)
        return store.get(connection, owner, batch_id)


def resume(services: Services, owner: str, batch_id: str) -> Batch:
    """Go on with the rows that were not run; after a trial this runs the others.

    Raises Conflict where nothing is left to run, OutOfCredits.
    """
    now = services.clock()
    with services.database.write() as connection:
        batch = store.get(connection, owner, batch_id)
        if batch.state in (BatchState.QUEUED, BatchState.RUNNING):
            return batch
        rows = store.tallies(connection, owner, [batch_id])[batch_id].rows
        waiting = sum(rows.get(state, 0) for state in (RowState.PENDING, *IN_HAND))
        if not waiting:
            raise Conflict("No row of this batch waits to be run.")
        batch = _open_trial(connection, batch)
        top_up(connection, batch, now, services.settings.credits)
        moves.move(connection, owner, batch_id, (batch.state,), BatchState.QUEUED)
        store.tell(connection, owner, batch_id, now, f"Resumed by you: {waiting:,} rows to go.")
        batch = store.get(connection, owner, batch_id)
    hint(services)
    return batch


def cap(services: Services, owner: str, batch_id: str, budget: int | None) -> None:
    """Set what a batch may spend in all, in thousandths; None for no cap.

    Raises Invalid where that is below what is spent, or may have been.
    """
    now = services.clock()
    with services.database.write() as connection:
        batch = store.get(connection, owner, batch_id)
        if batch.budget == budget:
            return
        tally = store.tallies(connection, owner, [batch_id])[batch_id]
        spent = tally.spent + sum(tally.prices.get(state, 0) for state in (*IN_HAND, RowState.UNKNOWN))
        if budget is not None and budget < spent:
            raise Invalid(f"{spoken(spent)} credits are spent or on their way; a cap cannot be below that.")
        connection.execute(batches.update().where(batches.c.id == batch_id).values(budget=budget))
        said = "No cap any more" if budget is None else f"Cap set to {spoken(budget)} credits"
        store.tell(connection, owner, batch_id, now, f"{said}, by you.")


def retry(
    services: Services, owner: str, batch_id: str, *, unknown: bool = False, only: RowState | None = None
) -> Batch:
    """Run the failed and refused rows again, the unknown ones too where a person says so (it may cost twice).

    `only` takes those of one state alone. Harmless where rows are on their way already. An unknown row may
    have been billed: what was held for it counts as spent. Raises Conflict where there is none, OutOfCredits.
    """
    states = [only] if only else [RowState.FAILED, RowState.REFUSED] + [RowState.UNKNOWN] * unknown
    with services.database.write() as connection:
        batch = store.get(connection, owner, batch_id)
        again = store.rows(connection, owner, batch_id, states=states)
        if not again:
            if batch.state in OPEN:  # a second click
                return batch
            raise Conflict(f"No row of this batch {'is ' + only if only else 'failed or was refused'}.")
        for row in again:
            if row.state == RowState.UNKNOWN and row.ticket is None:
                settle(connection, owner, batch_id, row.row_id, row.price, services.clock())
        moves.set_pending(connection, batch_id, states)
        batch = run_again(connection, services, batch, f"{len(again):,} rows are tried again.")
    hint(services)
    return batch


def run_again(connection: Connection, services: Services, batch: Batch, said: str) -> Batch:
    """Let a batch go on with rows that were made to wait again. Raises OutOfCredits."""
    now = services.clock()
    top_up(connection, batch, now, services.settings.credits)
    if batch.state not in OPEN:
        moves.move(connection, batch.owner, batch.id, (batch.state,), BatchState.QUEUED)
    store.tell(connection, batch.owner, batch.id, now, said)
    return store.get(connection, batch.owner, batch.id)


def _ordered(connection: Connection, owner: str, order: Order) -> str | None:
    """The batch that this order made before. Raises Conflict where its key was another sheet's."""
    known = store.by_key(connection, owner, order.key) if order.key else None
    if known and store.get(connection, owner, known).sheet_id != order.sheet_id:
        raise Conflict("This key was used to start another sheet. Take a new key for a new order.")
    return known


def _check(order: Order, offer: Quote) -> None:
    if offer.errors:
        problems = f"{offer.errors:,} problem{'s' * (offer.errors != 1)}"
        raise Conflict(f"The sheet is not ready: {problems} to mend first.")
    if not offer.items:
        raise Conflict("The sheet has no rows to run.")
    if order.budget is not None and order.budget < 0:
        raise Invalid("A cap cannot be below 0. Leave it empty for none.")
    if order.trial is not None and not 1 <= order.trial <= max(1, len(offer.to_make)):
        raise Invalid(f"A trial takes 1 to {len(offer.to_make):,} rows of this sheet.")


def _write(connection: Connection, services: Services, owner: str, order: Order, offer: Quote) -> Batch:
    now = services.clock()
    items, taken = offer.items, offer.finished if offer.taken else {}
    trial = order.trial is not None and order.trial < len(offer.to_make)
    chosen = {item.row_id for item in offer.trial(order.trial or 0)} if trial else set()
    batch = Batch(
        id=ids.new(),
        owner=owner,
        sheet_id=order.sheet_id,
        name=offer.sheet.name,
        backend=order.backend,
        state=BatchState.QUEUED,
        reason=None,
        rows=len(items),
        images=sum(item.images for item in items),
        quoted=offer.required,
        budget=order.budget,
        trial=trial,
        created_at=now,
        started_at=None,
        running_since=None,
        ended_at=None,
    )
    store.add(connection, batch, items, chosen, order.key)
    reuse.take_over(connection, batch, items, taken, now)
    top_up(connection, batch, now, services.settings.credits)
    of = f"a trial of {order.trial:,} of {batch.rows:,} rows" if trial else f"{len(offer.to_make):,} rows"
    more = f", {len(taken):,} taken over from before" if taken else ""
    store.tell(connection, owner, batch.id, now, f"Started by you: {of}{more}.")
    close_if_over(connection, batch.id, now)
    return batch


def _open_trial(connection: Connection, batch: Batch) -> Batch:
    """Once the trial's rows are through, resuming means the rest."""
    if not batch.trial or moves.trial_waits(connection, batch.id):
        return batch
    moves.end_trial(connection, batch.id)
    return dataclasses.replace(batch, trial=False)

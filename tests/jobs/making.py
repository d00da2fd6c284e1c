"""Batches made directly, without a sheet: what the tests of ledger and runner begin with."""

from __future__ import annotations

from collections.abc import Sequence

from jobs import ids
from jobs.batch import BatchState, Item
from jobs.closing import top_up
from jobs.services import LOCAL, Services
from jobs.store import batches as store
from jobs.store.batches import Batch


def item(number: int, prompt: str = "", images: int = 1, price: int = 0, **values: str | int) -> Item:
    cells = {"prompt": prompt or f"prompt {number}", "visibility": "private", "num_images": images, **values}
    return Item(ids.new(), number, number, cells, images, price)


def items(count: int, images: int = 1, price: int = 0) -> list[Item]:
    return [item(number, images=images, price=price) for number in range(2, count + 2)]


def batch(
    services: Services,
    rows: Sequence[Item],
    backend: str = "proof",
    *,
    owner: str = LOCAL,
    budget: int | None = None,
    trial: set[str] | None = None,
) -> str:
    """A queued batch of these rows with its credits reserved; returns its id."""
    made = Batch(
        id=ids.new(),
        owner=owner,
        sheet_id=None,
        name="A batch",
        backend=backend,
        state=BatchState.QUEUED,
        reason=None,
        rows=len(rows),
        images=sum(row.images for row in rows),
        quoted=sum(row.price for row in rows),
        budget=budget,
        trial=bool(trial),
        created_at=services.clock(),
        started_at=None,
        running_since=None,
        ended_at=None,
    )
    with services.database.write() as connection:
        store.add(connection, made, rows, trial or set(), None)
        top_up(connection, made, services.clock(), services.settings.credits)
    return made.id


def states(services: Services, batch_id: str, owner: str = LOCAL) -> dict[str, int]:
    """How many rows are in which state."""
    with services.database.read() as connection:
        return dict(store.tallies(connection, owner, [batch_id])[batch_id].rows)


def state(services: Services, batch_id: str, owner: str = LOCAL) -> tuple[str, str | None]:
    """The batch's state and its reason."""
    with services.database.read() as connection:
        found = store.get(connection, owner, batch_id)
        return found.state, found.reason

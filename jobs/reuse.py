"""What was made before and need not be made again: on offer at a new start, never taken silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from jobs import ids
from jobs.batch import Item
from jobs.services import Services
from jobs.store import finished as store
from jobs.store.batches import Batch
from jobs.store.database import Connection
from jobs.store.finished import Finished
from schema import columns


def finished(
    connection: Connection, services: Services, owner: str, backend: str, items: Sequence[Item]
) -> dict[str, Finished]:
    """By row id the latest time that a row with the same id and the same effective values was done.

    On the same back end, with every image still there.
    """
    known = store.of_rows(connection, owner, backend, [item.row_id for item in items])
    if not known:
        return {}
    effective = columns.load().with_defaults
    wanted = {item.row_id: effective(item.values) for item in items if item.row_id in known}
    found: dict[str, Finished] = {}
    for row_id, times in known.items():
        for one in times:
            if effective(one.values) == wanted[row_id] and _kept(services, one):
                found[row_id] = one
                break
    return found


def take_over(
    connection: Connection, batch: Batch, items: Sequence[Item], taken: Mapping[str, Finished], now: float
) -> None:
    """Give these rows of a batch that was just written their finished images; they cost nothing."""
    numbers = {item.row_id: item.number for item in items}
    copies = [
        replace(
            image,
            id=ids.new(),
            batch_id=batch.id,
            number=numbers[one.row_id],
            starred=False,
            source=image.source or image.id,
        )
        for one in taken.values()
        for image in one.images
    ]
    store.take_over(connection, batch.id, taken.values(), copies, now)


def _kept(services: Services, one: Finished) -> bool:
    return all(services.files.path(image.key).exists() for image in one.images)

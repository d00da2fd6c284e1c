"""Rows of earlier batches that are done, with their images: what a new batch may take over."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs.batch import MADE, RowState
from jobs.store import images
from jobs.store.batches import batch_rows, batches
from jobs.store.images import Image

AT_ONCE = 1_000
"""Rows that one query asks after: a database takes only so many values."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A row as it was finished: the batch's id and name, the values, what was made and said of it."""

    row_id: str
    batch_id: str
    name: str
    values: Mapping[str, Any]
    withheld: int
    reason: str | None
    images: Sequence[Image]


def of_rows(
    connection: Connection, owner: str, backend: str, row_ids: Sequence[str]
) -> dict[str, list[Finished]]:
    """Where rows with these ids were finished on a back end, latest first; only with all their images."""
    found: dict[str, list[Finished]] = {}
    for start in range(0, len(row_ids), AT_ONCE):
        part = row_ids[start : start + AT_ONCE]
        done = connection.execute(
            sa.select(batch_rows, batches.c.name)
            .join(batches, batches.c.id == batch_rows.c.batch_id)
            .where(batch_rows.c.owner == owner, batch_rows.c.row_id.in_(part), batches.c.backend == backend)
            .where(batch_rows.c.state.in_(MADE), batch_rows.c.made > 0)
            .order_by(batch_rows.c.ended_at.desc())
        ).all()
        made = images.by_place(connection, owner, {row.batch_id for row in done}, part)
        for row in done:
            theirs = made.get((row.batch_id, row.row_id), [])
            if len(theirs) == row.made:
                found.setdefault(row.row_id, []).append(
                    Finished(row.row_id, row.batch_id, row.name, row.values, row.withheld, row.reason, theirs)
                )
    return found


def take_over(
    connection: Connection, batch_id: str, taken: Collection[Finished], copies: Sequence[Image], now: float
) -> None:
    """Give rows of a fresh batch what was finished before; `copies` are its images, as that batch's."""
    if not taken:
        return
    images.add(connection, copies)
    connection.execute(
        batch_rows.update()
        .where(batch_rows.c.batch_id == batch_id, batch_rows.c.row_id == sa.bindparam("of"))
        .values(
            state=RowState.REUSED,
            made=sa.bindparam("got"),
            withheld=sa.bindparam("kept"),
            reason=sa.bindparam("why"),
            notes=sa.bindparam("said", type_=sa.JSON),
            ended_at=now,
        ),
        [
            {
                "of": one.row_id,
                "got": len(one.images),
                "kept": one.withheld,
                "why": one.reason,
                "said": [f"Taken over from {one.name}, batch {one.batch_id}; nothing was made anew."],
            }
            for one in taken
        ],
    )

"""Figures over everybody, for whoever keeps the machine: counts and sums, never anybody's rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from jobs.batch import BatchState, RowState
from jobs.store.batches import batch_rows, batches


@dataclass(frozen=True, slots=True)
class Totals:
    """Batches and rows by state, every state among them; images made; thousandths of a credit spent."""

    batches: Mapping[str, int]
    rows: Mapping[str, int]
    images: int
    spent: int


def totals(connection: Connection) -> Totals:
    """Of all owners, since the beginning."""
    by_batch = connection.execute(sa.select(batches.c.state, sa.func.count()).group_by(batches.c.state))
    by_row = connection.execute(
        sa.select(
            batch_rows.c.state,
            sa.func.count(),
            sa.func.sum(batch_rows.c.made),
            sa.func.sum(batch_rows.c.spent),
        ).group_by(batch_rows.c.state)
    ).all()
    return Totals(
        {state.value: 0 for state in BatchState} | {line[0]: line[1] for line in by_batch},
        {state.value: 0 for state in RowState} | {line[0]: line[1] for line in by_row},
        int(sum(line[2] for line in by_row)),
        int(sum(line[3] for line in by_row)),
    )

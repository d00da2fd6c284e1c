"""How a `run` ended: said in words, with each row that was not done and how to go on; and its exit status."""

from __future__ import annotations

from collections.abc import Sequence

import click

from assistant.words import count
from jobs import amounts
from jobs.batch import MADE, RowState
from jobs.bundle import Bundle
from jobs.store.batches import BatchRow

DONE, NOT_DONE = 0, 3

MOST = 20
"""Rows without images that are told one by one; manifest.csv has all."""


def tell(done: Bundle, folder: str, again: str) -> int:
    """Say what became of the rows; `again` is the command that goes on. Returns the exit status."""
    wanted = [row for row in done.rows if row.trial or not done.batch.trial]
    left = [row for row in wanted if row.state not in MADE]
    spent = sum(row.spent for row in done.rows)
    made = (
        f"{len(wanted) - len(left):,} of {count(len(wanted), 'row')} done, {count(len(done.images), 'image')}"
    )
    price = f", {amounts.spoken(spent)} credits" if spent else ""
    click.echo(f"{made} in {folder}{price}.")
    if left:
        _not_done(left, done.batch.reason, again)
        return NOT_DONE
    if done.batch.trial:
        rest = count(len(done.rows) - len(wanted), "row")
        click.echo(f"That was the trial. Look at its images, then run the rest, {rest}: {again}")
    return DONE


def _not_done(left: Sequence[BatchRow], reason: str | None, again: str) -> None:
    ended = [row for row in left if row.reason]
    for row in ended[:MOST]:
        click.echo(f"Row {row.number} {row.state}: {row.reason}")
    if len(ended) > MOST:
        click.echo(f"… and {count(len(ended) - MOST, 'row')} more; manifest.csv says why for each.")
    if waiting := len(left) - len(ended):
        click.echo(f"{count(waiting, 'row')} not run yet." + (f" {reason}" if reason else ""))
    if any(row.state != RowState.UNKNOWN for row in left):
        click.echo(f"Go on with: {again}")
    if any(row.state == RowState.UNKNOWN for row in left):
        click.echo(
            "Rows that are unknown may have been billed; only Retry on the batch’s page runs them again."
        )

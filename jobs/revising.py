"""Rows of a batch that ended badly, edited and tried again in place: the same row, another attempt."""

from __future__ import annotations

from collections.abc import Mapping

from jobs.backends import registry
from jobs.batch import TROUBLED, Item, RowState
from jobs.control import run_again
from jobs.credits import settle
from jobs.errors import Conflict, Invalid
from jobs.hints import hint
from jobs.quote import cost
from jobs.services import Services
from jobs.store import batches as store
from jobs.store import moves, rewordings
from jobs.store.batches import Batch, BatchRow
from jobs.store.database import Connection
from schema import columns
from schema.check import CheckedRow, Checker
from schema.columns import Value
from schema.problems import errors
from schema.wording import listed

RISKY = (
    "This row was sent and not answered, so it may have been billed. Say that it is to be sent once more, "
    "though it may cost twice."
)


def texts(values: Mapping[str, Value]) -> dict[str, str]:
    """A row's values, with the defaults where nothing was set, as the texts that a person edits."""
    return {name: str(value) for name, value in columns.load().with_defaults(values).items()}


def judged(cells: Mapping[str, str]) -> CheckedRow:
    """What these texts amount to, and what is wrong with them, by the schema."""
    return Checker(columns.load()).row(cells)


def revise(
    services: Services,
    owner: str,
    batch_id: str,
    changes: Mapping[str, Mapping[str, str]],
    *,
    unknown: bool = False,
) -> Batch:
    """Write cells of rows that failed or were refused, and try these rows again: {row id: {column: text}}.

    All or none. What a row was is kept as an earlier attempt. A row whose values stay the same is tried again
    as `control.retry` would; another is ordered anew, and what was ordered of it counts as spent. A row
    without an answer is taken only where `unknown` says so. Raises NotFound, Invalid for cells that cannot
    be, Conflict for a row that is on its way or done, OutOfCredits, NotConfigured.
    """
    with services.database.write() as connection:
        batch = store.get(connection, owner, batch_id)
        said = [
            _revise(
                connection, services, batch, store.row(connection, owner, batch_id, row_id), cells, unknown
            )
            for row_id, cells in changes.items()
        ]
        rewordings.drop(connection, owner, batch_id, list(changes))
        batch = run_again(connection, services, batch, " ".join(said))
    hint(services)
    return batch


def _revise(
    connection: Connection,
    services: Services,
    batch: Batch,
    row: BatchRow,
    cells: Mapping[str, str],
    unknown: bool,
) -> str:
    """Make one row wait again with its new cells; returns what was done in a sentence."""
    _may_run_again(row, unknown)
    item = _item(services, batch, row, cells)
    before, after = (columns.load().with_defaults(values) for values in (row.values, item.values))
    changed = [name for name in columns.load().names if after.get(name) != before.get(name)]
    if (row.ticket and changed) or (row.state == RowState.UNKNOWN and not row.ticket):
        settle(connection, batch.owner, batch.id, row.row_id, row.price, services.clock())
    edited = item if changed else None
    moves.set_pending(connection, batch.id, TROUBLED, row_id=row.row_id, edited=edited)
    if item.images != row.images:
        moves.add_images(connection, batch.id, item.images - row.images)
    if not changed:
        return f"Row {row.number} is tried again."
    return f"Row {row.number} is tried again with another {listed(changed)}."


def _may_run_again(row: BatchRow, unknown: bool) -> None:
    if row.state == RowState.UNKNOWN and not unknown:
        raise Conflict(f"Row {row.number}: {RISKY}")
    if row.state not in TROUBLED:
        raise Conflict(f"Row {row.number} is {row.state}; only a row that ended badly can be edited here.")


def _item(services: Services, batch: Batch, row: BatchRow, cells: Mapping[str, str]) -> Item:
    """The row with its new cells. Raises Invalid that says what is wrong in which column."""
    for name in cells:
        if name not in columns.load():
            raise Invalid(f"There is no column “{name}”.")
    checked = judged({**texts(row.values), **cells})
    if wrong := errors(checked.problems):
        told = " ".join(f"{problem.column}: {problem.message}" for problem in wrong)
        raise Invalid(f"Row {row.number}: {told}")
    effective, defaults = checked.effective, columns.load().with_defaults({})
    values = {
        name: value
        for name, value in effective.items()
        if name in row.values or value != defaults.get(name)  # what is a default stays one
    }
    backend = registry.connect(batch.backend, services.settings)
    return Item(row.row_id, row.number, row.file_row, values, *cost(backend, effective))

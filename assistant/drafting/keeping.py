"""Rows that came, written into the draft's sheet through the log of its changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assistant.drafting.plan import Plan
from assistant.drafting.sieve import Arrival
from jobs.intake import MACHINE
from jobs.sheet import DEFAULTED
from jobs.store import drafts, edits, sheets
from jobs.store.database import Connection
from jobs.store.drafts import Draft
from jobs.store.edits import Edit
from jobs.store.sheets import Sheet


def keep(connection: Connection, draft: Draft, arrivals: Sequence[Arrival], now: float) -> None:
    """Add rows below the last: what was written, dealt and repaired, each by its origin."""
    sheet = sheets.get(connection, draft.owner, draft.sheet_id, deleted=True)
    _, last = sheets.extent(connection, draft.owner, draft.sheet_id)
    added = [
        Edit(row.row_id, None, None, edits.new_row(place, row.written, strand=row.strand))
        for place, row in enumerate(arrivals, int(last) + 1)
    ]
    _append(connection, sheet, added, draft.source, now)
    _append(connection, sheet, list(_dealt(arrivals)), "settings", now)
    _append(connection, sheet, list(_repaired(arrivals)), "repair", now)


def keep_held(
    connection: Connection, draft: Draft, arrivals: Sequence[Arrival], counts: Mapping[str, int], now: float
) -> bool:
    """The same for a draft that its worker holds, counted. False: it is no longer to be written."""
    repaired = sum(bool(row.repairs) for row in arrivals)
    if not drafts.count(
        connection, draft.id, str(draft.holder), rows=len(arrivals), repaired=repaired, **counts
    ):
        return False
    if arrivals:
        keep(connection, draft, arrivals, now)
    return True


def mend(
    connection: Connection,
    draft: Draft,
    cells: Mapping[tuple[str, str], tuple[str, str | None]],
    now: float,
) -> int:
    """Put right what the model wrote wrong, (row id, column) → (before, after); returns how many cells.

    What was wrong again has None after, and is emptied: told as a repair. A cell that a person has changed
    or a row that one has deleted meanwhile stays as it is.
    """
    sheet = sheets.get(connection, draft.owner, draft.sheet_id, deleted=True)
    rows = {row.id: row for row in sheets.rows(connection, draft.owner, draft.sheet_id)}
    standing = {
        (row_id, column): change
        for (row_id, column), change in cells.items()
        if row_id in rows and rows[row_id].cells.get(column) == change[0]
    }
    right = [Edit(*place, *change) for place, change in standing.items() if change[1] is not None]
    emptied = [Edit(*place, *change, DEFAULTED) for place, change in standing.items() if change[1] is None]
    _append(connection, sheet, right, draft.source, now)
    _append(connection, sheet, emptied, "repair", now)
    if emptied:
        drafts.count(connection, draft.id, str(draft.holder), repaired=len({one.row_id for one in emptied}))
    return len(standing)


def by_strand(connection: Connection, draft: Draft, plan: Plan, now: float, actor: str = MACHINE) -> None:
    """Put the rows in the order of their strands, those of none first, as one change that can be undone."""
    sheet = sheets.get(connection, draft.owner, draft.sheet_id, deleted=True)
    rows = sheets.rows(connection, draft.owner, draft.sheet_id)
    places = {strand.id: place for place, strand in enumerate(plan.strands, 1)}
    wanted = sorted(rows, key=lambda row: places.get(row.strand or "", 0))
    _append(connection, sheet, edits.reordered(rows, wanted), "move", now, actor)


def mixed(connection: Connection, draft: Draft, now: float, actor: str) -> None:
    """Mix the rows of the strands evenly, as one change that can be undone."""
    sheet = sheets.get(connection, draft.owner, draft.sheet_id, deleted=True)
    rows = sheets.rows(connection, draft.owner, draft.sheet_id)
    sizes: dict[str | None, int] = {}
    ranks: dict[str, tuple[str | None, int]] = {}
    for row in rows:
        ranks[row.id] = row.strand, sizes.get(row.strand, 0)
        sizes[row.strand] = sizes.get(row.strand, 0) + 1

    def part_way(row_id: str) -> float:
        strand, rank = ranks[row_id]
        return (rank + 0.5) / sizes[strand]

    wanted = sorted(rows, key=lambda row: part_way(row.id))
    _append(connection, sheet, edits.reordered(rows, wanted), "move", now, actor)


def _append(
    connection: Connection,
    sheet: Sheet,
    made: Sequence[Edit],
    origin: str,
    now: float,
    actor: str = MACHINE,
) -> None:
    if made:
        edits.append(connection, sheet, made, actor=actor, origin=origin, at=now)


def _dealt(arrivals: Sequence[Arrival]) -> Iterator[Edit]:
    for row in arrivals:
        for column, text in row.dealt.items():
            yield Edit(row.row_id, column, None, text)


def _repaired(arrivals: Sequence[Arrival]) -> Iterator[Edit]:
    for row in arrivals:
        for column, repair in row.repairs.items():
            yield Edit(row.row_id, column, row.written[column], repair.after, repair.code)

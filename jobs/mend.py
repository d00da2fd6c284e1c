"""Changes to a sheet by a person: cells set, fixes taken, rows deleted, repairs made and undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobs import sheet as view
from jobs.errors import Conflict, Invalid
from jobs.services import Services
from jobs.store import edits as log
from jobs.store import sheets as store
from jobs.store.edits import Edit
from jobs.store.sheets import Heading, Sheet, SheetRow
from schema.columns import load
from schema.problems import Fix

Rows = Sequence[SheetRow]
LONGEST_CELL = 32_767
"""Characters: what a workbook's cell can hold, so that every sheet can be downloaded."""


@dataclass(frozen=True, slots=True)
class Change:
    """A cell to be set; an empty value empties it."""

    row_id: str
    column: str
    value: str


def set_cells(
    services: Services, owner: str, sheet_id: str, changes: Sequence[Change], origin: str = "edit"
) -> int:
    """Write cells as one change; returns its group. Raises NotFound, Invalid for an unknown row or column."""

    def edits(sheet: Sheet, rows: Rows) -> Iterable[Edit]:
        known = {row.id: row for row in rows}
        keys = {heading.key for heading in sheet.headings} | set(load().names)
        for change in changes:
            if change.row_id not in known:
                raise Invalid(f"There is no row {change.row_id} in this sheet. It may have been deleted.")
            if change.column not in keys:
                raise Invalid(f"There is no column “{change.column}” in this sheet.")
            if len(change.value) > LONGEST_CELL:
                raise Invalid(f"A cell holds {LONGEST_CELL:,} characters; this has {len(change.value):,}.")
            yield _set(known[change.row_id], change.column, change.value)

    return _change(services, owner, sheet_id, edits, owner, origin)


def take_fix(services: Services, owner: str, sheet_id: str, row_ids: Sequence[str], fix: Fix) -> int:
    """Do what a problem offers, in all rows that have it; returns the change's group.

    Raises NotFound, and Invalid for an unknown row or column.
    """
    if fix.op == "delete-row":
        return delete_rows(services, owner, sheet_id, row_ids)
    column, value = fix.column or "", fix.value or ""
    if fix.op == "set":
        changes = [Change(row_id, column, value) for row_id in row_ids]
        return set_cells(services, owner, sheet_id, changes, "fix")
    if column not in load():
        raise Invalid(f"There is no column “{column}”.")
    return _change(
        services, owner, sheet_id, lambda _, rows: [_set(row, column, value) for row in rows], owner, "fix"
    )


def use_column(services: Services, owner: str, sheet_id: str, column: str, key: str) -> int:
    """Take the cells kept under `key` for a column that the sheet lacks or has twice; one change.

    With the column's own name as `key` its cells stay, and only the choice is remembered. Raises NotFound,
    and Invalid for an unknown column.
    """

    def edits(sheet: Sheet, rows: Rows) -> Iterable[Edit]:
        chosen = next((heading for heading in sheet.headings if heading.key == key), None)
        if chosen is None or column not in load():
            raise Invalid(f"There is no column “{key}” in this sheet that could be taken for {column}.")
        before = log.about(sheet)
        said = [told for told in sheet.source.get("said", ()) if not _settled(told, column, chosen)]
        yield Edit(log.ABOUT, None, before, before | {"source": {**sheet.source, "said": said}})
        for row in rows:
            yield _set(row, column, row.cells.get(key, ""))

    return _change(services, owner, sheet_id, edits, owner, "fix")


def _settled(told: Mapping[str, Any], column: str, chosen: Heading) -> bool:
    """Whether a problem of the file is over once a column's cells were chosen."""
    if told["code"] == "unknown-column":
        return bool(told["value"] == chosen.text)
    return bool(told["code"] == "duplicate-header" and told["column"] == column)


def delete_rows(services: Services, owner: str, sheet_id: str, row_ids: Sequence[str]) -> int:
    """Raises NotFound, and Invalid for an unknown row."""

    def edits(_: Sheet, rows: Rows) -> Iterable[Edit]:
        known = {row.id: row for row in rows}
        if not known.keys() >= set(row_ids):
            raise Invalid("That row is not in this sheet any more.")
        return [Edit(row_id, None, log.whole(known[row_id]), None) for row_id in row_ids]

    return _change(services, owner, sheet_id, edits, owner, "delete")


def keep_first(services: Services, owner: str, sheet_id: str) -> int:
    """Delete the rows beyond the limit."""
    most = services.settings.max_rows - 1
    return _change(
        services,
        owner,
        sheet_id,
        lambda _, rows: [Edit(row.id, None, log.whole(row), None) for row in rows[most:]],
        owner,
        "delete",
    )


def repair_all(services: Services, owner: str, sheet_id: str) -> int:
    """Make every repair that needs no question, as one change. Raises Conflict where there is none."""
    return _change(
        services, owner, sheet_id, lambda _, rows: view.possible_repairs(rows, load()), owner, "repair"
    )


def undo_repairs(
    services: Services, owner: str, sheet_id: str, kind: tuple[str, str, str] | None = None
) -> int:
    """Give cells back what they held before a repair: all, or of one kind (column, before, after)."""
    with services.database.read() as connection:
        sheet = store.get(connection, owner, sheet_id)
        standing = view.standing_repairs(connection, sheet, store.rows(connection, owner, sheet_id))
    wanted = [
        edit.inverse() for edit in standing if kind in (None, (edit.column, edit.before, edit.after or ""))
    ]
    return _change(services, owner, sheet_id, lambda _s, _r: wanted, owner, "undo")


def undo(services: Services, owner: str, sheet_id: str, group_id: int) -> int:
    """Take one change back; returns the group that did it, which can be undone in turn.

    Cells and rows that were changed again since are left as they are. Raises Conflict where all were.
    """

    with services.database.read() as connection:
        made = log.of_group(connection, owner, sheet_id, group_id)

    def edits(sheet: Sheet, rows: Rows) -> Iterable[Edit]:
        known = {row.id: row for row in rows}
        return [_inverse(edit, known) for edit in reversed(made) if _stands(edit, sheet, known)]

    released = all(edit.before == edit.after for edit in made)
    return _change(services, owner, sheet_id, edits, owner, "undo", undoes=group_id, same=released)


def _inverse(edit: Edit, rows: Mapping[str, SheetRow]) -> Edit:
    """What takes an edit back; a row that it added goes with all that was written into it since."""
    if edit.column is None and edit.before is None:
        return Edit(edit.row_id, None, log.whole(rows[edit.row_id]), None)
    return edit.inverse()


def _stands(edit: Edit, sheet: Sheet, rows: dict[str, SheetRow]) -> bool:
    """Whether what an edit made is still so."""
    if edit.row_id == log.ABOUT:
        return bool(log.about(sheet) == edit.after)
    row = rows.get(edit.row_id or "")
    if edit.column is None and edit.before and edit.after:
        return row is not None and row.place == edit.after["place"]
    if edit.column is None:
        return (row is None) if edit.after is None else (row is not None)
    return row is not None and row.cells.get(edit.column) == edit.after


def _set(row: SheetRow, column: str, value: str) -> Edit:
    return Edit(row.id, column, row.cells.get(column), value or None)


def _change(
    services: Services,
    owner: str,
    sheet_id: str,
    edits: Callable[[Sheet, Rows], Iterable[Edit]],
    actor: str,
    origin: str,
    undoes: int | None = None,
    same: bool = False,
) -> int:
    """Append what `edits` makes of the sheet as it is now; edits that change nothing only with `same`."""
    with services.database.write() as connection:
        sheet = store.get(connection, owner, sheet_id)
        made = [
            edit
            for edit in edits(sheet, store.rows(connection, owner, sheet_id))
            if same or edit.before != edit.after
        ]
        if not made:
            raise Conflict("There is nothing to change: it is like that already, or was changed since.")
        return log.append(
            connection, sheet, made, actor=actor, origin=origin, at=services.clock(), undoes=undoes
        )

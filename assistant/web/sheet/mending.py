"""What a person does about a sheet's problems: every act is one change, and its toast takes it back."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.here import owner, services
from assistant.toasts import say
from assistant.web.sheet import groups
from assistant.web.sheet.groups import Group
from assistant.web.sheet.page import STEP, shown
from assistant.web.sheet.room import pages
from assistant.words import count, ranges
from jobs import mend
from jobs.mend import Change
from jobs.sheet import ViewRow, look
from schema.problems import Fix
from schema.wording import quoted


@pages.post("/<sheet_id>/fix")
def fix(sheet_id: str) -> ResponseReturnValue:
    """Take the fix number `fix` of the group `problem`, in the row `row` or in all of its rows."""
    group, rows = _meant(sheet_id)
    place = request.form.get("fix", type=int, default=-1)
    if not 0 <= place < len(group.problem.fixes):
        raise groups.solved()
    chosen = group.problem.fixes[place]
    change = mend.take_fix(services(), owner(), sheet_id, [row.id for row in rows], chosen)
    return done(sheet_id, change, _told(chosen, rows))


@pages.post("/<sheet_id>/cells")
def cells(sheet_id: str) -> ResponseReturnValue:
    """Write `value` into the cells of the group `problem`, of the row `row` or of all of its rows."""
    group, rows = _meant(sheet_id)
    if group.column is None:
        raise groups.solved()
    value = request.form.get("value", "").replace("\r\n", "\n")
    changes = [Change(row.id, group.column.name, value) for row in rows]
    change = mend.set_cells(services(), owner(), sheet_id, changes)
    return done(sheet_id, change, _told(Fix("", "set", group.column.name, value), rows))


@pages.post("/<sheet_id>/column")
def column(sheet_id: str) -> ResponseReturnValue:
    """Take the cells of the header `key` for the column `column`."""
    name, key = request.form.get("column", ""), request.form.get("key", "")
    change = mend.use_column(services(), owner(), sheet_id, name, key)
    return done(sheet_id, change, f"{quoted(key, 40)} is the {name} now.")


@pages.post("/<sheet_id>/keep-first")
def keep_first(sheet_id: str) -> ResponseReturnValue:
    change = mend.keep_first(services(), owner(), sheet_id)
    kept = count(services().settings.max_rows - 1, "row")
    return done(sheet_id, change, f"The first {kept} are kept, the others deleted.")


@pages.post("/<sheet_id>/repairs")
def repair(sheet_id: str) -> ResponseReturnValue:
    return done(sheet_id, mend.repair_all(services(), owner(), sheet_id), "All repairs are made.")


@pages.post("/<sheet_id>/repairs/undo")
def undo_repairs(sheet_id: str) -> ResponseReturnValue:
    """Undo all repairs, or with `column`, `before` and `after` those of a kind."""
    kind = tuple(request.form.get(name, "") for name in ("column", "before", "after"))
    column, before, after = kind
    chosen = (column, before, after) if column else None
    change = mend.undo_repairs(services(), owner(), sheet_id, chosen)
    what = f"{column} is {quoted(before)} again." if column else "All cells are as they were in the file."
    return done(sheet_id, change, what, label="Repair again")


@pages.post("/<sheet_id>/undo/<int:change>")
def undo(sheet_id: str, change: int) -> ResponseReturnValue:
    back = mend.undo(services(), owner(), sheet_id, change)
    return done(sheet_id, back, "Taken back.", label="Do it again")


def done(sheet_id: str, change: int, what: str, label: str = "Undo") -> ResponseReturnValue:
    """Say what was done, with its undo, and show the sheet as it is now."""
    say(what, undo=url_for(".undo", sheet_id=sheet_id, change=change), label=label)
    rows = shown()
    return redirect(url_for(".page", sheet_id=sheet_id, rows=None if rows == STEP else rows), 303)


def _meant(sheet_id: str) -> tuple[Group, tuple[ViewRow, ...]]:
    """The group that a form is about, and those of its rows that are meant. Raises Conflict if solved."""
    view = look(services(), owner(), sheet_id)
    group = groups.find(view, request.form.get("problem", ""))
    row_id = request.form.get("row")
    return group, (group.row(row_id),) if row_id else group.rows


def _told(chosen: Fix, rows: tuple[ViewRow, ...]) -> str:
    where = f"{'Row' if len(rows) == 1 else 'Rows'} {ranges([row.number for row in rows])}" if rows else ""
    if chosen.op == "delete-row":
        return f"{where} deleted."
    what = f"set to {quoted(chosen.value, 40)}" if chosen.value else "emptied"
    return f"{where}: {chosen.column} {what}." if rows else f"{chosen.column} {what} in all rows."

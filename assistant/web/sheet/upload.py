"""A file from the browser: taken in as a sheet, put in the place of one, or a page says how to mend it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assistant import errors
from assistant.here import owner, services
from assistant.toasts import say
from assistant.web.sheet.room import pages
from assistant.words import count
from jobs import naming
from jobs.errors import Unreadable
from jobs.intake import replace_with, take_in
from jobs.sheet import look


@pages.post("")
def upload() -> ResponseReturnValue:
    """Take a file in; a sheet without anything to be said goes straight on to its details."""
    name, data = "", b""
    try:
        name, data = chosen()
        sheet_id = take_in(services(), owner(), data, name)
    except Unreadable as reason:
        return unreadable(reason, name, len(data))
    view = look(services(), owner(), sheet_id)
    return redirect(url_for(".page" if view.problems else ".details", sheet_id=sheet_id), 303)


@pages.post("/<sheet_id>/file")
def replace(sheet_id: str) -> ResponseReturnValue:
    look(services(), owner(), sheet_id)
    name, data = "", b""
    try:
        name, data = chosen()
        change = replace_with(services(), owner(), sheet_id, data, name)
    except Unreadable as reason:
        return unreadable(reason, name, len(data))
    rows = count(len(look(services(), owner(), sheet_id).rows), "row")
    undo = url_for(".undo", sheet_id=sheet_id, change=change)
    say(f"Replaced by {naming.file_name(name)}: {rows}.", undo=undo)
    return redirect(url_for(".page", sheet_id=sheet_id), 303)


def chosen() -> tuple[str, bytes]:
    """The file's name as the browser gave it, and its bytes. Raises Unreadable where none was chosen."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Unreadable("No file was chosen.", ("Choose a .csv, .xls, .xlsx or .ods file.",), "no-file")
    return file.filename, file.stream.read()


def unreadable(reason: Unreadable, name: str, size: int) -> ResponseReturnValue:
    """The page of a file that cannot be read, from which it can be chosen again."""
    said = errors.told(reason)
    page = render_template("sheet/unreadable.html", said=said, name=naming.file_name(name), size=size)
    return page, said.status

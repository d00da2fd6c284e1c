"""The room of notices: the bell of every page, what is new, and the list."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assistant.here import owner, services
from jobs.store import notices as store
from jobs.store.notices import Notice

pages = Blueprint("notices", __name__, url_prefix="/notices")


@dataclass(frozen=True)
class Bell:
    """How many notices wait to be read, and the id of the newest of all, 0 where there is none."""

    unread: int
    latest: int


@pages.get("")
def listing() -> str:
    with services().database.read() as connection:
        return render_template("notices/listing.html", notices=store.latest(connection, owner()))


@pages.get("/new")
def news() -> ResponseReturnValue:
    """The bell with a toast for each notice after the one that a page has seen; 204 where nothing is new."""
    after, unread = (request.args.get(name, type=int, default=0) for name in ("after", "unread"))
    now = bell()
    if (now.unread, now.latest) == (unread, after):
        return "", 204
    with services().database.read() as connection:
        new = store.after(connection, owner(), after)
    return render_template("notices/_news.html", bell=now, notices=new)


@pages.post("/read")
def read() -> ResponseReturnValue:
    here = services()
    with here.database.write() as connection:
        store.mark_read(connection, owner(), here.clock())
    return redirect(url_for(".listing"), 303)


@pages.app_context_processor
def in_every_page() -> dict[str, object]:
    return {"bell": bell, "about": about}


def about(notice: Notice) -> str:
    """The address of the page that a notice is about."""
    if notice.batch_id:
        return url_for("batch.page", batch_id=notice.batch_id)
    return url_for("grid.page", sheet_id=notice.sheet_id)


def bell() -> Bell:
    with services().database.read() as connection:
        newest = store.latest(connection, owner(), 1)
        return Bell(store.unread(connection, owner()), newest[0].id if newest else 0)

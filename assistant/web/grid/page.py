"""The grid's page, with the sheet as JSON in it so that it is drawn in one go; and its feed."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from assistant.here import owner, services
from assistant.web.grid import telling
from assistant.web.grid.room import pages
from jobs.feed import feed
from jobs.sheet import View
from schema import columns
from schema.editors import editors, unknown


@pages.get("/<sheet_id>/grid")
def page(sheet_id: str) -> str:
    found = feed(services(), owner(), sheet_id)
    assert found.news is not None
    view = found.news.view
    data = {"columns": _columns(view), "numbers": {"first": 2}, **telling.told(found)}
    return render_template(
        "grid/page.html", view=view, sheet=view.sheet, feed=found, data=data, images=telling.images(view)
    )


@pages.get("/<sheet_id>/feed")
def news(sheet_id: str) -> dict[str, Any]:
    """What came after the group ?after=, as JSON; everything where none is given."""
    after = request.args.get("after", type=int)
    return telling.told(feed(services(), owner(), sheet_id, after))


def _columns(view: View) -> list[dict[str, Any]]:
    """Ours in their order, then the headers of the file that name none of them."""
    others = [unknown(heading.key, heading.text) for heading in view.sheet.headings if heading.column is None]
    return [*editors(columns.load()), *others]

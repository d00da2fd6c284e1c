"""The price as the provider tells it, asked for when the page of details is there already."""

from __future__ import annotations

from flask import render_template, request

from assistant.here import owner, services
from assistant.web.sheet.room import pages
from jobs.dry_run import ask
from jobs.quote import quote


@pages.get("/<sheet_id>/price")
def price(sheet_id: str) -> str:
    """A part of the page: what the provider of ?backend= says, or why it says nothing. Nothing is spent.

    With ?reuse=1 of the rows that were not finished before.
    """
    here = services()
    backend = request.args.get("backend") or here.settings.backend
    offer = quote(here, owner(), sheet_id, backend, reuse=bool(request.args.get("reuse")))
    told = ask(here, offer.traits.name, offer.to_make)
    return render_template("sheet/_told.html", offer=offer, told=told)

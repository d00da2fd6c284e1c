"""What is taken home of a batch: its images as a ZIP, the sheet with what became of each row."""

from __future__ import annotations

from flask import Response

from assistant import downloads
from assistant.here import owner, services
from assistant.web.batch.room import pages
from jobs import bundle


@pages.get("/<batch_id>/zip")
def zip(batch_id: str) -> Response:  # noqa: A001 (as its address)
    """Of a batch that still runs, what there is so far."""
    return downloads.zip_file(services(), bundle.load(services(), owner(), batch_id))


@pages.get("/<batch_id>/sheet")
def sheet(batch_id: str) -> Response:
    """?format=csv or xlsx."""
    return downloads.returned_sheet(bundle.load(services(), owner(), batch_id), downloads.wanted_format())

"""For what watches over the process: alive, ready, and figures as Prometheus reads them."""

from __future__ import annotations

from flask import Blueprint, Response

from assistant.here import services
from assistant.web.health.exposition import TYPE, exposition
from jobs.health import health
from jobs.hints import unattended
from jobs.store.totals import totals

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def alive() -> dict[str, str]:
    """The process answers; nothing else is asked."""
    return {"status": "ok"}


@pages.get("/readyz")
def ready() -> tuple[dict[str, object], int]:
    """Whether database, Redis and storage are there, and what is wrong with the one that is not."""
    found = health(services())
    well = not any(found.values())
    return {"ready": well, **{part: wrong or "ok" for part, wrong in found.items()}}, 200 if well else 503


@pages.get("/metrics")
def metrics() -> Response:
    """Counts over everybody, without a name or a prompt."""
    here = services()
    up = {part: wrong is None for part, wrong in health(here).items()}
    figures = None
    if up["database"]:
        with here.database.read() as connection:
            figures = totals(connection)
    return Response(exposition(figures, up | {"worker": unattended(here) is None}), content_type=TYPE)

"""`promptsheet worker`: a worker alone, for several machines."""

from __future__ import annotations

import contextlib

import click

from assistant.commands.alone import require_redis
from jobs import worker
from jobs.services import open_services
from jobs.settings import Settings


@click.command("worker")
def command() -> int:
    """Make the images of batches, without a web; Ctrl-C lets the rows on their way finish."""
    settings = Settings.read()
    require_redis(settings, "worker")
    services = open_services(settings)
    services.database.migrate()
    services.close()
    click.echo("Waiting for rows to make  (Ctrl-C ends it)")
    with contextlib.suppress(KeyboardInterrupt):  # before the worker listens for it itself
        worker.main()
    return 0

"""`promptsheet worker`: the workers alone, for several machines."""

from __future__ import annotations

import time

import click

from assistant.commands.alone import require_redis
from assistant.commands.asked import Asked
from assistant.parts import LOOK, Parts
from jobs.hints import LINES
from jobs.services import open_services
from jobs.settings import Settings


@click.command("worker")
def command() -> int:
    """Write drafts and make the images of batches, without a web; Ctrl-C lets what is on its way finish."""
    settings = Settings.read()
    require_redis(settings, "worker")
    services = open_services(settings)
    services.database.migrate()
    services.close()
    with Asked() as asked, Parts(settings.data) as parts:
        asked.again = parts.hurry
        for line in LINES.values():
            parts.add_module(line.name, ["jobs.worker", line.name])
        click.echo("Waiting for rows to make  (Ctrl-C ends it)")
        while not asked:
            for sentence in parts.tend():
                click.echo(sentence, err=True)
            time.sleep(LOOK)
    return 0

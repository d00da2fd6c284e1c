"""`promptsheet web`: the web alone, for several machines."""

from __future__ import annotations

import click

from assistant import serve
from assistant.commands.alone import require_redis
from assistant.listening import address, listen
from jobs.settings import Settings


@click.command("web")
def command() -> int:
    """Answer pages and the HTTP API, without a worker; Ctrl-C ends it."""
    settings = Settings.read()
    require_redis(settings, "web")
    with listen(settings) as listening:
        click.echo(f"Promptsheet is ready at {address(listening)}  (Ctrl-C ends it)")
        serve.serve(settings, listening)
    return 0

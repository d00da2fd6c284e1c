"""`promptsheet up`: Redis, web and worker on this machine, until Ctrl-C."""

from __future__ import annotations

import time
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import click

from assistant.commands.asked import Asked
from assistant.parts import LOOK
from assistant.supervisor import Stack
from jobs.errors import NotConfigured
from jobs.settings import Settings

FINISHING = "Finishing the rows on their way; Ctrl-C again ends at once."


@click.command("up")
def command() -> int:
    """Start everything on this machine and keep it running; Ctrl-C ends it."""
    with Asked() as asked, Stack(Settings.read(), web=True) as stack:
        asked.again = stack.hurry
        if _ready(stack, asked):
            click.echo(f"Promptsheet is ready at {stack.url}  (Ctrl-C ends it)")
        while not asked:
            for sentence in stack.tend():
                click.echo(sentence, err=True)
            time.sleep(LOOK)
        click.echo(FINISHING)
    return 0


def answers(url: str) -> bool:
    """Whether a Promptsheet's web is alive at this address."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _ready(stack: Stack, asked: Asked) -> bool:
    """Wait until the web answers; False where the person had enough first."""
    while not asked:
        if answers(str(stack.url)):
            return True
        if (words := stack.broken) is not None:
            raise NotConfigured(f"A part of Promptsheet does not start. {words}")
        time.sleep(LOOK / 4)
    return False

"""`promptsheet doctor`: what is set, and whether each service that is set answers."""

from __future__ import annotations

from collections.abc import Iterator

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.checkup import endpoints, machine, services
from assistant.checkup.finding import OK, PROBLEM, UNSET, Finding
from jobs.errors import PromptsheetError
from jobs.settings import Settings

LOOKS = {OK: "[green]ok[/]", UNSET: "[dim]not set[/]", PROBLEM: "[red]problem[/]"}


@click.command("doctor")
def command() -> int:
    """Look at the settings and at every service they name; nothing is spent. Status 0: all is well."""
    found = list(examine())
    table = Table(box=None)
    for title in ("Part", "", "What was found, and how to mend it"):
        table.add_column(title, no_wrap=title != "What was found, and how to mend it")
    for finding in found:
        table.add_row(finding.part, LOOKS[finding.state], escape(finding.words))
    Console(highlight=False).print(table)
    return int(any(finding.state == PROBLEM for finding in found))


def examine() -> Iterator[Finding]:
    """Everything, in the order in which it is needed; a setting that cannot be read ends it."""
    yield machine.python()
    try:
        settings = Settings.read()
    except PromptsheetError as reason:
        yield Finding("Settings", PROBLEM, str(reason))
        return
    yield machine.settings_given()
    yield machine.data_folder(settings)
    yield services.database(settings)
    yield services.redis(settings)
    yield services.storage(settings)
    yield machine.vendor_files()
    yield machine.fonts()
    yield machine.port(settings)
    yield from endpoints.backends(settings)
    yield endpoints.language_model(settings)

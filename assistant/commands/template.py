"""`promptsheet template`: the spreadsheet to begin with."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from assistant.commands.writing import write
from jobs.errors import Conflict
from jobs.settings import Settings
from schema import writer

FORMATS: tuple[writer.Format, ...] = ("csv", "xlsx")


@click.command("template")
@click.option("--full", is_flag=True, help="All columns, not only the ones most sheets need.")
@click.option(
    "--format", "wanted", type=click.Choice(FORMATS), help="By default as the file is named, else xlsx."
)
@click.option(
    "-o", "output", type=click.Path(path_type=Path), metavar="FILE", help="Where to write it; - is stdout."
)
def command(full: bool, wanted: writer.Format | None, output: Path | None) -> int:
    """Write the template, with two example rows."""
    chosen = wanted or _ending(output)
    data = writer.template(full, chosen, max_rows=Settings.read().max_rows)
    out = sys.stdout.buffer
    if output == Path("-") or (output is None and not out.isatty()):
        out.write(data)
        return 0
    write(output or _unused(Path(f"promptsheet-template.{chosen}")), data)
    click.echo(f"The template is in {output or f'promptsheet-template.{chosen}'}.")
    return 0


def _ending(output: Path | None) -> writer.Format:
    return "csv" if output and output.suffix.lower() == ".csv" else "xlsx"


def _unused(path: Path) -> Path:
    """A name that the person did not choose takes nothing away: it may be a template they filled in."""
    if path.exists():
        raise Conflict(f"{path} is here already. Name a file: promptsheet template -o FILE.")
    return path

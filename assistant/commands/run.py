"""`promptsheet run`: a sheet becomes a folder of images."""

from __future__ import annotations

import contextlib
import shlex
from pathlib import Path

import click
from rich.console import Console

from assistant.commands import findings, ordering, outcome
from assistant.commands.asked import Asked
from assistant.commands.engine import Engine
from assistant.commands.folder import Folder
from assistant.commands.following import follow
from assistant.commands.ordering import Wish
from jobs import bundle
from jobs.amounts import heard
from jobs.services import LOCAL, open_services
from jobs.settings import Settings
from schema import problems
from schema.sheet import examine

INVALID = 1


@click.command("run")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Where images go.")
@click.option("--backend", metavar="NAME", help="Image back end; by default PROMPTSHEET_BACKEND.")
@click.option("--trial", type=int, metavar="K", help="Run only K rows, spread over the sheet.")
@click.option("--budget", metavar="CREDITS", help="Pause before more is spent in all.")
@click.option("--reuse", is_flag=True, help="Take over rows that were finished before as they are now.")
@click.option("--resume", is_flag=True, help="Go on with the batch that DIR was begun with.")
def command(
    file: Path,
    out: Path,
    backend: str | None,
    trial: int | None,
    budget: str | None,
    reuse: bool,
    resume: bool,
) -> int:
    """Make the images of every row. Status 0: all done, 1: the sheet is invalid, 3: some rows not done."""
    if resume and (backend is not None or trial is not None or reuse):
        raise click.UsageError("--backend, --trial and --reuse belong to a batch's start; leave them away.")
    settings = Settings.read()
    folder = Folder(out)
    data = ordering.sheet_of(folder, file, settings.max_upload, resume=resume)
    if not resume and not _valid(data, file, settings):
        return INVALID
    wish = Wish(file.name, data, backend or settings.backend, trial, heard(budget or ""), reuse)
    with (
        Asked() as asked,
        Engine(settings) as engine,
        contextlib.closing(open_services(settings)) as services,
    ):
        asked.again = engine.hurry
        batch_id = ordering.batch_of(services, folder, wish, resume=resume)
        follow(services, engine, asked, folder, batch_id)
        done = bundle.load(services, LOCAL, batch_id)
    folder.finish(done)
    return outcome.tell(
        done, str(out), shlex.join(["promptsheet", "run", str(file), "--out", str(out), "--resume"])
    )


def _valid(data: bytes, file: Path, settings: Settings) -> bool:
    """Whether the sheet can be run; where not, what is wrong is shown and nothing is kept."""
    found = examine(data, file.name, max_rows=settings.max_rows, max_bytes=settings.max_upload)
    errors = problems.errors(found.problems)
    if errors:
        findings.show(Console(highlight=False), errors)
        click.echo(f"{file} cannot be run yet. `promptsheet check {file} --fix` writes what can be repaired.")
    return not errors

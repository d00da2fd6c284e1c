"""`promptsheet check`: what is wrong with a sheet, and the repaired sheet."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console

from assistant.commands import cost as costs
from assistant.commands import findings
from assistant.commands.cost import Cost
from assistant.commands.opening import examined
from assistant.commands.writing import write
from assistant.words import count
from jobs import amounts
from jobs.settings import Settings
from schema import problems, writer
from schema.errors import Unreadable
from schema.problems import Problem
from schema.sheet import Examined

VALID, WRONG, UNREADABLE = 0, 1, 2


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of words.")
@click.option("--fix", is_flag=True, help="Write the repaired sheet as well.")
@click.option("-o", "output", type=click.Path(path_type=Path), metavar="FILE", help="Where --fix writes it.")
def command(file: Path, as_json: bool, fix: bool, output: Path | None) -> int:
    """Read and check a sheet. Status 0: valid, 1: problems, 2: unreadable."""
    if output and not fix:
        raise click.UsageError("-o names the repaired sheet; say --fix with it.")
    settings = Settings.read()
    try:
        found = examined(file, settings)
    except Unreadable as reason:
        return _unreadable(file, reason, as_json)
    cost = costs.cost(found, settings)
    if as_json:
        click.echo(_json(file, found, cost))
    else:
        _say(file, found, cost, settings.backend)
    if fix:
        _fix(file, found, output, as_json)
    return WRONG if problems.errors(found.problems) else VALID


def _json(file: Path, found: Examined, cost: Cost) -> str:
    return json.dumps(
        {
            "file": str(file),
            "encoding": found.table.encoding,
            "rows": len(found.table.rows),
            "images": cost.images,
            "credits": None if cost.credits is None else cost.credits / amounts.THOUSAND,
            "valid": not problems.errors(found.problems),
            "problems": [problem.to_json() for problem in found.problems],
        },
        ensure_ascii=False,
    )


def _unreadable(file: Path, reason: Unreadable, as_json: bool) -> int:
    words = " ".join((str(reason), *reason.steps))
    click.echo(words, err=True)
    if as_json:
        problem = Problem(None, None, None, "error", "unreadable", words)
        nothing = {"encoding": None, "rows": 0, "images": 0, "credits": 0, "valid": False}
        click.echo(json.dumps({"file": str(file), **nothing, "problems": [problem.to_json()]}))
    return UNREADABLE


def _say(file: Path, found: Examined, cost: Cost, backend: str) -> None:
    console = Console(highlight=False)
    findings.show(console, found.problems, found.repairs)
    wrong = len(problems.errors(found.problems))
    price = "" if cost.credits is None else f", {amounts.spoken(cost.credits)} credits at {backend}"
    size = f"{count(len(found.table.rows), 'row')}, {count(cost.images, 'image')}{price}"
    verdict = f"{count(wrong, 'problem')} to mend first" if wrong else "ready to run"
    console.print(f"{file}: {size}; {verdict}.", markup=False, soft_wrap=True)


def _fix(file: Path, found: Examined, output: Path | None, as_json: bool) -> None:
    """The sheet after its repairs, headers spelled as the columns are named, unknown columns as they were."""
    kind: writer.Format = "csv" if (output or file).suffix.lower() in (".csv", ".tsv", ".txt") else "xlsx"
    target = output or file.with_name(f"{file.stem}-repaired.{kind}")
    rows = ([cells[key] for key in found.keys] for cells in found.cells)
    write(target, writer.write(found.keys, rows, kind))
    click.echo(f"The repaired sheet is in {target}.", err=as_json)

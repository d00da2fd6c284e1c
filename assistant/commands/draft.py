"""`promptsheet draft`: a goal and a few examples become a checked sheet."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from assistant.commands.asked import Asked
from assistant.commands.engine import Engine
from assistant.commands.screen import screen
from assistant.commands.writing import write
from assistant.drafting import start
from assistant.drafting.brief import parse
from assistant.drafting.plan import Plan, read
from assistant.drafting.start import Progress
from assistant.parts import LOOK
from assistant.words import count, span
from jobs.errors import Invalid
from jobs.hints import DRAFTS
from jobs.services import LOCAL, Services, open_services
from jobs.settings import Settings
from jobs.sheet import as_file
from jobs.store import drafts as store
from schema.encoding import decode
from schema.writer import Format

FEWER = 1
"""The status where fewer valid rows than asked came."""


@click.command("draft")
@click.option("--goal", required=True, metavar="TEXT", help="What you are making, in a sentence.")
@click.option(
    "--example", "examples", multiple=True, metavar="TEXT", help="A prompt that worked; again for more."
)
@click.option("--context", default="", metavar="TEXT", help="What the rows must keep to.")
@click.option("--set", "fixed", multiple=True, metavar="COLUMN=VALUE", help="One value for every row.")
@click.option(
    "--spread", multiple=True, metavar="COLUMN=VALUE,VALUE", help="Values dealt evenly over the rows."
)
@click.option("--rows", metavar="N", help="How many; else the number the goal begins with, else 20.")
@click.option(
    "--combine", is_flag=True, help="Make the combinations of {a|b} and __name__ in the examples; no model."
)
@click.option(
    "--list",
    "lists",
    multiple=True,
    metavar="NAME=FILE",
    help="Values for __NAME__, one in each line of a file.",
)
@click.option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help='Strands to follow, as JSON: {"strands": [{"name", "rows", "holds"}]}; else the model plans.',
)
@click.option(
    "-o", "output", type=click.Path(path_type=Path), required=True, metavar="FILE", help=".csv or .xlsx."
)
def command(
    goal: str,
    examples: tuple[str, ...],
    context: str,
    fixed: tuple[str, ...],
    spread: tuple[str, ...],
    rows: str | None,
    combine: bool,
    lists: tuple[str, ...],
    plan_file: Path | None,
    output: Path,
) -> int:
    """Draft a sheet; a column neither set nor spread is the model's to choose. Status 1: fewer valid rows."""
    settings = Settings.read()
    wished: dict[str, object] = {"goal": goal, "examples": list(examples), "context": context, "rows": rows}
    wished |= {"settings": _settings(fixed, spread), "lists": _lists(lists)}
    plan = _plan(plan_file, rows, settings.max_rows) if plan_file else None
    wished |= {"rows": plan.rows} if plan else {}
    brief = parse(wished, settings.max_rows, combine=combine)
    with (
        Asked() as asked,
        Engine(settings, DRAFTS) as engine,
        contextlib.closing(open_services(settings)) as services,
    ):
        asked.again = engine.hurry
        draft = start.start(services, LOCAL, brief, combine=combine, plan=plan)
        done = _follow(services, engine, asked, draft.id)
    kind: Format = "csv" if output.suffix.lower() in (".csv", ".tsv", ".txt") else "xlsx"
    write(output, as_file(done.view, kind))
    return _tell(done, output)


def _settings(fixed: Sequence[str], spread: Sequence[str]) -> Mapping[str, object]:
    """The settings of a brief, as they were typed: COLUMN=VALUE, COLUMN=VALUE,VALUE."""
    said: dict[str, object] = {}
    for word, texts, shape in (("--set", fixed, "fixed"), ("--spread", spread, "spread")):
        for text in texts:
            column, equals, value = text.partition("=")
            if not equals:
                raise click.UsageError(f"{word} takes COLUMN=VALUE; “{text}” has no =.")
            if column in said:
                raise Invalid(
                    f"{column} is given twice. Give one value with --set, or several with --spread."
                )
            said[column] = {shape: value if shape == "fixed" else [part.strip() for part in value.split(",")]}
    return said


def _lists(given: Sequence[str]) -> Mapping[str, str]:
    """The lists of a brief, NAME=FILE each. Raises Invalid for a file that cannot be read."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, path = text.partition("=")
        if not equals:
            raise click.UsageError(f"--list takes NAME=FILE; “{text}” has no =.")
        try:
            found[name] = decode(Path(path).read_bytes(), path).text
        except OSError as reason:
            raise Invalid(f"{path} cannot be read: {(reason.strerror or str(reason)).lower()}.") from reason
    return found


def _plan(path: Path, rows: str | None, max_rows: int) -> Plan:
    """The plan in a file. Raises Invalid."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as reason:
        raise Invalid(f"{path} cannot be read: {(reason.strerror or str(reason)).lower()}.") from reason
    except (ValueError, RecursionError):
        raise Invalid(f"{path} is no JSON file. `GET /drafts/{{id}}` shows a plan as it has to be.") from None
    asked = int(rows) if rows and rows.isdecimal() else None
    return read(document.get("plan", document) if isinstance(document, dict) else document, asked, max_rows)


def _follow(services: Services, engine: Engine, asked: Asked, draft_id: str) -> Progress:
    """Watch until it has ended. Asked to, it is stopped, with the rows that came."""
    planned = False
    with screen() as shown:
        while True:
            for sentence in engine.tend():
                shown.say(sentence)
            with services.database.read() as connection:
                draft = store.get(connection, LOCAL, draft_id)
            now = start.progress(services, LOCAL, draft)
            if now.plan and not planned:
                planned = True
                for sentence in plan_lines(now.plan):
                    shown.say(sentence)
            shown.show(draft.came, draft.asked, figures(now))
            if not now.drafting:
                return now
            if asked:
                start.stop(services, LOCAL, draft_id)
            time.sleep(LOOK)


def plan_lines(plan: Mapping[str, Any]) -> Iterator[str]:
    """The plan as it is printed: what holds for every row, then a line a strand."""
    yield f"Plan: {count(len(plan['strands']), 'strand')}."
    for line in plan["shared"]:
        yield f"  every row: {line}"
    for strand in plan["strands"]:
        yield f"  {strand['rows']:>4,}  {strand['name']}: {'; '.join(strand['holds'][:3])}"


def figures(now: Progress) -> str:
    """37 of 120 rows, 2 repaired, 1 refused and asked for again, 20 to 35 s left."""
    draft = now.draft
    parts = [f"{draft.came:,} of {count(draft.asked, 'row')}"]
    parts += [f"{draft.repaired:,} repaired"] if draft.repaired else []
    parts += [f"{draft.repeated:,} refused and asked for again"] if draft.repeated else []
    parts += [f"{span(now.seconds)} left"] if now.seconds else []
    return ", ".join(parts)


def _tell(done: Progress, output: Path) -> int:
    draft = done.draft
    said = list(draft.said)
    said += [f"{draft.variety[:1].upper()}{draft.variety[1:]}."] if draft.variety else []
    said += [draft.reason] if draft.reason else []
    for sentence in said:
        click.echo(sentence, err=True)
    click.echo(f"{output}: {figures(done)}, {done.valid:,} valid.")
    return 0 if done.valid >= draft.asked else FEWER

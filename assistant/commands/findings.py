"""What a check found, as a person reads it in a terminal: problems, then repairs by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.words import count
from schema.problems import Problem
from schema.sheet import CellRepair
from schema.wording import quoted

MOST = 50
"""Lines of a kind that are shown: more are better read in a spreadsheet program, or with --json."""

STYLES = {"error": "red", "warning": "yellow"}


def show(console: Console, problems: Sequence[Problem], repairs: Sequence[CellRepair] = ()) -> None:
    """Errors and warnings line by line, then each kind of repair with its number of cells."""
    for level in ("error", "warning"):
        of_level = [problem for problem in problems if problem.level == level]
        if of_level:
            console.print(_listed(of_level, level))
            _more(console, len(of_level))
    if repairs:
        console.print(_mended(repairs))


def _listed(problems: Sequence[Problem], level: str) -> Table:
    table = Table(
        title=count(len(problems), level), title_justify="left", title_style=STYLES[level], box=None
    )
    table.add_column("Row", justify="right", no_wrap=True)
    table.add_column("Column", no_wrap=True)
    table.add_column("What is wrong")
    for problem in problems[:MOST]:
        row = "file" if problem.row is None else f"{problem.row:,}"
        table.add_row(row, escape(problem.column or ""), escape(problem.message))
    return table


def _more(console: Console, number: int) -> None:
    if number > MOST:
        console.print(f"… and {number - MOST:,} more; promptsheet check --json lists all.")


def _mended(repairs: Sequence[CellRepair]) -> Table:
    kinds = Counter((repair.column, repair.before, repair.after, repair.why) for repair in repairs)
    table = Table(title=count(len(repairs), "repair"), title_justify="left", title_style="green", box=None)
    table.add_column("Cells", justify="right", no_wrap=True)
    table.add_column("Column", no_wrap=True)
    table.add_column("What was put right")
    for (column, before, after, why), cells in kinds.most_common(MOST):
        words = f"{quoted(before)} became {quoted(after)}: {why}."
        table.add_row(f"{cells:,}", escape(column), escape(words))
    if len(kinds) > MOST:
        table.add_row("…", "", f"and {len(kinds) - MOST:,} kinds more")
    return table

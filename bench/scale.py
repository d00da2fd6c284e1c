"""What a row costs in batches of 500 to 100,000 rows, where the provider answers at once."""

from __future__ import annotations

from bench.runner import drain
from bench.runs import Run, Work, run
from bench.table import Table

SIZES = (500, 5_000, 100_000)

PROMISE = """\
The cost of a row is constant from 500 to 100,000 rows: CPU, time and Redis commands a row, with a provider that takes
no time, ten calls in flight and images of a few hundred bytes."""


def measure() -> tuple[Table, ...]:
    found = [run(drain, Work(rows, latency=0.0, weight=0, jitter=0.0)) for rows in SIZES]
    head = ("rows", "CPU a row", "time a row", "of the first", "Redis commands a row", "RSS")
    return (Table("Rows of large batches", PROMISE, head, tuple(_line(one, found[0]) for one in found)),)


def _line(one: Run, first: Run) -> tuple[str, ...]:
    time, at_first = (run.seconds / run.work.rows * 1000 for run in (one, first))
    return (
        f"{one.work.rows:,}",
        f"{one.cpu_a_row:.1f} ms",
        f"{time:.1f} ms",
        f"{time / at_first:.2f} ×",
        f"{one.commands_a_row:.1f}",
        f"{one.rss:.0f} MB",
    )

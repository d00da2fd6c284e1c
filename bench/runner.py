"""A batch of 499 rows against a stand-in provider: efficiency, CPU, memory and Redis, beside peers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from bench.runs import Command, Run, Work, run
from bench.table import Table
from jobs import hints
from jobs.services import Services

ROWS = 499
SLOW, FAST = 3.0, 0.2

PROMISE = """\
499 rows of one image of 1 MB, 10 in flight. At 3 s ± 20 % a call at least 0.97 of the ideal time; at 0.2 s ± 20 % at
least what Celery, Dramatiq and Huey reach with the same ledger writes, at no more than 1.2 times the memory of the best;
at most 6 ms CPU a row; worker and horse together at most 130 MB; at most 20 Redis commands a row.

Ideal is the calls' own time over ten. CPU is that of all processes of a runner from its first call on. Memory is the
largest sum of RSS, which counts pages that processes share in each of them; PSS counts them once. Redis commands are
all that the server ran, inside scripts and for giving out the work too. The peers run one task a row on ten threads of
one process, by their own commands, with a bare http.client."""

HEAD = ("runner", "a call", "of ideal", "CPU a row", "RSS", "PSS", "Redis commands a row", "most in flight")


def measure() -> tuple[Table, ...]:
    fast = {name: run(command, Work(ROWS, FAST)) for name, command in RUNNERS.items()}
    slow = run(drain, Work(ROWS, SLOW))
    lines = [*(line(name, one) for name, one in fast.items()), line("drain", slow)]
    return (Table("Batch runner", PROMISE, HEAD, tuple(lines)),)


def line(name: str, found: Run) -> tuple[str, ...]:
    return (
        name,
        f"{found.work.latency} s",
        f"{found.efficiency:.3f}",
        f"{found.cpu_a_row:.1f} ms",
        f"{found.rss:.0f} MB",
        f"{found.pss:.0f} MB",
        f"{found.commands_a_row:.1f}",
        str(found.most),
    )


def drain(services: Services, rows: int) -> Sequence[Sequence[str]]:  # noqa: ARG001 (they are in the ledger)
    hints.hint(services)
    return [["-m", "jobs.worker"]]


def _celery(_: Services, rows: int) -> Sequence[Sequence[str]]:
    _enqueue("celery_tasks", "row.delay", rows)
    # Without what workers tell each other: it is no part of the work compared.
    alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    threads = ("-P", "threads", "-c", "10", "-l", "ERROR")
    return [["-m", "celery", "-A", "bench.celery_tasks", "worker", *threads, *alone]]


def _dramatiq(_: Services, rows: int) -> Sequence[Sequence[str]]:
    _enqueue("dramatiq_tasks", "row.send", rows)
    return [["-m", "dramatiq", "bench.dramatiq_tasks", "--processes", "1", "--threads", "10"]]


def _huey(_: Services, rows: int) -> Sequence[Sequence[str]]:
    _enqueue("huey_tasks", "row", rows)
    # Its default pause between two looks would count against it.
    return [["-m", "huey.bin.huey_consumer", "bench.huey_tasks.queue", "-w", "10", "-d", "0.01", "-n"]]


def _enqueue(module: str, call: str, rows: int) -> None:
    code = f"from bench import {module}\nfor _ in range({rows}): {module}.{call}()"
    subprocess.run([sys.executable, "-c", code], check=True)


RUNNERS: dict[str, Command] = {
    "drain": drain,
    "Celery": _celery,
    "Dramatiq": _dramatiq,
    "Huey": _huey,
}

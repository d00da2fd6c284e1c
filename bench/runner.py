"""A batch of 499 rows against a stand-in provider: efficiency, CPU and memory of the drain, beside peers."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.table import Table
from jobs import embedded, hints
from jobs.services import LOCAL, Services, open_services
from jobs.settings import Settings
from jobs.store import batches as store
from tests.fakes.images_server import ImagesServer
from tests.jobs.making import batch, items

ROWS, PLACES, WEIGHT = 499, 10, 1_000_000
SLOW, FAST, JITTER = 3.0, 0.2, 0.2

PROMISE = """\
499 rows of one image of 1 MB, 10 in flight. At 3 s ± 20 % a call at least 0.97 of the ideal time; at 0.2 s ± 20 % at
least what Dramatiq and Huey reach with the same ledger writes, at no more than 1.2 times their memory; at most 6 ms
CPU a row; worker and horse together at most 130 MB.

Ideal is the calls' own time over ten. CPU is that of all processes of a runner from its first call on. Memory is the
largest sum of RSS, which counts pages that processes share in each of them; PSS counts them once. The peers run one
task a row on ten threads of one process, by their own commands, with a bare http.client."""


@dataclass(frozen=True)
class Run:
    efficiency: float
    cpu: float
    rss: float
    pss: float
    most: int


def measure() -> tuple[Table, ...]:
    fast = {name: _run(command, FAST) for name, command in RUNNERS.items()}
    slow = {"drain": _run(RUNNERS["drain"], SLOW)}
    lines = [_line(name, FAST, run) for name, run in fast.items()]
    lines += [_line(name, SLOW, run) for name, run in slow.items()]
    head = ("runner", "a call", "of ideal", "CPU a row", "RSS", "PSS", "most in flight")
    return (Table("Batch runner", PROMISE, head, tuple(lines)),)


def _line(name: str, latency: float, run: Run) -> tuple[str, ...]:
    return (
        name,
        f"{latency} s",
        f"{run.efficiency:.3f}",
        f"{run.cpu * 1000:.1f} ms",
        f"{run.rss:.0f} MB",
        f"{run.pss:.0f} MB",
        str(run.most),
    )


def _drain(services: Services) -> list[str]:
    hints.hint(services)
    return ["-m", "jobs.worker"]


def _dramatiq(_: Services) -> list[str]:
    _enqueue("dramatiq_tasks", "row.send")
    return ["-m", "dramatiq", "bench.dramatiq_tasks", "--processes", "1", "--threads", str(PLACES)]


def _huey(_: Services) -> list[str]:
    _enqueue("huey_tasks", "row")
    # Its default pause between two looks would count against it.
    return ["-m", "huey.bin.huey_consumer", "bench.huey_tasks.queue", "-w", str(PLACES), "-d", "0.01", "-n"]


def _enqueue(module: str, call: str) -> None:
    code = f"from bench import {module}\nfor _ in range({ROWS}): {module}.{call}()"
    subprocess.run([sys.executable, "-c", code], check=True)


RUNNERS: dict[str, Callable[[Services], list[str]]] = {
    "drain": _drain,
    "Dramatiq": _dramatiq,
    "Huey": _huey,
}


def _run(command: Callable[[Services], list[str]], latency: float) -> Run:
    """One batch from its first call to its end, in a data folder of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ImagesServer(weight=WEIGHT, latency=latency, jitter=JITTER) as server,
    ):
        os.environ.update(
            server.environment() | {"PROMPTSHEET_DATA": folder, "PROMPTSHEET_CREDITS": str(100 * ROWS)}
        )
        services = open_services(Settings.read())
        services.database.migrate()
        valkey = embedded.start(Path(folder))
        batch_id = batch(services, items(ROWS, price=4000), "openai")
        try:
            process = subprocess.Popen([sys.executable, *command(services)], stderr=subprocess.DEVNULL)
            return _watch(services, process, batch_id, latency, server)
        finally:
            services.close()
            embedded.end(Path(folder))
            valkey.wait()


def _watch(
    services: Services, process: subprocess.Popen[bytes], batch_id: str, latency: float, server: ImagesServer
) -> Run:
    rss = pss = 0.0
    started: float | None = None
    while not (found := _over(services, batch_id)):
        tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        if started is None and server.counts().calls:
            started = sum(sum(one.cpu_times()[:4]) for one in tree)
        rss = max(rss, sum(one.memory_info().rss for one in tree) / 1e6)
        pss = max(pss, sum(one.memory_full_info().pss for one in tree) / 1e6)
        time.sleep(0.2)
    process.terminate()
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    ideal = ROWS * latency / PLACES
    cpu = used.ru_utime + used.ru_stime - (started or 0)
    return Run(ideal / found, cpu / ROWS, rss, pss, server.counts().most_images)


def _over(services: Services, batch_id: str) -> float | None:
    """Seconds from the first call to the end of the batch, once it is there."""
    with services.database.read() as connection:
        head = store.get(connection, LOCAL, batch_id)
        if head.ended_at is None:
            return None
        first = min(row.sent_at or 0 for row in store.rows(connection, LOCAL, batch_id))
    return head.ended_at - first

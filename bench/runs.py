"""One batch run by processes of a runner, in a data folder of its own, and what it took."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from redis import Redis

from jobs import embedded
from jobs.services import LOCAL, Services, open_services
from jobs.settings import Settings
from jobs.store import batches as store
from tests.fakes.images_server import ImagesServer
from tests.jobs.making import batch, items

LOOK = 0.2
"""Seconds between two looks at the processes."""

Command = Callable[[Services, int], Sequence[Sequence[str]]]
"""Makes the work known, so many rows, and gives the arguments of Python that start each process."""


@dataclass(frozen=True)
class Work:
    """So many rows of one image of about `weight` bytes, at a provider that takes `latency` seconds, ± a part."""

    rows: int
    latency: float
    places: int = 10
    weight: int = 1_000_000
    jitter: float = 0.2


@dataclass(frozen=True)
class Run:
    """Seconds from the first call to the end; CPU seconds of all processes from the first call on; the largest
    sums of memory in MB; Redis commands, those inside scripts too; the most images in flight, as the provider
    counted.
    """

    work: Work
    seconds: float
    cpu: float
    rss: float
    pss: float
    commands: int
    most: int

    @property
    def efficiency(self) -> float:
        """Of the ideal time: the calls' own over the places."""
        return self.work.rows * self.work.latency / self.work.places / self.seconds

    @property
    def cpu_a_row(self) -> float:
        """In milliseconds."""
        return self.cpu / self.work.rows * 1000

    @property
    def commands_a_row(self) -> float:
        return self.commands / self.work.rows


def run(command: Command, work: Work) -> Run:
    """One batch from its first call to its end."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ImagesServer(weight=work.weight, latency=work.latency, jitter=work.jitter) as server,
    ):
        os.environ.update(
            server.environment()
            | {
                "PROMPTSHEET_DATA": folder,
                "PROMPTSHEET_CREDITS": str(100 * work.rows),
                "PROMPTSHEET_IMAGES_PLACES": str(work.places),
            }
        )
        services = open_services(Settings.read())
        services.database.migrate()
        valkey = embedded.start(Path(folder))
        batch_id = batch(services, items(work.rows, price=4000), "openai")
        services.redis.config_resetstat()
        try:
            started = [
                subprocess.Popen(
                    [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
                for arguments in command(services, work.rows)
            ]
            return _watch(services, started, batch_id, work, server)
        finally:
            services.close()
            embedded.end(Path(folder))
            valkey.wait()


def _watch(
    services: Services,
    started: Sequence[subprocess.Popen[bytes]],
    batch_id: str,
    work: Work,
    server: ImagesServer,
) -> Run:
    rss = pss = 0.0
    before: float | None = None
    while not (seconds := _over(services, batch_id)):
        tree = [one for process in started for one in _tree(process.pid)]
        if before is None and server.counts().calls:
            before = sum(sum(one.cpu_times()[:4]) for one in tree)
        rss = max(rss, sum(one.memory_info().rss for one in tree) / 1e6)
        pss = max(pss, sum(one.memory_full_info().pss for one in tree) / 1e6)
        time.sleep(LOOK)
    commands = _commands(services.redis)
    cpu = sum(map(_end, started)) - (before or 0)
    return Run(work, seconds, cpu, rss, pss, commands, server.counts().most_images)


def _tree(pid: int) -> list[psutil.Process]:
    return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]


def _end(process: subprocess.Popen[bytes]) -> float:
    """CPU seconds of a process and all it waited for."""
    process.terminate()
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return used.ru_utime + used.ru_stime


def _commands(redis: Redis) -> int:
    """Since the statistics were reset, without those that look at them."""
    counted = redis.info("commandstats")
    ours = ("cmdstat_info", "cmdstat_config")
    return sum(one["calls"] for name, one in counted.items() if not name.startswith(ours))


def _over(services: Services, batch_id: str) -> float | None:
    """Seconds from the first call to the end of the batch, once it is there."""
    with services.database.read() as connection:
        head = store.get(connection, LOCAL, batch_id)
        if head.ended_at is None:
            return None
        first = min(row.sent_at or 0 for row in store.rows(connection, LOCAL, batch_id))
    return head.ended_at - first

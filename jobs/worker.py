"""A worker process, `python -m jobs.worker [LINE]`: RQ forks a horse for each hint, to do the line's job."""

from __future__ import annotations

import logging
import os
import signal
import sys
from typing import Any

from redis import Redis
from rq import Queue, SpawnWorker
from rq import Worker as ForkingWorker

from jobs import hints, lifeline
from jobs.errors import PromptsheetError
from jobs.hints import IMAGES, LINES, Line
from jobs.services import Services, open_services, redis_url
from jobs.settings import Settings

WORKER_TTL = 30
"""Seconds; RQ waits 15 less in one go, and looks after itself only in between."""

MAINTENANCE = 30

NICENESS = 5
"""Drawing proofs takes every core; the web, which people wait for, goes first."""

# Forking a process that has used Objective-C ends it; on macOS RQ starts a fresh one instead.
_Base: type[ForkingWorker] = SpawnWorker if sys.platform == "darwin" else ForkingWorker


class Worker(_Base):  # type: ignore[misc]
    """RQ's worker, with two habits of ours.

    Asked to stop, it tells its horse, which finishes what is on its way and returns: RQ alone would wait for
    all of the work. After a horse's death, and every half minute, it sees that open work has a hint.
    """

    services: Services
    line: Line

    def handle_warm_shutdown_request(self) -> None:
        super().handle_warm_shutdown_request()
        if self.horse_pid:
            os.kill(self.horse_pid, signal.SIGTERM)

    def handle_work_horse_killed(self, *details: Any) -> None:
        super().handle_work_horse_killed(*details)
        hints.tick(self.services, self.line)

    def run_maintenance_tasks(self) -> None:
        super().run_maintenance_tasks()
        hints.tick(self.services, self.line)


def work(settings: Settings, line: Line) -> None:
    """Serve the line's queue until SIGTERM or SIGINT."""
    Worker.services, Worker.line = open_services(settings), line
    connection = Redis.from_url(redis_url(settings))
    worker = Worker(
        [Queue(line.queue, connection=connection)],
        connection=connection,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE,
    )
    worker.work(logging_level="WARNING")


def main(name: str = IMAGES.name) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    lifeline.hold()
    os.nice(NICENESS)
    try:
        work(Settings.read(), LINES[name])
    except PromptsheetError as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Four workers on one batch, who share the provider's limit through Redis, beside one worker alone."""

from __future__ import annotations

from collections.abc import Sequence

from rq import Queue

from bench.runner import HEAD, ROWS, SLOW, drain, line
from bench.runs import Work, run
from bench.table import Table
from jobs.hints import IMAGES
from jobs.services import Services

WORKERS = 4

PROMISE = """\
499 rows of one image of 1 MB at 3 s ± 20 % a call, 10 in flight for all workers together: at least 0.97 of the ideal
time with four workers, and never more than 10 in flight, as the provider counts."""


def measure() -> tuple[Table, ...]:
    work = Work(ROWS, SLOW)
    lines = (line("one worker", run(drain, work)), line("four workers", run(_drains, work)))
    return (Table("Workers that share a limit", PROMISE, HEAD, lines),)


def _drains(services: Services, rows: int) -> Sequence[Sequence[str]]:  # noqa: ARG001 (they are in the ledger)
    """A hint for each worker: with one alone the others would come in with their ticks, half a minute later."""
    queue = Queue(IMAGES.queue, connection=services.redis)
    for _ in range(WORKERS):
        queue.enqueue(IMAGES.job, job_timeout=-1, result_ttl=0, failure_ttl=60)
    return [["-m", "jobs.worker"]] * WORKERS

"""Hints that there is work; the only caller of RQ's queues.

RQ carries hints, SQL carries truth: a hint says "there is work" and may be lost at any time. It is given at
every start, and again by a worker's tick while work is open. The jobs that hints name never move, because RQ
keeps them as dotted names: `jobs.drain.drain` and `assistant.desk.work`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from redis.exceptions import RedisError
from rq import Queue, Worker

from jobs.batch import OPEN
from jobs.closing import pause
from jobs.services import Services
from jobs.store import drafts, moves, rewordings, turns
from jobs.store.database import Connection

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """A kind of work with a queue and workers of its own: one never waits for the other.

    `job` is the dotted name of what serves all of it, `waits` says whether there is any.
    """

    name: str
    queue: str
    job: str
    waits: Callable[[Connection], object]


IMAGES = Line("worker", "promptsheet", "jobs.drain.drain", moves.to_look_after)
"""Batches, in turn."""

DRAFTS = Line(
    "drafter",
    "promptsheet-drafts",
    "assistant.desk.work",
    lambda found: drafts.waiting(found) or turns.waiting(found) or rewordings.waiting(found),
)
"""Drafts, chat turns and other wordings of refused rows, all at once."""

LINES = {line.name: line for line in (IMAGES, DRAFTS)}


def hint(services: Services, line: Line = IMAGES) -> None:
    """Tell the workers that there is work. While Redis is away this does nothing: a tick tells them later."""
    try:
        queue = Queue(line.queue, connection=services.redis)
        if not queue.count:
            queue.enqueue(line.job, job_timeout=-1, result_ttl=0, failure_ttl=60)
    except RedisError:
        log.warning("Redis does not answer; work starts when it is back.")


def unattended(services: Services, line: Line = IMAGES) -> str | None:
    """Why nothing is being made although there is work, in a sentence; None where a worker is there."""
    try:
        if Worker.all(queue=Queue(line.queue, connection=services.redis)):
            return None
    except RedisError:
        return "Redis does not answer. Nothing is lost; the rows go on when it is back."
    return "No worker is running. Start one with `promptsheet up`, or `promptsheet worker`; then it goes on."


def tick(services: Services, line: Line = IMAGES) -> None:
    """Hint again while there is work: a hint may have been lost with Redis or with a worker."""
    with services.database.read() as connection:
        work = line.waits(connection)
    if work:
        hint(services, line)


def on_start(services: Services) -> None:
    """What PROMPTSHEET_ON_START says about batches that an earlier run left unfinished; drafts go on."""
    if services.settings.on_start == "pause":
        now = services.clock()
        with services.database.write() as connection:
            for batch_id in moves.in_states(connection, OPEN):
                pause(connection, batch_id, "Promptsheet was started again. Resume when you like.", now)
    for line in LINES.values():
        tick(services, line)

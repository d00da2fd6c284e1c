"""Hints that there is work; the only caller of RQ's queue.

RQ carries hints, SQL carries truth: a hint says "there is work" and may be lost at any time. It is given at
every start, and again by a worker's tick while a batch is open. The jobs that hints name never move, because
RQ keeps them as dotted names: `jobs.drain.drain`.
"""

from __future__ import annotations

import logging

from redis.exceptions import RedisError
from rq import Queue, Worker

from jobs.batch import OPEN
from jobs.closing import pause
from jobs.services import Services
from jobs.store import moves

QUEUE = "promptsheet"
DRAIN = "jobs.drain.drain"

log = logging.getLogger(__name__)


def hint(services: Services) -> None:
    """Tell the workers that there is work. While Redis is away this does nothing: a tick tells them later."""
    try:
        queue = Queue(QUEUE, connection=services.redis)
        if not queue.count:
            queue.enqueue(DRAIN, job_timeout=-1, result_ttl=0, failure_ttl=60)
    except RedisError:
        log.warning("Redis does not answer; work starts when it is back.")


def unattended(services: Services) -> str | None:
    """Why nothing is being made although there is work, in a sentence; None where a worker is there."""
    try:
        if Worker.all(queue=Queue(QUEUE, connection=services.redis)):
            return None
    except RedisError:
        return "Redis does not answer. Nothing is lost; the rows go on when it is back."
    return "No worker is running. Start one with `promptsheet up`, or `promptsheet worker`; then it goes on."


def tick(services: Services) -> None:
    """Hint again while a batch is open: a hint may have been lost with Redis or with a worker."""
    with services.database.read() as connection:
        work = moves.in_states(connection, OPEN)
    if work:
        hint(services)


def on_start(services: Services) -> None:
    """What PROMPTSHEET_ON_START says about batches that an earlier run left unfinished."""
    if services.settings.on_start == "pause":
        now = services.clock()
        with services.database.write() as connection:
            for batch_id in moves.in_states(connection, OPEN):
                pause(connection, batch_id, "Promptsheet was started again. Resume when you like.", now)
    tick(services)

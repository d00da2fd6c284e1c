"""The module that Celery's own command loads: `celery -A bench.celery_tasks worker`, as people run it."""

from __future__ import annotations

from typing import Any

from celery import Celery

from bench.rows import run_one
from jobs.services import redis_url
from jobs.settings import Settings

app: Any = Celery("bench", broker=redis_url(Settings.read()).replace("unix://", "redis+socket://"))
# A row is not fetched before a thread is free for it, and nobody asks for its result.
app.conf.update(worker_prefetch_multiplier=1, task_ignore_result=True)
row: Any = app.task(run_one)

"""The module that Huey's own command loads: `huey_consumer bench.huey_tasks.queue`, as people run it."""

from __future__ import annotations

from typing import Any

from huey import RedisHuey

from bench.rows import run_one
from jobs.services import redis_url
from jobs.settings import Settings

queue: Any = RedisHuey("bench", url=redis_url(Settings.read()))
row: Any = queue.task()(run_one)

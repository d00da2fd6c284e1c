"""The module that Dramatiq's own command loads: `dramatiq bench.dramatiq_tasks`, as people run it."""

from __future__ import annotations

from typing import Any

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from bench.rows import run_one
from jobs.services import redis_url
from jobs.settings import Settings

# Without its Prometheus server and without retries: neither is part of the work compared.
_LEFT_OUT = ("Prometheus", "Retries")

broker = RedisBroker(url=redis_url(Settings.read()))
broker.middleware = [one for one in broker.middleware if type(one).__name__ not in _LEFT_OUT]
dramatiq.set_broker(broker)
row: Any = dramatiq.actor(max_retries=0)(run_one)

"""Why nothing moves is said in a sentence: Redis away, or no worker there."""

from __future__ import annotations

import pytest
from rq import Queue, Worker

from jobs import hints
from jobs.services import Services


def test_redis_that_is_away_is_named(services: Services) -> None:
    assert "Redis does not answer" in (hints.unattended(services) or "")


@pytest.mark.usefixtures("valkey")
def test_a_missing_worker_is_named_and_one_that_is_there_is_not(services: Services) -> None:
    assert "No worker is running" in (hints.unattended(services) or "")
    worker = Worker([Queue(hints.IMAGES.queue, connection=services.redis)], connection=services.redis)
    worker.register_birth()
    assert hints.unattended(services) is None
    worker.register_death()
    assert "No worker is running" in (hints.unattended(services) or "")


@pytest.mark.usefixtures("valkey")
def test_a_worker_that_was_killed_is_missed_once_its_sign_of_life_is_gone(services: Services) -> None:
    worker = Worker([Queue(hints.IMAGES.queue, connection=services.redis)], connection=services.redis)
    worker.register_birth()
    services.redis.delete(worker.key)  # as its time to live does
    assert "No worker is running" in (hints.unattended(services) or "")

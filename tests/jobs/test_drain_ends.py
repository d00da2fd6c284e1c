"""What ends a drain: a cap that is reached, and being asked; the rows in hand are finished first."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Iterator

import pytest

from jobs.drain import Drain
from jobs.services import Services
from tests.fakes.images_server import ImagesServer
from tests.jobs.making import batch, items, state, states
from tests.waiting import until


@pytest.fixture
def server() -> Iterator[ImagesServer]:
    with ImagesServer() as running:
        yield running


@pytest.fixture
def environment(environment: dict[str, str], server: ImagesServer) -> dict[str, str]:
    return environment | server.environment()


@pytest.mark.usefixtures("valkey")
def test_a_cap_that_is_reached_pauses_the_batch_in_the_same_drain(
    services: Services, server: ImagesServer
) -> None:
    batch_id = batch(services, items(5, price=4000), "openai", budget=8000)
    asyncio.run(Drain(services).run())
    assert states(services, batch_id) == {"done": 2, "pending": 3}
    assert state(services, batch_id) == ("paused", "Your cap of 8 credits is reached.")
    assert server.counts().billed == 2


@pytest.mark.usefixtures("valkey")
def test_a_drain_that_is_asked_to_end_ends_when_its_rows_in_hand_are_done(
    services: Services, server: ImagesServer
) -> None:
    server.behave(latency=0.2)
    batch_id = batch(services, items(60), "openai")
    asking = threading.Thread(
        target=lambda: (
            until(lambda: states(services, batch_id).get("done")),
            os.kill(os.getpid(), signal.SIGTERM),
        )
    )
    asking.start()
    asyncio.run(asyncio.wait_for(Drain(services).run(), 20))
    asking.join()
    left = states(services, batch_id)
    assert set(left) == {"done", "pending"}
    assert server.counts().billed == left["done"] < 60

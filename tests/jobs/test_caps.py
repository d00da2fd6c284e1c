"""A cap on what a batch may spend: it holds, and it is said as soon as it is reached."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from jobs.drain import Drain
from jobs.services import Services
from tests.fakes.images_server import ImagesServer
from tests.jobs.making import batch, items, state, states


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

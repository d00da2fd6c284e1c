"""The runner with a web UI: what went wrong is made again for nothing, one call at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from jobs.drain import Drain
from jobs.services import LOCAL, Services
from jobs.store import images
from tests.fakes.a1111_server import A1111Server
from tests.jobs.making import batch, item, states


@pytest.fixture
def server() -> Iterator[A1111Server]:
    with A1111Server() as running:
        yield running


@pytest.fixture
def environment(environment: dict[str, str], server: A1111Server) -> dict[str, str]:
    return environment | server.environment()


@pytest.mark.usefixtures("valkey")
def test_an_answer_that_was_lost_is_made_again_and_only_one_call_is_under_way(
    services: Services, server: A1111Server
) -> None:
    prompts = ("a fox", "fault:reset-after*1", "fault:out-of-memory*1", "fault:truncated-image*1", "an owl")
    rows = [item(number, prompt, 2, seed_number=7) for number, prompt in enumerate(prompts, 2)]
    batch_id = batch(services, rows, "a1111")
    asyncio.run(Drain(services).run())
    assert states(services, batch_id) == {"done": len(prompts)}
    assert server.counts().most_at_once == 1
    with services.database.read() as connection:
        made = images.of_rows(connection, LOCAL, batch_id)
    assert sorted((image.number, image.seed) for image in made) == [
        (row.number, seed) for row in rows for seed in (7, 8)
    ]
    assert {image.prompt_used for image in made} == set(prompts)

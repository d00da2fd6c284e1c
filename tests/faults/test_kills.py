"""SIGKILL at any moment of a batch: it goes on, no row is lost, none is billed twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs import embedded, hints
from jobs.services import LOCAL, Services, open_services
from jobs.settings import Settings
from jobs.store import images
from tests.fakes.images_server import ImagesServer
from tests.faults.processes import kill, running, until
from tests.jobs.making import batch, items, state, states


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ImagesServer]:
    """A stand-in provider, and the environment that the processes under test inherit."""
    with ImagesServer(latency=0.15, jitter=0.2) as server:
        for name, value in {**server.environment(), "PROMPTSHEET_DATA": str(tmp_path / "data")}.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def services(environment: ImagesServer) -> Iterator[Services]:
    opened = open_services(Settings.read())
    opened.database.migrate()
    yield opened
    opened.close()


def check_bill(services: Services, server: ImagesServer, batch_id: str, rows: int) -> int:
    """No row lost, none billed twice, no more in flight than allowed; returns how many are unknown."""
    counts = server.counts()
    assert max(counts.billed_by_prompt.values()) == 1
    assert counts.most_images <= 10
    counted = states(services, batch_id)
    unknown = counted.get("unknown", 0)
    assert counted.get("done", 0) + unknown == rows
    with services.database.read() as connection:
        made = images.of_rows(connection, LOCAL, batch_id)
    assert len(made) == counted["done"]
    assert all(services.files.path(image.key).stat().st_size == image.size for image in made)
    return unknown


@pytest.mark.parametrize("target", ["horse", "worker", "all"])
def test_a_killed_process_leaves_free_rows_to_be_made_again(services: Services, target: str) -> None:
    with running(services.settings):
        batch_id = batch(services, items(30, images=2), "proof")
        hints.hint(services)
        until(lambda: states(services, batch_id).get("done", 0) > 3)
        kill(target)
        until(lambda: state(services, batch_id)[0] == "finished")
    assert states(services, batch_id) == {"done": 30}


def test_asked_to_end_everything_leaves_nothing_unknown(
    services: Services, environment: ImagesServer
) -> None:
    environment.behave(latency=0.5)
    with running(services.settings):
        batch_id = batch(services, items(60), "openai")
        hints.hint(services)
        until(lambda: states(services, batch_id).get("sent", 0) == 10)
    counted = states(services, batch_id)
    assert set(counted) == {"done", "pending"}
    assert counted["done"] == environment.counts().billed
    with running(services.settings):
        until(lambda: state(services, batch_id)[0] == "finished")
    assert check_bill(services, environment, batch_id, 60) == 0


def test_a_lost_hint_is_given_again(services: Services) -> None:
    with running(services.settings):
        batch_id = batch(services, items(3), "proof")
        until(lambda: state(services, batch_id)[0] == "finished", 60)
    assert states(services, batch_id) == {"done": 3}


def test_a_redis_left_behind_by_a_killed_owner_is_taken_over(services: Services) -> None:
    left = embedded.start(services.settings.data)
    with running(services.settings):
        assert left.wait(10) == 0
        assert embedded.answers(services.settings.data)
    assert not embedded.answers(services.settings.data)

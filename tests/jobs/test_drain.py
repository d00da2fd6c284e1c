"""The runner against a strict stand-in that counts what it bills, with a real Valkey between the workers."""

from __future__ import annotations

import asyncio
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from jobs import control, embedded
from jobs.batch import BatchState
from jobs.drain import Drain
from jobs.services import LOCAL, Services
from jobs.store import batches as store
from jobs.store import images
from tests.fakes.images_server import ImagesServer
from tests.jobs.making import batch, item, items, state, states

pytestmark = pytest.mark.usefixtures("valkey")


@pytest.fixture(scope="module")
def server() -> Iterator[ImagesServer]:
    with ImagesServer() as running:
        yield running


@pytest.fixture
def environment(environment: dict[str, str], server: ImagesServer) -> dict[str, str]:
    server.reset()
    return environment | server.environment()


def run(services: Services) -> None:
    asyncio.run(Drain(services).run())


def meanwhile(services: Services, when: Callable[[], bool], do: Callable[[], object]) -> threading.Thread:
    """Do something while the drain runs, as soon as a condition holds."""

    def watch() -> None:
        until(when)
        do()

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "the condition was waited for in vain"
        threading.Event().wait(0.02)


def test_every_row_is_made_once_and_kept(services: Services, server: ImagesServer) -> None:
    server.behave(latency=0.02)
    batch_id = batch(services, items(30, price=4000), "openai")
    run(services)
    assert states(services, batch_id) == {"done": 30}
    assert state(services, batch_id) == (BatchState.FINISHED, None)
    counts = server.counts()
    assert counts.billed == 30
    assert set(counts.billed_by_prompt.values()) == {1}
    with services.database.read() as connection:
        made = images.of_rows(connection, LOCAL, batch_id)
    assert all(services.files.path(image.key).stat().st_size == image.size for image in made)
    assert {(image.width, image.height) for image in made} == {(1024, 1024)}


def test_places_are_counted_in_images(services: Services, server: ImagesServer) -> None:
    server.behave(latency=0.05)
    batch_id = batch(services, items(12, images=4), "openai")
    run(services)
    assert states(services, batch_id) == {"done": 12}
    assert server.counts().most_images <= 10


def test_a_small_batch_started_later_finishes_first(services: Services, server: ImagesServer) -> None:
    server.behave(latency=0.05)
    long = batch(services, items(150), "openai")
    small: list[str] = []
    thread = meanwhile(
        services,
        lambda: states(services, long).get("done", 0) > 5,
        lambda: small.append(batch(services, [item(n, f"small {n}") for n in range(2, 7)], "openai")),
    )
    run(services)
    thread.join()
    with services.database.read() as connection:
        ends = {one: store.get(connection, LOCAL, one).ended_at for one in (long, *small)}
        done_then = [row for row in store.rows(connection, LOCAL, long) if row.ended_at < ends[small[0]]]
    assert len(done_then) < 75


def test_a_stop_ends_in_one_calls_time_and_a_resume_makes_the_rest(
    services: Services, server: ImagesServer
) -> None:
    server.behave(latency=0.1)
    batch_id = batch(services, items(60), "openai")
    thread = meanwhile(
        services,
        lambda: states(services, batch_id).get("done", 0) >= 5,
        lambda: control.stop(services, LOCAL, batch_id),
    )
    run(services)
    thread.join()
    assert state(services, batch_id)[0] == BatchState.STOPPED
    counted = states(services, batch_id)
    assert set(counted) == {"done", "pending"}
    assert counted["done"] == server.counts().billed < 60
    control.resume(services, LOCAL, batch_id)
    run(services)
    assert states(services, batch_id) == {"done": 60}
    assert server.counts().billed == 60


def test_too_many_at_once_shrinks_the_width_and_repeats_under_the_same_attempt(
    services: Services, server: ImagesServer
) -> None:
    server.behave(latency=0.05, places=6)
    batch_id = batch(services, items(30), "openai")
    run(services)
    assert states(services, batch_id) == {"done": 30}
    counts = server.counts()
    assert counts.billed == 30
    assert set(counts.billed_by_attempt.values()) == {1}
    with services.database.read() as connection:
        assert {row.attempts for row in store.rows(connection, LOCAL, batch_id)} == {1}


@pytest.mark.parametrize(
    ("fault", "becomes", "says"),
    [
        ("bad-request", "failed", "Invalid value"),
        ("moderation", "refused", "safety system"),
        ("reset-after", "unknown", "billed"),
        ("html", "unknown", "billed"),
    ],
)
def test_what_goes_wrong_with_a_row_ends_in_its_state_with_the_reason(
    services: Services, server: ImagesServer, fault: str, becomes: str, says: str
) -> None:
    rows = [item(2, f"fault:{fault}", price=4000), *items(3, price=4000)[1:]]
    batch_id = batch(services, rows, "openai")
    run(services)
    assert states(services, batch_id) == {becomes: 1, "done": 2}
    with services.database.read() as connection:
        (row,) = store.rows(connection, LOCAL, batch_id, states=[becomes])
    assert says in (row.reason or "")


@pytest.mark.parametrize(("fault", "says"), [("unauthorized", "key"), ("no-funds", "funds")])
def test_what_no_further_call_can_pass_pauses_the_batch_and_loses_nothing(
    services: Services, server: ImagesServer, fault: str, says: str
) -> None:
    server.behave(script=[fault] * 40)
    batch_id = batch(services, items(12), "openai")
    run(services)
    paused, reason = state(services, batch_id)
    assert paused == BatchState.PAUSED
    assert says in (reason or "")
    assert states(services, batch_id) == {"pending": 12}
    server.behave(script=[])
    control.resume(services, LOCAL, batch_id)
    run(services)
    assert states(services, batch_id) == {"done": 12}


def test_a_back_end_that_lost_its_settings_pauses_its_batches(services: Services) -> None:
    batch_id = batch(services, items(3), "openai")
    bare = replace(services.settings, images_base_url="", images_api_key="", openai_api_key="")
    run(replace(services, settings=bare))
    paused, reason = state(services, batch_id)
    assert paused == BatchState.PAUSED
    assert "PROMPTSHEET_IMAGES_API_KEY" in (reason or "")
    assert states(services, batch_id) == {"pending": 3}


def test_a_failing_server_is_asked_a_few_times_and_then_the_row_fails(
    services: Services, server: ImagesServer
) -> None:
    batch_id = batch(services, [item(2, "fault:server-error"), item(3, "fault:server-error*2")], "openai")
    run(replace(services, settings=replace(services.settings, longest_wait=0)))
    assert states(services, batch_id) == {"failed": 1, "done": 1}
    with services.database.read() as connection:
        failed, done = store.rows(connection, LOCAL, batch_id)
    assert "5 times" in (failed.reason or "")
    assert done.attempts == 1
    control.retry(services, LOCAL, batch_id)
    assert states(services, batch_id) == {"pending": 1, "done": 1}


def test_an_unknown_row_is_sent_again_only_when_a_person_says_so(
    services: Services, server: ImagesServer
) -> None:
    batch_id = batch(services, [item(2, "fault:reset-after*1", price=4000)], "openai")
    run(services)
    assert states(services, batch_id) == {"unknown": 1}
    with pytest.raises(Exception, match="failed or was refused"):
        control.retry(services, LOCAL, batch_id)
    control.retry(services, LOCAL, batch_id, unknown=True)
    run(services)
    assert states(services, batch_id) == {"done": 1}
    with services.database.read() as connection:
        (row,) = store.rows(connection, LOCAL, batch_id)
    assert row.spent == 8000


def test_without_redis_no_call_starts_and_work_goes_on_when_it_is_back(
    services: Services, server: ImagesServer
) -> None:
    server.behave(latency=0.2)
    batch_id = batch(services, items(40), "openai")
    counted: list[int] = []
    started: list[subprocess.Popen[bytes]] = []

    def outage() -> None:
        embedded.end(services.settings.data)
        until(lambda: states(services, batch_id).get("sent", 0) == 0)
        counted.append(server.counts().calls)
        until(lambda: states(services, batch_id).get("claimed", 0) > 0)
        counted.append(server.counts().calls)
        started.append(embedded.start(services.settings.data))

    thread = meanwhile(services, lambda: states(services, batch_id).get("done", 0) > 5, outage)
    run(services)
    thread.join()
    assert states(services, batch_id) == {"done": 40}
    assert counted[0] == counted[1] < 40
    assert server.counts().billed == 40
    embedded.end(services.settings.data)
    started[0].wait(10)


def test_proof_rows_cost_nothing_and_are_drawn(services: Services) -> None:
    batch_id = batch(services, items(3, images=2), "proof")
    run(services)
    assert states(services, batch_id) == {"done": 3}
    with services.database.read() as connection:
        made = images.of_rows(connection, LOCAL, batch_id)
    assert len(made) == 6
    assert all(image.seed is not None for image in made)

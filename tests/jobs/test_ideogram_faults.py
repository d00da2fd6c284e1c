"""Ideogram away, slow, failing or silent, a clock that is set: each ends as it must, none is paid twice."""

from __future__ import annotations

import socket
import time
from dataclasses import replace

import pytest

from jobs import control
from jobs.services import LOCAL, Services
from tests.fakes.ideogram_server import IdeogramServer
from tests.jobs.making import state, states
from tests.jobs.test_ideogram_runs import agrees, meanwhile, order, rows_of, run

pytestmark = pytest.mark.usefixtures("valkey")


@pytest.fixture
def environment(environment: dict[str, str], server: IdeogramServer) -> dict[str, str]:
    """No waiting between calls that were turned away, and little for those that are not answered."""
    return (
        environment
        | server.environment()
        | {"IDEOGRAM_TIMEOUT": "2", "PROMPTSHEET_LONGEST_WAIT": "0", "IDEOGRAM_PLACES": "10"}
    )


def prompts(count: int) -> list[str]:
    return [f"prompt {number}" for number in range(count)]


def test_a_provider_that_fails_every_call_fails_each_row_in_words_and_bills_nothing(
    services: Services, server: IdeogramServer
) -> None:
    server.behave(script=["server-error"] * 500)
    batch_id = order(services, prompts(12))
    run(services)
    assert states(services, batch_id) == {"failed": 12}
    assert state(services, batch_id)[0] == "finished"
    for row in rows_of(services, batch_id):
        assert "Internal error" in (row.reason or "")
        assert "It was tried 5 times; nothing was billed." in (row.reason or "")
    assert (server.counts().credits, server.counts().calls) == (0, 60)
    server.behave(script=[])
    control.retry(services, LOCAL, batch_id)
    run(services)
    assert states(services, batch_id) == {"done": 12}
    assert agrees(services, server, batch_id)


def test_a_provider_that_takes_no_call_pauses_the_batch_in_words_and_loses_nothing(
    services: Services, server: IdeogramServer
) -> None:
    server.behave(script=["throttle"] * 5000)
    batch_id = order(services, prompts(12))
    run(services)
    assert states(services, batch_id) == {"pending": 12}
    paused, reason = state(services, batch_id)
    assert (paused, "takes no more calls just now" in (reason or "")) == ("paused", True)
    server.behave(script=[])
    control.resume(services, LOCAL, batch_id)
    run(services)
    assert states(services, batch_id) == {"done": 12}
    assert agrees(services, server, batch_id)


def test_a_provider_that_is_away_is_waited_for(services: Services) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    there = replace(services.settings, ideogram_base_url=f"http://127.0.0.1:{port}", longest_wait=1)
    batch_id = order(services, prompts(12))
    come: list[IdeogramServer] = []

    def comes_back() -> None:
        come.append(IdeogramServer("--port", str(port)).__enter__())

    thread = meanwhile(lambda: states(services, batch_id).get("claimed", 0) == 12, comes_back)
    run(replace(services, settings=there))
    thread.join()
    assert states(services, batch_id) == {"done": 12}
    assert agrees(services, come[0], batch_id)
    assert {row.attempts for row in rows_of(services, batch_id)} == {1}
    come[0].stop()


def test_a_provider_that_stays_away_pauses_the_batch_in_words(services: Services) -> None:
    gone = replace(services.settings, ideogram_base_url="http://127.0.0.1:9")
    batch_id = order(services, prompts(12))
    run(replace(services, settings=gone))
    assert states(services, batch_id) == {"pending": 12}
    paused, reason = state(services, batch_id)
    assert (paused, "127.0.0.1:9" in (reason or "")) == ("paused", True)


def test_a_provider_ten_times_as_slow_is_waited_for(services: Services, server: IdeogramServer) -> None:
    server.behave(latency=0.15)
    batch_id = order(services, prompts(20))
    thread = meanwhile(lambda: states(services, batch_id).get("done"), lambda: server.behave(latency=1.5))
    run(services)
    thread.join()
    assert states(services, batch_id) == {"done": 20}
    assert set(server.counts().billed_by_prompt.values()) == {1}
    assert agrees(services, server, batch_id)


def test_what_is_never_answered_is_unknown_and_not_ordered_again(
    services: Services, server: IdeogramServer
) -> None:
    batch_id = order(services, ["fault:hang", "fault:gen-stuck", "fault:gen-forgotten", "fault:gen-unsafe"])
    run(services)
    hung, stuck, forgotten, unsafe = rows_of(services, batch_id)
    assert (hung.state, stuck.state, forgotten.state) == ("unknown", "unknown", "unknown")
    assert "billed" in (hung.reason or "")
    assert "has not finished generation" in (stuck.reason or "")
    assert "knows nothing of what was ordered" in (forgotten.reason or "")
    assert (unsafe.state, unsafe.spent) == ("refused", 0)
    assert set(server.counts().calls_by_prompt.values()) == {1}


@pytest.mark.parametrize("leap", [86_400.0, -86_400.0])
def test_a_clock_that_is_set_takes_no_row_from_a_worker_that_lives(
    services: Services, server: IdeogramServer, leap: float
) -> None:
    """The rows are on their way for longer than it takes to look after lost ones."""
    server.behave(latency=2.5)
    patient = replace(services.settings, ideogram_timeout=60)
    ahead, held = [0.0], set[str | None]()
    batch_id = order(services, prompts(10))

    def set_clock() -> None:
        held.update(row.attempt for row in rows_of(services, batch_id))
        ahead[0] = leap

    def on_their_way() -> bool:
        return all(row.ticket for row in rows_of(services, batch_id))

    thread = meanwhile(on_their_way, set_clock)
    run(replace(services, settings=patient, clock=lambda: time.time() + ahead[0]))
    thread.join()
    assert states(services, batch_id) == {"done": 10}
    assert {row.attempt for row in rows_of(services, batch_id)} == held
    assert server.counts().calls == 10
    assert agrees(services, server, batch_id)

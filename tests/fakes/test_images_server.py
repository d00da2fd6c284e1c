"""The stand-in itself: what it takes, what it counts, and that it ends with those who started it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.fakes import pictures
from tests.fakes.images_app import KEY
from tests.fakes.images_protocol import Complaint, check
from tests.fakes.images_server import ROOT, ImagesServer


@pytest.fixture(scope="module")
def running() -> Iterator[ImagesServer]:
    with ImagesServer(latency=0.05) as server:
        yield server


@pytest.fixture
def server(running: ImagesServer) -> ImagesServer:
    running.reset()
    return running


def call(server: ImagesServer, key: str = KEY, **body: Any) -> int:
    """The status of one call."""
    asked = {"model": "gpt-image-2", "prompt": "A fox"} | body
    headers = {"Authorization": f"Bearer {key}", "X-Client-Request-Id": "a"}
    try:
        with urlopen(
            Request(f"{server.url}/images/generations", json.dumps(asked).encode(), headers)
        ) as answer:
            answer.read()
            return int(answer.status)
    except HTTPError as refused:
        refused.read()
        return refused.code


@pytest.mark.parametrize(
    "body",
    [
        {"model": "gpt-image-9"},
        {"prompt": ""},
        {"n": 0},
        {"n": 11},
        {"n": True},
        {"n": "2"},
        {"seed": 7},
        {"negative_prompt": "text"},
        {"response_format": "b64_json"},
        {"quality": "turbo"},
        {"size": "832x1249"},
        {"size": "512x512"},
        {"size": "large"},
        {"model": "gpt-image-1", "size": "832x1248"},
        {"model": "dall-e-3", "n": 2},
        {"model": "dall-e-3", "quality": "high"},
        {"model": "dall-e-2", "size": "1792x1024"},
        {"model": "dall-e-2", "prompt": "fox " * 300},
    ],
)
def test_a_call_that_the_protocol_forbids_is_refused_and_not_billed(body: dict[str, Any]) -> None:
    with pytest.raises(Complaint):
        check({"model": "gpt-image-2", "prompt": "A fox"} | body)


def test_a_call_without_the_key_is_refused(server: ImagesServer) -> None:
    assert (call(server, key="other"), call(server, n=0), call(server)) == (401, 400, 200)
    assert (server.counts().calls, server.counts().billed) == (3, 1)


def test_calls_images_and_attempts_are_counted_where_they_are_billed(server: ImagesServer) -> None:
    assert [call(server, n=2), call(server), call(server, prompt="fault:throttle*1"), call(server)] == [
        200, 200, 429, 200,
    ]  # fmt: skip
    counts = server.counts()
    assert (counts.calls, counts.billed, counts.images) == (4, 3, 4)
    assert counts.billed_by_prompt == {"A fox": 3}
    assert counts.calls_by_prompt == {"A fox": 3, "fault:throttle*1": 1}
    assert counts.billed_by_attempt == {"a": 3}
    assert call(server, prompt="fault:throttle*1") == 200


def test_more_images_at_once_than_there_are_places_are_turned_away(server: ImagesServer) -> None:
    server.behave(places=5, latency=0.3)
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(call(server, n=2))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = server.counts()
    assert sorted(found) == [200, 200, 429, 429]
    assert (counts.most_images, counts.most_calls, counts.throttled, counts.in_flight_images) == (4, 2, 2, 0)


def test_an_account_is_empty_after_its_quota(server: ImagesServer) -> None:
    server.behave(quota=3)
    assert [call(server, n=2), call(server, n=2), call(server)] == [200, 429, 200]


def test_faults_come_by_script_and_by_fragment(server: ImagesServer) -> None:
    server.behave(script=["server-error", ""], faults={"fox": "moderation"})
    assert [call(server), call(server), call(server), call(server, prompt="A hen")] == [500, 200, 400, 200]


def test_an_unknown_wish_is_refused(server: ImagesServer) -> None:
    with pytest.raises(HTTPError) as caught:
        server.behave(latncy=3)
    caught.value.close()


def test_an_image_weighs_what_is_asked() -> None:
    assert 950_000 < len(pictures.png(1024, 1024, 1_000_000)) < 1_050_000
    assert len(pictures.png(1024, 1024)) < 20_000


def test_it_ends_when_its_starter_is_killed() -> None:
    starter = "import os; from tests.fakes.images_server import ImagesServer; server = ImagesServer();"
    starter += "server.__enter__(); print(server.pid, flush=True); os.kill(os.getpid(), 9)"
    done = subprocess.run([sys.executable, "-c", starter], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert _gone(int(done.stdout))


def _gone(pid: int) -> bool:
    import psutil

    try:
        psutil.Process(pid).wait(5)
    except psutil.NoSuchProcess:
        return True
    return not psutil.pid_exists(pid)

"""The wire: what was surely not sent, connections, certificates, downloads."""

from __future__ import annotations

import asyncio
import socket

import pytest

from jobs import errors
from jobs.backends import openai
from tests.backends import rows
from tests.backends.through import make, settings
from tests.fakes.images_server import ImagesServer


def test_an_images_link_to_another_host_does_not_get_the_key(server: ImagesServer) -> None:
    make(settings(server), "A fox, fault:url")
    assert server.counts().downloads_with_key == 1
    make(settings(server), "A fox, fault:url-elsewhere")
    assert (server.counts().downloads, server.counts().downloads_with_key) == (2, 1)


def test_a_download_is_tried_a_few_times_and_the_call_never_again(server: ImagesServer) -> None:
    make(settings(server), "A fox, fault:flaky-url")
    assert (server.counts().calls, server.counts().downloads) == (1, 3)


def test_a_refused_connection_a_strange_name_and_a_plain_port_were_not_reached(server: ImagesServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    for address, why in (
        (f"http://127.0.0.1:{closed}", "the connection is refused"),
        ("http://nowhere.invalid", "its name is not found"),
        (server.url.replace("http:", "https:"), "no secure connection"),
    ):
        with pytest.raises(errors.Unavailable) as caught:
            make(settings(server, base_url=address))
        assert why in str(caught.value)
        assert not caught.value.reached
    assert server.counts().calls == 0


def test_a_connection_that_nobody_takes_up_may_be_tried_again(server: ImagesServer) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]  # fill its queue, so that a further one is left waiting
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        with pytest.raises(errors.Unavailable, match="does not take up the connection"):
            make(settings(server, base_url=f"http://127.0.0.1:{port}", timeout="1"))
        for one in waiting:
            one.close()


def test_a_certificate_nobody_has_signed_pauses_the_batch() -> None:
    with ImagesServer(tls=True) as untrusted, pytest.raises(errors.Halted, match="not to be trusted"):
        make(settings(untrusted))


def test_connections_are_kept_for_the_next_call_and_as_many_as_wanted(server: ImagesServer) -> None:
    async def run(count: int, at_once: int) -> None:
        backend = openai.connect(settings(server))
        row = rows.values()
        for _ in range(0, count, at_once):
            call = rows.request(row, (1024, 1024))
            await asyncio.gather(*(backend.generate(call) for _ in range(at_once)))
        await backend.close()

    asyncio.run(run(10, 1))
    assert server.counts().connections == 1
    server.behave(latency=0.5)
    asyncio.run(run(120, 120))
    assert server.counts().most_calls == 120


def test_an_answer_above_the_limit_is_not_read_to_its_end(server: ImagesServer) -> None:
    server.behave(weight=2_000_000)
    backend = openai.connect(settings(server))

    async def run() -> None:
        content = {"model": "gpt-image-2", "prompt": "A fox"}
        try:
            await backend._calls.post("images/generations", content, "a", limit=1 << 20)
        finally:
            await backend.close()

    with pytest.raises(errors.AnswerLost, match="more than 1 MB"):
        asyncio.run(run())

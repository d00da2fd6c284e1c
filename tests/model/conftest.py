"""A chat endpoint on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.chat_server import ChatServer


@pytest.fixture(scope="session")
def running() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


@pytest.fixture
def server(running: ChatServer) -> ChatServer:
    """A language model that behaves, as new for each test; a test makes it misbehave."""
    running.reset()
    return running

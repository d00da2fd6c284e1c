"""One running stand-in for all of these tests, as new for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.images_server import ImagesServer


@pytest.fixture(scope="session")
def running() -> Iterator[ImagesServer]:
    with ImagesServer() as server:
        yield server


@pytest.fixture
def server(running: ImagesServer) -> ImagesServer:
    running.reset()
    return running

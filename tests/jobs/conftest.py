"""Real services in a folder of their own: SQLite, an embedded Valkey where asked for, files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs import embedded
from jobs.services import Services, open_services
from jobs.settings import Settings


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of the processes under test; a test adds to it before it asks for services."""
    return {"PROMPTSHEET_DATA": str(tmp_path / "data")}


@pytest.fixture
def services(environment: dict[str, str]) -> Iterator[Services]:
    opened = open_services(Settings.read(environment))
    opened.database.migrate()
    yield opened
    opened.close()


@pytest.fixture
def valkey(services: Services) -> Iterator[None]:
    process = embedded.start(services.settings.data)
    yield
    embedded.end(services.settings.data)
    process.wait(10)

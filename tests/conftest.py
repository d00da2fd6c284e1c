"""What every suite shares: the browser, started as this machine has it; a data folder with its tables."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from jobs.services import open_services
from jobs.settings import Settings
from tests.machine import chromium

QUIET = (
    "--disable-background-networking",
    "--disable-gpu",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium where there is one; without its calls home, and as root without its sandbox."""
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    found = chromium()
    chosen = {"executable_path": found} if found else {}
    return browser_type_launch_args | chosen | {"args": arguments}


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables and nothing in them: made once, which takes a tenth of a second."""
    folder = tmp_path_factory.mktemp("tables")
    services = open_services(Settings.read({"PROMPTSHEET_DATA": str(folder)}))
    services.database.migrate()
    services.close()
    return folder / "promptsheet.sqlite3"


@pytest.fixture
def data_folder(tmp_path: Path, empty_database: Path) -> Path:
    """A data folder of the test's own."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    shutil.copy(empty_database, folder)
    return folder

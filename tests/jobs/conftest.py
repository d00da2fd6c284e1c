"""Real services in a folder of their own: SQLite or PostgreSQL, an embedded Valkey where asked for, files."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs import embedded, ids
from jobs.services import Services, open_services
from jobs.settings import Settings
from tests.fakes.ideogram_server import IdeogramServer
from tests.machine import missing, postgres

SERVER_USER = "nobody"
"""PostgreSQL does not run as root."""


@pytest.fixture
def environment(data_folder: Path) -> dict[str, str]:
    """The environment of the processes under test; a test adds to it before it asks for services."""
    return {"PROMPTSHEET_DATA": str(data_folder)}


@pytest.fixture
def services(environment: dict[str, str]) -> Iterator[Services]:
    opened = open_services(Settings.read(environment))
    opened.database.migrate()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def _ideogram() -> Iterator[IdeogramServer]:
    with IdeogramServer() as running:
        yield running


@pytest.fixture
def server(_ideogram: IdeogramServer) -> IdeogramServer:
    """A stand-in of Ideogram's API that has counted nothing yet; a suite of another provider has its own."""
    _ideogram.reset()
    return _ideogram


@pytest.fixture
def valkey(services: Services) -> Iterator[None]:
    process = embedded.start(services.settings.data)
    yield
    embedded.end(services.settings.data)
    process.wait(10)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, on a socket in a folder of its own."""
    if reason := missing("postgres"):
        pytest.skip(reason)
    programs = postgres()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="promptsheet-pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, SERVER_USER)
        as_user = ["runuser", "-u", SERVER_USER, "--"]
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    cluster = folder / "cluster"
    subprocess.run([*as_user, programs / "initdb", "-A", "trust", "-U", "tests", cluster], **quiet)  # type: ignore[call-overload]
    options = f"-c listen_addresses='' -k {folder} -c fsync=off"
    control = [*as_user, programs / "pg_ctl", "-D", cluster, "-w"]
    subprocess.run([*control, "-o", options, "-l", folder / "log", "start"], **quiet)  # type: ignore[call-overload]
    yield f"postgresql+psycopg://tests@/{{name}}?host={folder}"
    subprocess.run([*control, "-m", "immediate", "stop"], **quiet)  # type: ignore[call-overload]
    shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """A fresh database."""
    import psycopg

    name = f"t_{ids.new()}"
    address = postgres_server.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(address.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
    return postgres_server.format(name=name)

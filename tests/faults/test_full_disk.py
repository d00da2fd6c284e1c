"""A disk that fills up mid-batch: the batch pauses and says so, and what was paid for is kept."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jobs import control, embedded
from jobs.ballast import SPARE
from jobs.drain import Drain
from jobs.errors import StorageFull
from jobs.files import Files
from jobs.services import LOCAL, Services, open_services
from jobs.settings import Settings
from jobs.store import images
from tests.fakes.ideogram_server import IdeogramServer
from tests.fakes.images_server import ImagesServer
from tests.jobs.making import batch, item, items, state, states
from tests.machine import FULL
from tests.waiting import until

pytestmark = pytest.mark.skipif(os.geteuid() != 0 and not FULL, reason="only root can mount a small disk")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for 2 MB of images."""
    place = tmp_path / "small"
    place.mkdir()
    size = f"size={2 + (SPARE >> 20)}m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "promptsheet-test", place], check=True)
    try:
        yield place
    finally:  # lazily: what a failed test left open keeps nobody else from cleaning up
        subprocess.run(["umount", "--lazy", place], check=True)


def resize(disk: Path, size: int) -> bool:
    """False where more than `size` bytes are taken."""
    done = subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=False, capture_output=True)
    return not done.returncode


def fill(disk: Path) -> None:
    """Leave not a byte free, at one stroke: a file that took the room would take what is freed later, too."""

    def full() -> bool:
        now = os.statvfs(disk)
        return resize(disk, (now.f_blocks - now.f_bfree) * now.f_frsize)

    until(full)  # until nobody writes between the look and the stroke


@pytest.fixture
def server() -> Iterator[ImagesServer]:
    with ImagesServer(weight=300_000) as running:
        yield running


@pytest.fixture
def services(tmp_path: Path, disk: Path, server: ImagesServer) -> Iterator[Services]:
    data = tmp_path / "data"
    settings = {**server.environment(), "PROMPTSHEET_DATA": str(data), "STORAGE_URL": f"file://{disk}"}
    opened = open_services(Settings.read(settings))
    opened.database.migrate()
    valkey = embedded.start(data)
    yield opened
    opened.close()
    embedded.end(data)
    valkey.wait(10)


def test_a_file_that_does_not_fit_leaves_nothing_behind(disk: Path) -> None:
    files = Files(disk)
    with pytest.raises(StorageFull, match="Make room"):
        files.put("batch/image.png", bytes(3 << 20))
    assert [path for path in disk.rglob("*") if path.is_file()] == []


def test_a_full_disk_pauses_the_batch_and_loses_nothing_that_was_paid_for(
    services: Services, server: ImagesServer, disk: Path
) -> None:
    rows = 20
    batch_id = batch(services, items(rows, price=1000), "openai")
    reasons: list[str | None] = []

    def make_room() -> None:
        while state(services, batch_id)[0] != "paused":
            threading.Event().wait(0.02)
        reasons.append(state(services, batch_id)[1])
        resize(disk, 64 << 20)

    thread = threading.Thread(target=make_room)
    thread.start()
    asyncio.run(Drain(services).run())
    thread.join()
    assert "disk is full" in (reasons[0] or "")
    counted = states(services, batch_id)
    assert set(counted) == {"done", "pending"}
    assert counted["done"] == server.counts().billed

    control.resume(services, LOCAL, batch_id)
    asyncio.run(Drain(services).run())
    assert states(services, batch_id) == {"done": rows}
    assert server.counts().billed == rows
    with services.database.read() as connection:
        made = images.of_rows(connection, LOCAL, batch_id)
    kept = [path for path in disk.rglob("*") if path.is_file()]
    assert len(kept) == len(made) == rows


def test_what_was_ordered_and_finds_no_room_is_fetched_by_the_next_worker(
    services: Services, disk: Path
) -> None:
    """With Ideogram: what was paid for waits at the provider, also when our worker is ended meanwhile."""
    with IdeogramServer(weight=300_000) as provider:
        settings = Settings.read(
            {
                **provider.environment(),
                "PROMPTSHEET_DATA": str(services.settings.data),
                "STORAGE_URL": f"file://{disk}",
            }
        )
        there = replace(services, settings=settings)
        made = [item(number, price=500, magic_prompt="off") for number in range(2, 22)]
        batch_id = batch(there, made, "ideogram")

        def end_it() -> None:
            until(lambda: state(there, batch_id)[0] == "paused")
            os.kill(os.getpid(), signal.SIGTERM)

        thread = threading.Thread(target=end_it)
        thread.start()
        asyncio.run(Drain(there).run())
        thread.join()
        assert "disk is full" in (state(there, batch_id)[1] or "")
        counted = states(there, batch_id)
        assert set(counted) == {"done", "sent", "pending"}
        assert counted["done"] + counted["sent"] == provider.counts().billed
        resize(disk, 64 << 20)
        control.resume(there, LOCAL, batch_id)
        asyncio.run(Drain(there).run())
        assert states(there, batch_id) == {"done": 20}
        assert set(provider.counts().billed_by_prompt.values()) == {1}


def test_a_disk_that_holds_everything_still_has_room_to_say_that_it_is_full(
    tmp_path: Path, disk: Path, server: ImagesServer
) -> None:
    """Database, Redis and images on one disk, filled to the last byte."""
    resize(disk, 96 << 20)
    opened = open_services(Settings.read({**server.environment(), "PROMPTSHEET_DATA": str(disk)}))
    opened.database.migrate()
    valkey = embedded.start(disk)
    server.behave(latency=0.1)
    batch_id = batch(opened, items(80, price=1000), "openai")
    told: list[tuple[str, str | None]] = []

    def fill_then_make_room() -> None:
        try:
            until(lambda: states(opened, batch_id).get("done"))
            fill(disk)
            until(lambda: state(opened, batch_id)[0] == "paused")
            told.append(state(opened, batch_id))
        finally:
            resize(disk, 96 << 20)

    thread = threading.Thread(target=fill_then_make_room)
    thread.start()
    asyncio.run(Drain(opened).run())
    thread.join()
    assert told
    assert "disk is full" in (told[0][1] or "")
    counted = states(opened, batch_id)
    assert set(counted) == {"done", "pending"}
    assert counted["done"] == server.counts().billed
    opened.close()
    embedded.end(disk)
    valkey.wait(10)

"""The pages that show progress, of a person with a hundred batches, asked as a browser does."""

from __future__ import annotations

import http.client
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from statistics import median, quantiles
from urllib.parse import urlsplit

from bench.table import Table
from jobs import ids
from jobs.batch import BatchState, RowState
from jobs.services import LOCAL, Services, open_services
from jobs.settings import Settings
from jobs.store import batches, images
from jobs.store.images import Image
from tests.jobs.making import batch, items

BATCHES, ROWS, ASKED = 100, 499, 200
RUNNING = 10
"""Batches half of whose rows are made; those of the others are all."""

PROMISE = """\
With 100 batches of 499 rows, ten of them running, each page that shows progress, and what it asks for every two seconds,
is there within 50 ms at the 95th percentile."""


def measure() -> tuple[Table, ...]:
    with tempfile.TemporaryDirectory() as folder:
        settings = {"PROMPTSHEET_DATA": folder, "PROMPTSHEET_PORT": "0", "PROMPTSHEET_CREDITS": "1000000"}
        with closing(open_services(Settings.read(settings))) as services:
            services.database.migrate()
            now = services.clock() + 3600  # nothing newer comes, as nearly always
            made = [_batch(services, running=number >= BATCHES - RUNNING) for number in range(BATCHES)]
        with _web(settings) as url:
            lines = [(what, _two(_times(url, paths))) for what, paths in _asked(made, now).items()]
    return (Table("Pages of progress", PROMISE, ("asked for", "median and 95th percentile"), tuple(lines)),)


def _asked(made: list[str], now: float) -> dict[str, list[str]]:
    running, over = made[-RUNNING:], made[:-RUNNING]
    return {
        "the list of batches": ["/batches"],
        "its lines that change": [f"/batches/lines?after={now}&" + "&".join(f"id={one}" for one in running)],
        "a batch that runs": [f"/batches/{one}" for one in running],
        "its parts that change": [f"/batches/{one}/pulse" for one in running],
        "a batch that is over": [f"/batches/{one}" for one in over],
        "a batch by the API": [f"/api/v1/batches/{one}" for one in made],
    }


def _batch(services: Services, *, running: bool) -> str:
    """Rows as they are when half, or all, of them are made; no files, which pages do not open."""
    rows = items(ROWS, price=1000)
    batch_id = batch(services, rows, "openai")
    done = rows[: ROWS // 2] if running else rows
    now = services.clock()
    table, head = batches.batch_rows, batches.batches
    state = {"state": BatchState.RUNNING} if running else {"state": BatchState.FINISHED, "ended_at": now}
    with services.database.write() as connection:
        connection.execute(
            head.update()
            .where(head.c.id == batch_id)
            .values(started_at=now - 600, running_since=now - 600, **state)
        )
        connection.execute(
            table.update()
            .where(table.c.batch_id == batch_id, table.c.number <= done[-1].number)
            .values(state=RowState.DONE, made=1, spent=1000, ended_at=now - table.c.number % 500)
        )
        images.add(connection, [_image(services, batch_id, row.row_id, row.number) for row in done])
    return batch_id


def _image(services: Services, batch_id: str, row_id: str, number: int) -> Image:
    return Image(
        id=ids.new(),
        owner=LOCAL,
        batch_id=batch_id,
        row_id=row_id,
        number=number,
        index=1,
        key=f"{batch_id}/{row_id}.png",
        width=1024,
        height=1024,
        size=1,
        seed=None,
        prompt=f"prompt {number}",
        prompt_used=None,
        ratio="1:1",
        style="auto",
        private=True,
        created_at=services.clock(),
    )


@contextmanager
def _web(settings: dict[str, str]) -> Iterator[str]:
    """The web alone, as `up` starts it: its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant.serve"],
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.communicate()


def _times(url: str, paths: list[str]) -> list[float]:
    """Milliseconds to the last byte, on one connection, after a few that are not counted."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    found = [_time(connection, random.choice(paths)) for _ in range(ASKED + 5)]
    connection.close()
    return found[5:]


def _time(connection: http.client.HTTPConnection, path: str) -> float:
    start = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, f"{path}: {answer.status}"
    return (time.perf_counter() - start) * 1000


def _two(times: list[float]) -> str:
    return f"{median(times):.0f} and {quantiles(times, n=20)[-1]:.0f} ms"

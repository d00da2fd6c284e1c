"""A ZIP of 2,000 images of 1 MB through the web: first byte, memory and time, beside the standard library's."""

from __future__ import annotations

import os
import tempfile
import time
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.request import urlopen

import psutil

from bench.stack import rss, tree, up
from bench.table import Table
from jobs import ids
from jobs.services import LOCAL, Services, open_services
from jobs.settings import Settings
from jobs.store import batches, images
from jobs.store.images import Image
from tests.jobs.making import batch, items

ROWS, IMAGES, SIZE = 500, 4, 1 << 20
PROMISE = (
    "A ZIP of 500 rows of 4 images of 1 MB each begins in under 0.3 s and needs at most 64 MB beyond the idle web. "
    "Beside it: zipfile into a temporary file, which has to be whole before its first byte can be sent."
)


def measure() -> tuple[Table, ...]:
    with tempfile.TemporaryDirectory() as folder:
        services = open_services(Settings.read({"PROMPTSHEET_DATA": folder}))
        services.database.migrate()
        batch_id = _fill(services)
        services.close()
        with up(Path(folder)) as (process, url):
            web = next(one for one in tree(process) if "assistant.serve" in " ".join(one.cmdline()))
            ours = _download(f"{url}/batches/{batch_id}/zip", web)
        plain = _plain(Path(folder))
    head = ("way", "first byte", "whole", "memory beyond idle")
    return (Table("ZIP of 2,000 × 1 MB", PROMISE, head, (("streamed", *ours), ("zipfile to disk", *plain))),)


def _fill(services: Services) -> str:
    """A finished batch whose images are one file under 2,000 names: what is read is what is read."""
    batch_id = batch(services, items(ROWS, images=IMAGES), "proof")
    first = services.files.path(f"{batch_id}/0.png")
    services.files.put(f"{batch_id}/0.png", os.urandom(SIZE))
    with services.database.write() as connection:
        rows = batches.rows(connection, LOCAL, batch_id)
        images.add(connection, _images(services, batch_id, rows, first))
        connection.execute(batches.batches.update().values(state="finished"))
        connection.execute(batches.batch_rows.update().values(state="done", made=IMAGES))
    return batch_id


def _images(services: Services, batch_id: str, rows: list[batches.BatchRow], first: Path) -> Iterator[Image]:
    for row, index in product(rows, range(1, IMAGES + 1)):
        key = f"{batch_id}/{row.row_id}-{index}.png"
        os.link(first, services.files.path(key))
        yield Image(
            id=ids.new(),
            owner=LOCAL,
            batch_id=batch_id,
            row_id=row.row_id,
            number=row.number,
            index=index,
            key=key,
            width=1024,
            height=1024,
            size=SIZE,
            seed=None,
            prompt=str(row.values["prompt"]),
            prompt_used=None,
            ratio="1:1",
            style="auto",
            private=True,
            created_at=time.time(),
        )


def _download(address: str, web: psutil.Process) -> tuple[str, ...]:
    urlopen(address.rsplit("/", 2)[0]).read()
    idle, most, got = rss(web), 0.0, 0
    start = time.perf_counter()
    with urlopen(address) as answer:
        answer.read(1)
        first = time.perf_counter() - start
        length = int(answer.headers["Content-Length"])
        while piece := answer.read(1 << 20):
            got += len(piece)
            most = max(most, rss(web)) if got % (64 << 20) < (1 << 20) else most
    assert got + 1 == length
    return f"{first:.2f} s", f"{time.perf_counter() - start:.1f} s", f"{most - idle:.0f} MB"


def _plain(folder: Path) -> tuple[str, ...]:
    ourselves = psutil.Process()
    idle, start = rss(ourselves), time.perf_counter()
    with (
        tempfile.TemporaryFile(dir=folder) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for image in (folder / "images").rglob("*.png"):
            archive.write(image, image.name)
    whole = time.perf_counter() - start
    return f"{whole:.2f} s", f"{whole:.1f} s", f"{rss(ourselves) - idle:.0f} MB"

"""The worked example: its rows from templates/sheets, the sheet made of them, and real proofs of a few."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import templates
from jobs import thumbs
from jobs.backends import registry
from jobs.backends.port import Request, Values
from jobs.batch import Item
from jobs.errors import NotFound
from jobs.files import Files
from jobs.intake import take_in
from jobs.quote import estimate
from jobs.services import Services
from jobs.settings import Settings
from jobs.store import sheets
from schema import columns
from schema.sheet import examine

BACKEND = "proof"
FILE = "Woodland stickers.csv"
KIND = "example"
SHOWN = (3, 4, 7, 8, 9, 10)
"""The rows whose proofs are shown, by their place in the file."""

_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Print:
    """A row of the example that is shown: its place in the file, its prompt, its size in pixels."""

    number: int
    prompt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class About:
    """What the start page says of the example; `edition` is a part of its prints' addresses."""

    rows: int
    images: int
    seconds: tuple[float, float]
    edition: str
    prints: Sequence[Print]


def about(services: Services) -> About:
    rows = _rows()
    items = [Item("", number, None, row, int(row["num_images"]), 0) for number, row in enumerate(rows, 1)]
    prints = [
        Print(number, str(rows[number - 1]["prompt"]), *columns.load().size(rows[number - 1]))
        for number in SHOWN
    ]
    seconds = estimate(registry.traits(BACKEND, services.settings), items)
    return About(len(rows), sum(item.images for item in items), seconds, edition(), prints)


def sheet(services: Services, owner: str) -> str:
    """The id of the example's sheet: the one that is there and as it was made, else a new one."""
    with _one_at_a_time:
        with services.database.read() as connection:
            for found, _ in sheets.listing(connection, owner):
                if found.source["kind"] == KIND and found.version == 1:
                    return found.id
        return take_in(services, owner, _data(), FILE, kind=KIND)


def print_of(services: Services, wanted: str, number: int) -> Path:
    """The file with the proof of a row, at a list's size; drawn when it is first asked for.

    Raises NotFound for a row that is not shown, and for another edition of the example.
    """
    if wanted != edition() or number not in SHOWN:
        raise NotFound("There is no such print of the example.")
    kept, key = Files(services.settings.data / "example"), f"{wanted}-{number}.webp"
    if not kept.has(key):
        kept.put(key, thumbs.shrunk(_drawn(services.settings, _rows()[number - 1], number)))
    return kept.path(key)


@cache
def edition() -> str:
    """Changes whenever the example's file or the program that draws it does."""
    return sha256(_data() + version("promptsheet").encode()).hexdigest()[:12]


def _drawn(settings: Settings, values: Values, number: int) -> bytes:
    width, height = columns.load().size(values)
    seed = int(values["seed_number"])
    request = Request("example", "example", number, values, width, height, 1, seed)

    async def draw() -> bytes:
        backend = registry.connect(BACKEND, settings)
        try:
            return (await backend.generate(request)).pictures[0].data
        finally:
            await backend.close()

    return asyncio.run(draw())


@cache
def _rows() -> tuple[Values, ...]:
    """The example's effective values, row by row."""
    return tuple(columns.load().with_defaults(row) for row in examine(_data(), FILE).values)


@cache
def _data() -> bytes:
    return (templates.SHEETS / "woodland-stickers.csv").read_bytes()

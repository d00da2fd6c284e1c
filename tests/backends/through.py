"""Rows sent through the openai back end to the stand-in."""

from __future__ import annotations

import asyncio
import io

from PIL import Image

from jobs.backends import openai
from jobs.backends.port import Answer
from jobs.settings import Settings
from schema import columns
from schema.columns import Value
from tests.backends import rows
from tests.fakes.images_server import ImagesServer


def settings(server: ImagesServer, **more: str) -> Settings:
    return Settings.read(
        server.environment() | {f"PROMPTSHEET_IMAGES_{k.upper()}": v for k, v in more.items()}
    )


def make(given: Settings, prompt: str = "A cheerful fox", images: int = 1, **cells: Value) -> Answer:
    """One row through a back end opened for it."""

    async def run() -> Answer:
        backend = openai.connect(given)
        try:
            row = rows.values(prompt, **cells)
            size = backend.size(row, columns.load().size(row))
            return await backend.generate(rows.request(row, size, images))
        finally:
            await backend.close()

    return asyncio.run(run())


def sizes(answer: Answer) -> list[tuple[int, int]]:
    found = []
    for picture in answer.pictures:
        with Image.open(io.BytesIO(picture.data)) as image:
            image.load()
            found.append(image.size)
    return found

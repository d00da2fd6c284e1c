"""Rows through the proof back end, and prompts to make them from."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Sequence
from itertools import islice, product

from PIL import Image

from jobs.backends.port import Answer, Values
from jobs.backends.proof import Proof
from schema import columns
from tests.backends import rows
from tests.machine import shared


def make(row: Values, images: int = 1, threads: int = 2, size: tuple[int, int] | None = None) -> Answer:
    """One row through a back end opened for it."""
    return make_all([row], images, threads, size)[0]


def make_all(
    many: Sequence[Values], images: int = 1, threads: int = 2, size: tuple[int, int] | None = None
) -> list[Answer]:
    """Rows through one back end, all at once."""

    async def run() -> list[Answer]:
        backend = Proof(threads)
        try:
            asked = (rows.request(row, size or columns.load().size(row), images) for row in many)
            return await asyncio.gather(*map(backend.generate, asked))
        finally:
            await backend.close()

    return asyncio.run(run())


def opened(answer: Answer, index: int = 1) -> Image.Image:
    image = Image.open(io.BytesIO(answer.pictures[index - 1].data), formats=("PNG",))
    image.load()
    return image


def made_prompts(count: int) -> list[str]:
    """Prompts of our own: the same few words in ever other company, as drafted sheets have them."""
    parts = (
        ("a sticker of", "a poster of", "a photograph of", "a flat icon of", "a woodcut of"),
        ("a fox", "an owl", "a hare", "badgers", "a bear", "a wolf", "a deer", "mice", "a lynx", "a vole"),
        ("in a red scarf", "with a lantern", "under a full moon", "asleep in the snow", "on skates"),
        ("", ", thick white border", ", on deep green"),
    )  # fmt: skip
    return [" ".join(words[:3]) + words[3] for words in islice(product(*parts), count)]


def real_prompts(count: int) -> list[str]:
    """The first of PartiPrompts; empty where the folder of real prompts is not here."""
    folder = shared()
    if folder is None:
        return []
    with (folder / "prompts" / "PartiPrompts.tsv").open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [line["Prompt"] for line in islice(lines, count)]

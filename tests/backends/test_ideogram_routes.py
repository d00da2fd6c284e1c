"""What each column of a row is called at Ideogram, and what is said of columns that have no route there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from jobs.backends import ideogram, ideogram_routes
from jobs.backends.ideogram import Ideogram
from jobs.settings import Settings
from schema import columns
from schema.columns import Value
from tests.backends import rows
from tests.backends.ideogram_rows import settings, use
from tests.fakes.ideogram_server import IdeogramServer


@pytest.fixture(scope="module")
def server() -> Iterator[IdeogramServer]:
    with IdeogramServer() as running:
        yield running


FULL: dict[str, Value] = {
    "visibility": "public", "aspect_ratio": "4:5", "magic_prompt": "off", "num_images": 3, "seed_number": 0,
    "rendering": "turbo", "negative_prompt": "text", "style": "design",
}  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "path", "content"),
    [
        (
            {**FULL, "model": "3.0", "color_palette": "#CBA324 #F86C14"},
            "v2/image/generate/ideogram-3",
            {
                "prompt": "A fox", "num_images": 3, "aspect_ratio": "4x5", "rendering_speed": "turbo",
                "magic_prompt": "off", "style_type": "design", "private": False, "async": True, "seed": 0,
                "negative_prompt": "text",
                "color_palette": {"members": [{"color_hex": "#CBA324"}, {"color_hex": "#F86C14"}]},
            },
        ),
        (
            {**FULL, "model": "2a", "style": "3d", "color_palette": "ember"},
            "v2/image/generate/ideogram-2a",
            {
                "prompt": "A fox", "num_images": 3, "aspect_ratio": "4x5", "rendering_speed": "turbo",
                "magic_prompt": "off", "style_type": "render_3d", "private": False, "async": True, "seed": 0,
            },
        ),
        (
            {"model": "2.0"},
            "v2/image/generate/ideogram-2",
            {
                "prompt": "A fox", "num_images": 4, "aspect_ratio": "1x1", "rendering_speed": "default",
                "magic_prompt": "on", "style_type": "auto", "private": True, "async": True,
            },
        ),
        (
            {**FULL, "model": "2.0", "color_palette": "ember"},
            "generate",
            {
                "image_request": {
                    "prompt": "A fox", "model": "V_2_TURBO", "magic_prompt_option": "OFF", "num_images": 3,
                    "resolution": "RESOLUTION_896_1120", "seed": 0, "negative_prompt": "text",
                    "style_type": "DESIGN", "color_palette": {"name": "EMBER"},
                }
            },
        ),
        (
            {**FULL, "model": "1.0", "aspect_ratio": "16:9", "rendering": "quality", "style": "3d"},
            "generate",
            {
                "image_request": {
                    "prompt": "A fox, 3d render", "model": "V_1", "magic_prompt_option": "OFF",
                    "num_images": 3,
                    "aspect_ratio": "ASPECT_16_9", "seed": 0, "negative_prompt": "text",
                }
            },
        ),
    ],
)  # fmt: skip
def test_every_column_goes_where_its_model_takes_it(
    cells: dict[str, Value], path: str, content: dict[str, object]
) -> None:
    row = rows.values("A fox", **cells)
    seed = row.get("seed_number")
    call = ideogram_routes.call(row, int(row["num_images"]), None if seed is None else int(seed))
    assert (call.path, call.content) == (path, content)
    assert call.later == path.startswith("v2")


def test_no_row_asks_for_anything_that_its_model_does_not_take(server: IdeogramServer) -> None:
    """Every combination of choices, with the seed, negative prompt and palettes by turns."""
    every = [row for row in rows.every() if row["magic_prompt"] == "off" or row["style"] == "auto"]

    async def work(backend: Ideogram) -> int:
        for first in range(0, len(every), 200):
            asked = (rows.request(row, columns.load().size(row)) for row in every[first : first + 200])
            assert all(await asyncio.gather(*map(backend.begin, asked)))
        return len(every)

    assert use(settings(server), work) == server.counts().accepted
    assert server.counts().complaints == []


def test_what_is_billed_is_what_was_quoted(server: IdeogramServer) -> None:
    server.reset()
    chosen = [row for row in rows.every() if row["aspect_ratio"] == "1:1" and row["magic_prompt"] == "off"]

    async def work(backend: Ideogram) -> int:
        asked = [rows.request(row, columns.load().size(row), 2) for row in chosen]
        for one, ticket in zip(asked, await asyncio.gather(*map(backend.begin, asked)), strict=True):
            await backend.wait(one, ticket)
        return sum(backend.price(row) * 2 for row in chosen)

    assert use(settings(server), work) == server.counts().credits


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"model": "3.0", "color_palette": "ember", "negative_prompt": "text", "rendering": "quality"}, {}),
        ({"model": "2.0", "rendering": "quality", "negative_prompt": "text", "style": "3d"}, {}),
        ({"model": "2.0", "color_palette": "ember"}, {}),
        (
            {"model": "2.0", "color_palette": "ember", "rendering": "quality"},
            {"rendering": "Model 2.0 takes no palette with quality at Ideogram; the default one is used."},
        ),
        (
            {"model": "2.0", "color_palette": "ember", "visibility": "public"},
            {"visibility": "Ideogram’s older interface, which this row needs, publishes nothing."},
        ),
        (
            {"model": "2a", "color_palette": "ember", "negative_prompt": "text"},
            {
                "negative_prompt": "Model 2a takes no negative prompt at Ideogram; it is ignored.",
                "color_palette": "Model 2a takes no palette at Ideogram; it is ignored.",
            },
        ),
        (
            {"model": "1.0", "rendering": "quality", "style": "anime"},
            {
                "rendering": "Model 1.0 has no quality rendering at Ideogram; the default one is used.",
                "style": "Model 1.0 takes no style at Ideogram; “anime” is added to the prompt.",
            },
        ),
        (
            {"model": "1.0", "style": "general"},
            {"style": "Model 1.0 takes no style at Ideogram; general is ignored."},
        ),
    ],
)
def test_what_has_no_route_is_said_before_anything_is_spent(
    cells: dict[str, Value], said: dict[str, str]
) -> None:
    backend = ideogram.connect(Settings.read({"IDEOGRAM_API_KEY": "k"}))
    assert {gap.column: gap.sentence for gap in backend.gaps(rows.values(**cells))} == said


def test_the_price_is_that_of_what_is_really_made_and_can_be_set() -> None:
    backend = ideogram.connect(Settings.read({"IDEOGRAM_API_KEY": "k"}))
    quality = {"model": "2.0", "rendering": "quality"}
    assert backend.price(rows.values(**quality)) == 750
    assert backend.price(rows.values(**quality, color_palette="ember")) == 500
    assert backend.price(rows.values(model="2a", rendering="turbo")) == 125

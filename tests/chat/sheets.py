"""Sheets as the tests of the conversation talk about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.chat.ground import Ground, Line

PROMPTS = (
    "A sticker of a fox in a red scarf, white border",
    "A sticker of two foxes under the winter moon, white border",
    "A sticker of a spaniel, a brave dog, in a felt hood",
    "A sticker of a hedgehog with the words “Warm Wishes”",
    "A sticker of a wolf cub howling a carol",
    "A poster of dogs and cats on a sledge",
    "A sticker of a {red|blue|green} owl on a milestone",
    "A sticker of an otter with a paper boat",
)
"""Rows 2 to 9 on screen."""

MORE: Mapping[int, Mapping[str, str]] = {
    3: {"color_palette": "#1F4D3A #D96B27", "aspect_ratio": "2:3"},
    4: {"style": "anime", "seed_number": "7"},
    6: {"model": "3.0", "num_images": "2", "negative_prompt": "Text, blurry"},
}


def ground(**more: Any) -> Ground:
    """Eight rows, private and for the most part without settings; ids are r2 to r9."""
    lines = [
        Line(f"r{number}", number, {"prompt": prompt, "visibility": "private", **MORE.get(number, {})})
        for number, prompt in enumerate(PROMPTS, 2)
    ]
    return Ground(lines, headings=("prompt", "visibility"), **more)

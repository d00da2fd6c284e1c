"""Which of Ideogram's interfaces makes a row, and what each column is called there.

Models 3.0, 2a and 2.0 go to API v2. 1.0 exists only at the older `/generate`, and a palette for 2.0 too.
Source: Ideogram's API reference (v2 image generation; legacy generate) and its page of batch generation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jobs.backends.port import Gap, Values
from schema import columns

LEGACY = "generate"
_V2 = {"3.0": "ideogram-3", "2a": "ideogram-2a", "2.0": "ideogram-2"}
_PLAIN_RATIOS = {"1:1", "10:16", "16:10", "9:16", "16:9", "3:2", "2:3", "4:3", "3:4", "1:3", "3:1"}
"""What `/generate` takes as an aspect ratio; the others it takes as a resolution, for 2.0 alone."""

_V1_KEYWORDS = {"realistic": "photo", "design": "poster", "3d": "3d render", "anime": "anime"}
"""Styles of model 1.0 are words at the end of the prompt; general has none."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent for a row. `later`: the answer is a generation's id, and the images come afterwards."""

    path: str
    content: Mapping[str, object]
    later: bool


def call(values: Values, images: int, seed: int | None) -> Call:
    """The call for a row's effective values."""
    if legacy(values):
        return Call(LEGACY, {"image_request": _legacy(values, images, seed)}, later=False)
    path = f"v2/image/generate/{_V2[str(values['model'])]}"
    return Call(path, _v2(values, images, seed), later=True)


def legacy(values: Values) -> bool:
    return values["model"] == "1.0" or (values["model"] == "2.0" and "color_palette" in values)


def rendering(values: Values) -> str:
    """The rendering that is really made: quality exists nowhere at `/generate`."""
    wanted = str(values["rendering"])
    return "default" if legacy(values) and wanted == "quality" else wanted


def prompt(values: Values) -> str:
    """The prompt that is sent; for model 1.0 with its style in words."""
    written = str(values["prompt"])
    word = _V1_KEYWORDS.get(str(values["style"])) if values["model"] == "1.0" else None
    return f"{written.rstrip(' ,')}, {word}" if word else written


def gaps(values: Values) -> Iterator[Gap]:
    """What of a row has no route, one sentence a column and the same for the same reason."""
    model = values["model"]
    if rendering(values) != values["rendering"]:
        why = (
            "Model 1.0 has no quality rendering"
            if model == "1.0"
            else "Model 2.0 takes no palette with quality"
        )
        yield Gap("rendering", f"{why} at Ideogram; the default one is used.")
    if legacy(values) and values["visibility"] == "public":
        yield Gap("visibility", "Ideogram’s older interface, which this row needs, publishes nothing.")
    if model == "2a" and "negative_prompt" in values:
        yield Gap("negative_prompt", "Model 2a takes no negative prompt at Ideogram; it is ignored.")
    if model == "2a" and "color_palette" in values:
        yield Gap("color_palette", "Model 2a takes no palette at Ideogram; it is ignored.")
    if model == "1.0" and values["style"] != "auto":
        word = _V1_KEYWORDS.get(str(values["style"]))
        what = f"“{word}” is added to the prompt" if word else f"{values['style']} is ignored"
        yield Gap("style", f"Model 1.0 takes no style at Ideogram; {what}.")


def _v2(values: Values, images: int, seed: int | None) -> dict[str, object]:
    """The body for API v2: enums in small letters, the number of images and the style always said."""
    model = values["model"]
    content: dict[str, object] = {
        "prompt": prompt(values),
        "num_images": images,
        "aspect_ratio": str(values["aspect_ratio"]).replace(":", "x"),
        "rendering_speed": values["rendering"],
        "magic_prompt": values["magic_prompt"],
        "style_type": _style(values),
        "private": values["visibility"] == "private",
        "async": True,
    }
    if seed is not None:
        content["seed"] = seed
    if "negative_prompt" in values and model != "2a":
        content["negative_prompt"] = values["negative_prompt"]
    if "color_palette" in values and model == "3.0":
        content["color_palette"] = _palette(str(values["color_palette"]))
    return content


def _legacy(values: Values, images: int, seed: int | None) -> dict[str, object]:
    """The image request for `/generate`: enums in capitals; model 1.0 takes neither style nor palette."""
    first = values["model"] == "1.0"
    content: dict[str, object] = {
        "prompt": prompt(values),
        "model": ("V_1" if first else "V_2") + ("_TURBO" if values["rendering"] == "turbo" else ""),
        "magic_prompt_option": str(values["magic_prompt"]).upper(),
        "num_images": images,
    }
    content |= _shape(values)
    if seed is not None:
        content["seed"] = seed
    if "negative_prompt" in values:
        content["negative_prompt"] = values["negative_prompt"]
    if not first:
        content["style_type"] = _style(values).upper()
        content["color_palette"] = _palette(str(values["color_palette"]), capitals=True)
    return content


def _shape(values: Values) -> dict[str, object]:
    ratio = str(values["aspect_ratio"])
    if ratio in _PLAIN_RATIOS:
        return {"aspect_ratio": f"ASPECT_{ratio.replace(':', '_')}"}
    width, height = columns.load().size(values)
    return {"resolution": f"RESOLUTION_{width}_{height}"}


def _style(values: Values) -> str:
    return "render_3d" if values["style"] == "3d" else str(values["style"])


def _palette(cell: str, *, capitals: bool = False) -> dict[str, object]:
    """Colours as members, or a preset by its name."""
    if cell.startswith("#"):
        return {"members": [{"color_hex": color} for color in cell.split()]}
    return {"name": cell.upper() if capitals else cell}

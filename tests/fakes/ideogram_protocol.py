"""Ideogram's API as its reference has it, read strictly: what a call may hold, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SIZES = {
    "1x3": (512, 1536), "1x2": (704, 1408), "9x16": (736, 1312), "10x16": (800, 1280), "2x3": (832, 1248),
    "3x4": (864, 1152), "4x5": (896, 1120), "1x1": (1024, 1024), "5x4": (1120, 896), "4x3": (1152, 864),
    "3x2": (1248, 832), "16x10": (1280, 800), "16x9": (1312, 736), "2x1": (1408, 704), "3x1": (1536, 512),
}  # fmt: skip
SIZES_OF_1 = {
    "1x3": (512, 1536), "9x16": (720, 1280), "10x16": (768, 1232), "2x3": (768, 1152), "3x4": (768, 1024),
    "1x1": (1024, 1024), "4x3": (1024, 768), "3x2": (1152, 768), "16x10": (1232, 768), "16x9": (1280, 720),
    "3x1": (1536, 512),
}  # fmt: skip
PRESETS = {"ember", "fresh", "jungle", "magic", "melon", "mosaic", "pastel", "ultramarine"}
SPEEDS = {"turbo", "default", "quality"}
EVERYWHERE = {
    "prompt",
    "num_images",
    "seed",
    "magic_prompt",
    "private",
    "async",
    "enable_copyright_detection",
}
OLD_STYLES = {"auto", "general", "realistic", "design", "render_3d", "anime"}
MILLIS = {
    "3": {"turbo": 500, "default": 1000, "quality": 1500},
    "2": {"turbo": 250, "default": 500, "quality": 750},
    "2a": {"turbo": 125, "default": 250, "quality": 375},
    "1": {"turbo": 250, "default": 250},
}
"""Thousandths of a priority credit for one image, by model and speed."""


@dataclass(frozen=True)
class Model:
    """What one model takes at API v2, beside what every one takes."""

    product: str
    fields: frozenset[str]
    styles: set[str]


MODELS = {
    "ideogram-2": Model(
        "2", frozenset({"aspect_ratio", "rendering_speed", "style_type", "negative_prompt"}), OLD_STYLES
    ),
    "ideogram-2a": Model("2a", frozenset({"aspect_ratio", "rendering_speed", "style_type"}), OLD_STYLES),
    "ideogram-3": Model(
        "3",
        frozenset(
            {
                "aspect_ratio", "resolution", "rendering_speed", "style_type", "style_preset", "style_codes",
                "negative_prompt", "color_palette",
            }
        ),
        {"auto", "general", "realistic", "design", "custom", "fiction", "stylized"},
    ),
}  # fmt: skip
LEGACY = {
    "prompt", "model", "aspect_ratio", "resolution", "magic_prompt_option", "seed", "style_type",
    "negative_prompt", "num_images", "color_palette",
}  # fmt: skip


class Complaint(Exception):
    """Why a call is not taken: 400, in words."""


@dataclass(frozen=True)
class Wanted:
    """A call that is in order. `later`: it is answered with a generation's id at once."""

    prompt: str
    images: int
    size: tuple[int, int]
    product: str
    speed: str
    magic: str
    seed: int | None
    later: bool
    asked: Mapping[str, Any]

    @property
    def price(self) -> int:
        """Thousandths of a credit for all its images."""
        return self.images * MILLIS[self.product][self.speed]


def check_v2(name: str, call: Any) -> Wanted:
    """Raises Complaint with the first thing that is wrong."""
    model = MODELS.get(name)
    if model is None:
        raise Complaint(f"Unknown model {name}.")
    _object(call, EVERYWHERE | model.fields)
    ratio = _one_of(call, "aspect_ratio", {*SIZES, "auto"}, "1x1")
    if "resolution" in call:
        raise Complaint("resolution is not used here: say aspect_ratio.")
    _one_of(call, "style_type", model.styles, "general")
    for name in ("private", "async"):
        if not isinstance(call.get(name, False), bool):
            raise Complaint(f"{name} must be a boolean.")
    _palette(call, capitals=False)
    return Wanted(
        _prompt(call),
        _whole(call, "num_images", 1, 8, 1),
        SIZES["1x1" if ratio == "auto" else ratio],
        model.product,
        _one_of(call, "rendering_speed", SPEEDS, "default"),
        _one_of(call, "magic_prompt", {"auto", "on", "off"}, "auto"),
        _seed(call),
        call.get("async", False),
        call,
    )


def check_legacy(body: Any) -> Wanted:
    """The same for `POST /generate`."""
    if not isinstance(body, dict) or set(body) != {"image_request"}:
        raise Complaint("The body must hold image_request and nothing else.")
    call = body["image_request"]
    _object(call, LEGACY)
    name = _one_of(call, "model", {"V_1", "V_1_TURBO", "V_2", "V_2_TURBO", "V_2A", "V_2A_TURBO"}, "V_2")
    product = {"V_1": "1", "V_2": "2", "V_2A": "2a"}[name.removesuffix("_TURBO")]
    for field, models in (
        ("style_type", "2 2a"),
        ("negative_prompt", "1 2"),
        ("color_palette", "2"),
        ("resolution", "2"),
    ):
        if field in call and product not in models.split():
            raise Complaint(f"{field} is not supported by {name}.")
    _one_of(call, "style_type", {style.upper() for style in OLD_STYLES}, "AUTO")
    _palette(call, capitals=True)
    return Wanted(
        _prompt(call),
        _whole(call, "num_images", 1, 8, 1),
        _shape(call, product),
        product,
        "turbo" if name.endswith("_TURBO") else "default",
        _one_of(call, "magic_prompt_option", {"AUTO", "ON", "OFF"}, "AUTO").lower(),
        _seed(call),
        False,
        call,
    )


def _object(call: Any, known: set[str] | frozenset[str]) -> None:
    if not isinstance(call, dict):
        raise Complaint("A JSON object is expected.")
    for field in call:
        if field not in known:
            raise Complaint(f"Unknown or unsupported field {field}.")


def _shape(call: Mapping[str, Any], product: str) -> tuple[int, int]:
    if "resolution" in call:
        if "aspect_ratio" in call:
            raise Complaint("resolution and aspect_ratio exclude each other.")
        found = re.fullmatch(r"RESOLUTION_(\d+)_(\d+)", str(call["resolution"]))
        size = (int(found[1]), int(found[2])) if found else None
        if size not in SIZES.values():
            raise Complaint(f"Unknown resolution {call['resolution']}.")
        return size  # type: ignore[return-value]
    ratio = _one_of(
        call, "aspect_ratio", {f"ASPECT_{one.replace('x', '_')}" for one in SIZES_OF_1}, "ASPECT_1_1"
    )
    sizes = SIZES_OF_1 if product == "1" else SIZES
    return sizes[ratio.removeprefix("ASPECT_").replace("_", "x")]


def _prompt(call: Mapping[str, Any]) -> str:
    prompt = call.get("prompt")
    if not isinstance(prompt, str) or not 1 <= len(prompt) <= 10_000:
        raise Complaint("prompt must have 1 to 10,000 characters.")
    if not isinstance(call.get("negative_prompt", ""), str):
        raise Complaint("negative_prompt must be text.")
    return prompt


def _whole(call: Mapping[str, Any], field: str, low: int, high: int, default: int) -> int:
    number = call.get(field, default)
    if not isinstance(number, int) or isinstance(number, bool) or not low <= number <= high:
        raise Complaint(f"{field} must be a whole number from {low} to {high}.")
    return number


def _seed(call: Mapping[str, Any]) -> int | None:
    return _whole(call, "seed", 0, 2**31 - 1, 0) if "seed" in call else None


def _one_of(call: Mapping[str, Any], field: str, choices: set[str], default: str) -> str:
    value = call.get(field, default)
    if value not in choices:
        raise Complaint(f"{field} is {value!r}; it takes one of {sorted(choices)}.")
    return str(value)


def _palette(call: Mapping[str, Any], *, capitals: bool) -> None:
    palette = call.get("color_palette")
    if palette is None:
        return
    if not isinstance(palette, dict) or len(palette) != 1:
        raise Complaint("color_palette holds either a name or members.")
    if "name" in palette:
        known = {name.upper() if capitals else name for name in PRESETS}
        if palette["name"] not in known:
            raise Complaint(f"Unknown palette {palette['name']}.")
        return
    members = palette.get("members")
    if not isinstance(members, list) or not 1 <= len(members) <= 8:
        raise Complaint("A palette has 1 to 8 members.")
    for member in members:
        if set(member) - {"color_hex", "color_weight"} or not re.fullmatch(
            r"#(?:[0-9a-fA-F]{3}){1,2}", str(member.get("color_hex"))
        ):
            raise Complaint(f"{member} is no member of a palette.")

"""What a model that reads only a prompt is told instead of a style and a palette."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jobs.backends.port import Values
from schema import columns

STYLES: Mapping[str, str] = {
    "realistic": "realistic photograph",
    "design": "graphic design",
    "3d": "3d render",
    "anime": "anime style",
}
"""What a style adds to the prompt. auto and general ask for no manner of their own."""

# Everyday names with a colour each, spread over what palettes hold; the nearest one names a colour.
_NAMES: Mapping[str, int] = {
    "black": 0x101010, "dark gray": 0x484848, "gray": 0x808080, "light gray": 0xC4C4C4, "white": 0xF8F8F8,
    "dark red": 0x7A1414, "red": 0xD82020, "salmon": 0xF4907C, "pink": 0xF8B8CC, "hot pink": 0xE83C94,
    "brown": 0x6E4422, "tan": 0xC8A070, "beige": 0xF0E2C4, "orange": 0xEE7820, "gold": 0xC8A024,
    "yellow": 0xF4D838, "olive": 0x787828, "lime green": 0x94D038, "green": 0x309040, "dark green": 0x1C4A34,
    "mint": 0xA8E0C4, "teal": 0x1C9088, "turquoise": 0x48CCC8, "light blue": 0xA8D0F0, "sky blue": 0x58A8F0,
    "blue": 0x2048C8, "navy": 0x101C50, "purple": 0x6830B0, "violet": 0xB058E0, "lavender": 0xD0C0EC,
    "maroon": 0x581030, "magenta": 0xC71E9A,
}  # fmt: skip


def folded(values: Values) -> str:
    """The prompt with the style and the palette's colours said in words at its end."""
    prompt, added = str(values["prompt"]), list(_added(values))
    return ", ".join((prompt.rstrip(" ,"), *added)) if added else prompt


def color_name(color: str) -> str:
    """The everyday name nearest to #RRGGBB, as eyes weigh red, green and blue."""
    wanted = _parts(int(color[1:], 16))
    return min(_NAMES, key=lambda name: _unlike(_parts(_NAMES[name]), wanted))


def _added(values: Values) -> Iterator[str]:
    if style := STYLES.get(str(values["style"])):
        yield style
    if palette := values.get("color_palette"):
        names = dict.fromkeys(map(color_name, columns.load().colors(str(palette))))
        yield f"in {' and '.join(names)}" if len(names) < 3 else f"color palette: {', '.join(names)}"


def _parts(number: int) -> tuple[int, int, int]:
    return number >> 16, number >> 8 & 255, number & 255


def _unlike(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Compuphase's low-cost approximation of how different two colours look (“redmean”)."""
    red = (one[0] + other[0]) / 2
    weights = (2 + red / 256, 4.0, 2 + (255 - red) / 256)
    return sum(weight * (a - b) ** 2 for weight, a, b in zip(weights, one, other, strict=True))

"""What the families of models take at an OpenAI-compatible images endpoint: sizes, quality, images a call."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Size = tuple[int, int]

_STANDARD: tuple[Size, ...] = ((1024, 1024), (1536, 1024), (1024, 1536))


@dataclass(frozen=True, slots=True)
class Family:
    """Models that take the same parameters.

    names     what a model's name begins with, as a regular expression
    sizes     the sizes it offers; none: whatever is asked for
    flexible  it also takes any other size within the limits of `_within_limits`
    quality   its word for each rendering; none: it has no such parameter
    at_once   images one call may ask for
    base64    the answer's form must be asked for; the others always send base64, or refuse to be asked
    rewrites  it always puts the prompt into its own words first
    """

    names: str
    sizes: tuple[Size, ...] = ()
    flexible: bool = False
    quality: Mapping[str, str] = field(
        default_factory=lambda: {"turbo": "low", "default": "medium", "quality": "high"}
    )
    at_once: int = 10
    base64: bool = False
    rewrites: bool = False

    def size(self, wanted: Size) -> Size:
        """The size to ask for: `wanted` where it can be had, else the largest of those nearest in shape."""
        if not self.sizes or (self.flexible and _within_limits(wanted)):
            return wanted
        return min(self.sizes, key=lambda size: (_unlike(size, wanted), -size[0] * size[1]))

    def lacks(self, rendering: str) -> bool:
        """Whether this rendering is made like the default one."""
        return rendering != "default" and self.quality.get(rendering) == self.quality.get("default")


def _unlike(one: Size, other: Size) -> float:
    """How far two shapes are apart: 0 for equal ratios, the same for 2:1 and 1:2 seen from 1:1."""
    return abs(math.log(one[0] * other[1] / (one[1] * other[0])))


def _within_limits(size: Size) -> bool:
    """Limits of gpt-image-2 and later. Source: OpenAI's image generation guide, size and quality options."""
    short, long = sorted(size)
    return not (short % 16 or long % 16) and (
        long <= 3840 and long <= 3 * short and 655_360 <= short * long <= 8_294_400
    )


# Source: OpenAI's API reference, images/generations. The dall-e models and gpt-image-1 are gone from OpenAI
# itself and live on behind gateways. The first family that fits counts; the last takes every other name.
_FAMILIES: tuple[Family, ...] = (
    Family(
        "dall-e-3",
        sizes=((1024, 1024), (1792, 1024), (1024, 1792)),
        quality={"turbo": "standard", "default": "standard", "quality": "hd"},
        at_once=1,
        base64=True,
        rewrites=True,
    ),
    Family("dall-e-2", sizes=((1024, 1024),), quality={}, base64=True),
    Family(r"gpt-image-1(?!\d)|chatgpt-image", sizes=_STANDARD),
    Family("gpt-image-", sizes=_STANDARD, flexible=True),
    Family(""),
)


def family(model: str) -> Family:
    """The family of a model's name; a gateway's prefix, as in `openai/gpt-image-2`, does not matter."""
    name = model.rpartition("/")[2].lower()
    return next(family for family in _FAMILIES if re.match(family.names, name))

"""The soft light of a realistic poster: shadows on what lies below, a lamp on the left, fine grain."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from jobs.backends.proof.outlines import Point

BAND = 64
"""Lines of a picture that are worked on at once: bounds the memory that full colour needs."""

_COARSE = 8
"""Pixels to a dot of the relief: soft shadows need no more."""

_SHADOW = 120
_LAMP = bytes((255, 244, 244, 206))
"""The light at the four corners, row by row."""

_TILE, _GREY = 256, 128


class Relief:
    """A grey picture, white where light falls, kept beside a plate of `w` × `h` pixels."""

    def __init__(self, w: int, h: int) -> None:
        self._map = Image.new("L", (-(-w // _COARSE), -(-h // _COARSE)), 255)
        self._draw = ImageDraw.Draw(self._map)
        self._throw = min(w, h) / 60 / _COARSE

    def lay(self, points: Sequence[Point]) -> None:
        """A shape shades what lies to its right and below, and is itself in the light."""
        face = [(x / _COARSE, y / _COARSE) for x, y in points]
        self._draw.polygon([(x + self._throw, y + self._throw * 1.4) for x, y in face], fill=_SHADOW)
        self._draw.polygon(face, fill=255)

    def light(self) -> Light:
        """The light that falls when all shapes are laid."""
        soft = self._map.filter(ImageFilter.GaussianBlur(self._throw * 0.6))
        lamp = Image.frombytes("L", (2, 2), _LAMP).resize(soft.size, Image.Resampling.BICUBIC)
        return Light(ImageChops.multiply(soft, lamp))


class Light:
    """A small grey picture to be thrown on a large one."""

    def __init__(self, small: Image.Image) -> None:
        self._small = small

    def over(self, band: Image.Image, top: int) -> Image.Image:
        """The band of the large picture that begins at `top`, in this light."""
        reach = (0, top / _COARSE, band.width / _COARSE, (top + band.height) / _COARSE)
        thrown = self._small.resize(band.size, Image.Resampling.BICUBIC, box=reach)
        grained = ImageChops.add(thrown, _grain(band.size, top), offset=-_GREY)
        return ImageChops.multiply(band, Image.merge("RGB", (grained, grained, grained)))


@cache
def _tile() -> Image.Image:
    """Grain that comes out the same on every machine: sums of chances, without logarithm or sine."""
    rng, grains = Random(_TILE), _TILE // 4  # noqa: S311 (grain is no secret)
    dots = bytes(round(_GREY + 5 * (rng.random() + rng.random() - 1)) for _ in range(grains * grains))
    return Image.frombytes("L", (grains, grains), dots).resize((_TILE, _TILE), Image.Resampling.NEAREST)


def _grain(size: tuple[int, int], top: int) -> Image.Image:
    """Without it the lamp's slow change from light to dark would show as steps."""
    grain = Image.new("L", size)
    for left in range(0, size[0], _TILE):
        grain.paste(_tile(), (left, -(top % _TILE)))
    return grain

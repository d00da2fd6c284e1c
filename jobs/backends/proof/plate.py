"""The plate a composition is cut into: an indexed picture several times too large, reduced in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from PIL import Image, ImageDraw

from jobs.backends.proof.inks import Color, Inks
from jobs.backends.proof.outlines import Point, corners
from jobs.backends.proof.relief import BAND, Relief

Lay = Callable[["Plate", Sequence[Point], Color], None]
"""Puts one closed shape on a plate."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """How finely a plate is cut.

    scale    dots to a pixel, in each direction
    plenty   how many small things there are, as a share of the usual number
    prepare  what is done to an outline before it is laid
    finish   what is added to a shape that was laid
    """

    scale: int
    plenty: float
    prepare: Callable[[Sequence[Point]], Sequence[Point]]
    finish: Lay


@dataclass(frozen=True, slots=True)
class Manner:
    """How a shape is laid, and whether a soft light falls on the whole."""

    lay: Lay
    lit: bool = False


class Plate:
    """`w` × `h` pixels to be filled, `u` the shorter side.

    While it is drawn a dot is one byte, an index into the colours met so far: three times the size in both
    directions then costs less time and memory than full colour at the true size.
    """

    def __init__(self, w: int, h: int, inks: Inks, manner: Manner, rendering: Rendering) -> None:
        self.w, self.h, self.u = w, h, min(w, h)
        self.inks = inks
        # Soft light hides what a finer edge would show, and colouring it costs the time of the finer edge.
        self._scale = min(2, rendering.scale) if manner.lit else rendering.scale
        self._manner, self._rendering = manner, rendering
        self._dots = Image.new("P", (w * self._scale, h * self._scale))
        self._draw = ImageDraw.Draw(self._dots)
        self._colors: dict[Color, int] = {inks.ground: 0}
        self._relief = Relief(w, h) if manner.lit else None

    def many(self, count: float) -> int:
        """About `count`, at least one: fewer in a quick rendering, more in a careful one."""
        return max(1, round(count * self._rendering.plenty))

    def cut(self, points: Sequence[Point], tone: int) -> None:
        """Lay a closed shape in a tone on what is there, in this plate's manner and rendering."""
        color = self.inks.tone(tone)
        outline = self._rendering.prepare(points)
        self._manner.lay(self, outline, color)
        self._rendering.finish(self, outline, color)
        if self._relief:
            self._relief.lay(outline)

    def fill(self, points: Sequence[Point], color: Color) -> None:
        """The bare shape."""
        self._draw.polygon(self._scaled(points), fill=self._index(color))

    def trace(self, points: Sequence[Point], width: float, color: Color) -> None:
        """A line along the shape's edge."""
        closed = self._scaled([*points, points[0]])
        self._draw.line(closed, fill=self._index(color), width=self._line(width))
        for x, y in corners(points):
            self.dot(x, y, width / 2, color)

    def stroke(self, a: Point, b: Point, width: float, color: Color) -> None:
        """A straight line with flat ends."""
        self._draw.line(self._scaled([a, b]), fill=self._index(color), width=self._line(width))

    def dot(self, x: float, y: float, r: float, color: Color) -> None:
        s = self._scale
        self._draw.ellipse(((x - r) * s, (y - r) * s, (x + r) * s, (y + r) * s), fill=self._index(color))

    def sides(self, points: Sequence[Point], depth: float, color: Color) -> None:
        """The sides of a block whose face is the shape and whose back lies `depth` to the right and below."""
        edges = pairwise([*points, points[0]])
        # Edges in a row that face the same way are one strip, which cannot cross itself.
        for _, run in groupby(edges, key=lambda edge: edge[1][1] - edge[0][1] > edge[1][0] - edge[0][0]):
            first, *rest = run
            front = [*first, *(b for _, b in rest)]
            self.fill(front + [(x + depth, y + depth) for x, y in reversed(front)], color)

    def developed(self) -> Iterator[tuple[int, Image.Image]]:
        """The finished picture in full colour, its edges smooth: band after band, each with its top."""
        self._dots.putpalette([part for color in self._colors for part in color])
        light = self._relief.light() if self._relief else None
        for top in range(0, self.h, BAND):
            bottom = min(self.h, top + BAND)
            dots = self._dots.crop((0, top * self._scale, self.w * self._scale, bottom * self._scale))
            band = dots.convert("RGB").reduce(self._scale)
            yield top, light.over(band, top) if light else band

    def _index(self, color: Color) -> int:
        return self._colors.setdefault(color, len(self._colors))

    def _scaled(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self._scale, y * self._scale) for x, y in points]

    def _line(self, width: float) -> int:
        return max(1, round(width * self._scale))

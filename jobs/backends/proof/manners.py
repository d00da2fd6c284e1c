"""How shapes are laid for each style, and how finely for each rendering."""

from __future__ import annotations

import math
from collections.abc import Sequence

from jobs.backends.port import Values
from jobs.backends.proof.inks import INK, PAPER, Color, shaded
from jobs.backends.proof.outlines import SHARP, Point, bends, chords
from jobs.backends.proof.plate import Lay, Manner, Plate, Rendering


def _flat(plate: Plate, points: Sequence[Point], color: Color) -> None:
    plate.fill(points, color)


def _block(share: float) -> Lay:
    """A block as deep as this share of the plate, thin as card or thick as wood; the ground is a hole."""

    def lay(plate: Plate, points: Sequence[Point], color: Color) -> None:
        if color != plate.inks.ground:
            plate.sides(points, plate.u * share, shaded(color))
        plate.fill(points, color)

    return lay


def _leaded(plate: Plate, points: Sequence[Point], color: Color) -> None:
    plate.fill(points, color)
    plate.trace(points, plate.u / 190, PAPER)


def _drawn(plate: Plate, points: Sequence[Point], color: Color) -> None:
    """Heavy lines, and on the shaded side a screen of dots that grow towards the edge."""
    plate.fill(points, color)
    step, tone = plate.u / 42, shaded(color)
    for row, (y, left, right) in enumerate(chords(points, step)):
        reach, x = (right - left) * 0.45, right - step * (0.5 + row % 2 / 2)
        while reach > step and x > right - reach:
            plate.dot(x, y, step * 0.46 * math.sqrt(1 - (right - x) / reach), tone)
            x -= step
    plate.trace(points, plate.u / 110, INK)


def _hatched(plate: Plate, points: Sequence[Point], color: Color) -> None:
    """Fine lines on the shaded side, as an engraver cuts them, just short of the edge and its outline."""
    step, rim, tone = plate.u / 200, plate.u / 150, shaded(color)
    for row, (y, left, right) in enumerate(chords(points, step)):
        length = min((right - left) * 0.4, plate.u * 0.15) * (1.0, 0.66, 0.86, 0.54, 0.76)[row % 5]
        if length > step * 4 and right <= plate.w:
            plate.stroke((right - length, y), (right - rim, y), step * 0.3, tone)


def _bare(plate: Plate, points: Sequence[Point], color: Color) -> None:
    """Nothing is added."""


_FACET = 0.5
"""Radians that one straight cut of the scissors stands for."""


def _scissored(points: Sequence[Point]) -> Sequence[Point]:
    """Curves as a few straight cuts; corners stay where they are."""
    if len(points) < 12:
        return points
    kept, travelled = [], 0.0
    for point, bend in zip(points, bends(points), strict=True):
        travelled += bend
        if bend > SHARP or travelled > _FACET:
            kept.append(point)
            travelled = 0.0
    return kept if len(kept) > 2 else points


def _as_is(points: Sequence[Point]) -> Sequence[Point]:
    return points


_MANNERS = {
    "auto": Manner(_block(1 / 130)),
    "general": Manner(_leaded),
    "realistic": Manner(_flat, lit=True),
    "design": Manner(_flat),
    "3d": Manner(_block(1 / 38)),
    "anime": Manner(_drawn),
}

_RENDERINGS = {
    "turbo": Rendering(2, 0.7, _scissored, _bare),
    "default": Rendering(3, 1.0, _as_is, _bare),
    "quality": Rendering(3, 1.5, _as_is, _hatched),
}


def manner(values: Values) -> Manner:
    return _MANNERS.get(str(values.get("style")), _MANNERS["auto"])


def rendering(values: Values) -> Rendering:
    return _RENDERINGS.get(str(values.get("rendering")), _RENDERINGS["default"])

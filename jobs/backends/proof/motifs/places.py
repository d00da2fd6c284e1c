"""Where things stand on a plate: in squares, scattered, side by side, on a floor, under a sun."""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random

from jobs.backends.proof.outlines import Point, box, disc
from jobs.backends.proof.plate import Plate

Cell = tuple[float, float, float]
"""The left and top of a square, and its side."""


def cells(plate: Plate, across: int) -> Iterator[Cell]:
    """Squares that fill the plate, `across` of them on the shorter side."""
    side = plate.u / across
    columns, rows = math.ceil(plate.w / side - 0.02), math.ceil(plate.h / side - 0.02)
    for row in range(rows):
        for column in range(columns):
            yield column * side, row * side, side


def scattered(plate: Plate, rng: Random, count: int) -> list[Point]:
    """`count` places, at random but spread evenly, in no order."""
    columns = max(1, round(math.sqrt(count * plate.w / plate.h)))
    rows = math.ceil(count / columns)
    places = [
        (
            plate.w * (column + rng.uniform(0.15, 0.85)) / columns,
            plate.h * (row + rng.uniform(0.15, 0.85)) / rows,
        )
        for row in range(rows)
        for column in range(columns)
    ]
    return rng.sample(places, count)


def abreast(plate: Plate, rng: Random, pitch: float) -> list[float]:
    """Places from left to right about `pitch` apart; a single one may stand well off the middle."""
    count = max(1, round(plate.w / pitch))
    stray = 0.22 if count == 1 else 0.12
    return [plate.w * (number + 0.5 + rng.uniform(-stray, stray)) / count for number in range(count)]


def floor(plate: Plate, y: float, tone: int) -> None:
    """All below a level line, laid past the plate's edges so that no side of it shows."""
    past = plate.u / 8
    plate.cut(box(-past, y, plate.w + past, plate.h + past), tone)


def sun(plate: Plate, rng: Random, lowest: float, tone: int, least: float = 0.12, most: float = 0.28) -> None:
    """A disc somewhere above the share `lowest` of the height; its radius is a share of the shorter side."""
    x, y = plate.w * rng.uniform(0.12, 0.88), plate.h * rng.uniform(0.16, lowest)
    plate.cut(disc(x, y, plate.u * rng.uniform(least, most)), tone)

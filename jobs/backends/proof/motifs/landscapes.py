"""Compositions with a horizon: hills, peaks, woods, sea, town, dunes, balloons."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

from jobs.backends.proof.motifs.places import scattered, sun
from jobs.backends.proof.outlines import Outline, Point, arch, box, disc, ellipse, sector, taper, under
from jobs.backends.proof.plate import Plate

Curve = Callable[[float], float]
"""The height y of a line at each x."""


def _swell(rng: Random, base: float, height: float, width: float) -> Curve:
    """A calm line about y = base: two waves, the longer about as long as the plate."""
    long, short = math.tau * rng.uniform(0.5, 1.1) / width, math.tau * rng.uniform(1.4, 2.6) / width
    a, b = math.tau * rng.random(), math.tau * rng.random()
    return lambda x: base + height * (0.7 * math.sin(long * x + a) + 0.3 * math.sin(short * x + b))


def _land(plate: Plate, line: Curve, tone: int) -> None:
    """All below a line, laid past the plate's edges so that no side of it shows."""
    past = plate.u / 8
    plate.cut(under(line, -past, plate.w + past, plate.h + past), tone)


def hills(plate: Plate, rng: Random) -> None:
    sun(plate, rng, 0.5, rng.randrange(3))
    horizon, layers, first = rng.uniform(0.35, 0.7), rng.randint(3, 5), rng.randrange(3)
    for layer in range(layers):
        base = plate.h * (horizon + (1 - horizon) * layer / layers)
        _land(plate, _swell(rng, base, plate.h * rng.uniform(0.04, 0.12), plate.w), first + layer)


def peaks(plate: Plate, rng: Random) -> None:
    """Ranges one before the other, the far ones under snow."""
    sun(plate, rng, 0.35, rng.randrange(3))
    u, height = plate.u, rng.uniform(0.75, 1.15)
    for layer in range(3):
        base, x = plate.h * (0.78 + 0.16 * layer), -u * rng.uniform(0, 0.4)
        while x < plate.w:
            half = u * rng.uniform(0.26, 0.55)
            tall = u * rng.uniform(0.42, 0.85) * (1 - 0.22 * layer) * height
            _peak(plate, (x + half, base - tall), half, tall, layer)
            if layer < 2:
                share = rng.uniform(0.22, 0.36)
                plate.cut(_snow((x + half, base - tall), half * share, tall * share), layer + 1)
            x += half * rng.uniform(0.9, 1.7)


def _peak(plate: Plate, top: Point, half: float, tall: float, tone: int) -> None:
    (x, y), below = top, plate.h + plate.u / 8
    foot = y + tall
    plate.cut([top, (x + half, foot), (x + half, below), (x - half, below), (x - half, foot)], tone)


def _snow(top: Point, half: float, tall: float) -> Outline:
    """A ragged cap, a little wider than the peak so that no rock shows at its edge."""
    x, y = top
    edge = [(0.0, -0.03), (1.03, 1.0), (0.4, 0.72), (0.0, 1.15), (-0.45, 0.7), (-1.03, 1.0)]
    return [(x + half * across, y + tall * down) for across, down in edge]


def woods(plate: Plate, rng: Random) -> None:
    sun(plate, rng, 0.45, rng.randrange(3))
    u, horizon = plate.u, rng.uniform(0.45, 0.75)
    for layer in range(3):
        tone = (layer + 1) % 3
        ground = _swell(rng, plate.h * (horizon + 0.16 * layer), plate.h * 0.04, plate.w)
        for _ in range(plate.many(5 * plate.w / u)):
            x = plate.w * rng.uniform(-0.05, 1.05)
            _fir(plate, x, ground(x) + u * 0.02, u * rng.uniform(0.16, 0.32) * (1 + 0.35 * layer), tone)
        _land(plate, ground, tone)


def _fir(plate: Plate, x: float, foot: float, tall: float, tone: int) -> None:
    plate.cut(box(x - tall * 0.035, foot - tall * 0.2, x + tall * 0.035, foot), tone)
    for tier in range(3):
        low, half = foot - tall * (0.12 + 0.25 * tier), tall * (0.3 - 0.065 * tier)
        plate.cut([(x - half, low), (x, low - tall * 0.42), (x + half, low)], tone)


def sea(plate: Plate, rng: Random) -> None:
    """Rows of waves and a boat behind one of them."""
    sun(plate, rng, 0.4, rng.randrange(3))
    u, level, rows, sailing = plate.u, rng.uniform(0.3, 0.7), rng.randint(3, 6), rng.randrange(3)
    for row in range(rows):
        y = plate.h * (level + (1 - level) * row / rows)
        if row == sailing:
            x, size = plate.w * rng.uniform(0.2, 0.8), u * rng.uniform(0.16, 0.32)
            _boat(plate, x, y + u * 0.03, rng.choice((-size, size)))
        _land(plate, _waves(rng, y, u), row)


def _waves(rng: Random, y: float, u: float) -> Curve:
    pitch, lift, shift = u * rng.uniform(0.13, 0.3), u * rng.uniform(0.015, 0.035), rng.random()
    return lambda x: y - lift * abs(math.sin(math.pi * (x / pitch + shift)))


def _boat(plate: Plate, x: float, y: float, size: float) -> None:
    """A boat as large as `size`; it sails to the left where that is less than nothing."""

    def sail(mast: float, top: float, foot: float) -> Outline:
        low = y - abs(size) * 0.4
        return [(x + size * mast, y - abs(size) * top), (x + size * foot, low), (x + size * mast, low)]

    plate.cut(sail(0.0, 1.7, 0.85), 0)
    plate.cut(sail(-0.08, 1.35, -0.62), 1)
    plate.cut(sector(x, y - abs(size) * 0.3, abs(size) * 0.8, 0.0, 0.5), 2)


def town(plate: Plate, rng: Random) -> None:
    sun(plate, rng, 0.4, rng.randrange(3))
    u, order = plate.u, rng.randrange(4)
    x, tall = -u * rng.uniform(0, 0.1), u * min(1.25, plate.h / u) * rng.uniform(0.75, 1.1)
    while x < plate.w:
        wide, top = u * rng.uniform(0.13, 0.3), plate.h - tall * rng.uniform(0.22, 0.8)
        plate.cut(_house(rng.randrange(3), x, top, wide, plate.h + u / 8), order)
        _windows(plate, rng.choice((1, 2, 2, 3)), x + wide / 2, top + wide * 0.75, wide, order + 1)
        x, order = x + wide * rng.uniform(0.86, 1.12), order + 1


def _house(roof: int, x: float, top: float, wide: float, foot: float) -> Outline:
    """Round, pitched or flat at the top."""
    if roof == 0:
        return arch(x + wide / 2, top, wide / 2, foot)
    eaves = top + wide / 2 if roof == 1 else top
    return [(x, eaves), (x + wide / 2, top), (x + wide, eaves), (x + wide, foot), (x, foot)]


def _windows(plate: Plate, columns: int, x: float, top: float, wide: float, tone: int) -> None:
    pitch, y = wide / (columns + 0.6), top
    while y < plate.h - pitch * 0.4:
        for column in range(columns):
            left = x + (column - columns / 2 + 0.24) * pitch
            plate.cut(box(left, y, left + pitch * 0.52, y + pitch * 0.62), tone)
        y += pitch * 1.15


def dunes(plate: Plate, rng: Random) -> None:
    """Long slopes that cross, and a low sun."""
    sun(plate, rng, 0.55, rng.randrange(3))
    h, falls = plate.h, rng.random() < 0.5
    for layer in range(rng.randint(3, 4)):
        high, low = h * rng.uniform(0.25, 0.6), h * rng.uniform(0.65, 0.95)
        left, right = (high, low) if falls else (low, high)
        nearer, sag = h * 0.09 * layer, h * rng.uniform(-0.16, 0.16)
        _land(plate, _slope(left + nearer, right + nearer, sag, plate.w), layer)
        falls = not falls


def _slope(left: float, right: float, sag: float, width: float) -> Curve:
    return lambda x: left + (right - left) * x / width + sag * math.sin(math.pi * x / width)


def balloons(plate: Plate, rng: Random) -> None:
    """Balloons over a hill, one nearer than the others."""
    u = plate.u
    _land(plate, _swell(rng, plate.h * rng.uniform(0.7, 0.95), plate.h * 0.05, plate.w), 2)
    places = scattered(plate, rng, max(2, round(3 * max(plate.w, plate.h) / u) - 1))
    for number, (x, y) in enumerate(places):
        r, at = u * rng.uniform(0.1, 0.2) * (1 if number else 1.5), y * 0.8 + plate.h * 0.02
        plate.cut(taper(x, at + r * 0.5, r * 0.86, at + r * 1.4, r * 0.24), number)
        plate.cut(disc(x, at, r), number)
        plate.cut(ellipse(x, at, r * 0.42, r), number + 1)
        plate.cut(box(x - r * 0.2, at + r * 1.55, x + r * 0.2, at + r * 1.85), number + 1)


ALL = (hills, peaks, woods, sea, town, dunes, balloons)

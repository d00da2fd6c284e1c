"""Closed outlines of plain shapes, as points; lengths in pixels, angles in turns (1.0 is all the way)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from random import Random

Point = tuple[float, float]
Outline = list[Point]

FINE = 96
"""Points of a full circle: even the greatest ring is then no more than half a pixel off the curve."""

SHARP = 0.3
"""Radians from which on a turn is a corner; a fine circle turns by a fifth of it at each point."""


def polar(x: float, y: float, r: float, turn: float) -> Point:
    """The point `r` away from x, y; a turn of 0 lies to the right, 0.25 below."""
    return x + r * math.cos(math.tau * turn), y + r * math.sin(math.tau * turn)


def box(left: float, top: float, right: float, bottom: float) -> Outline:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def disc(x: float, y: float, r: float) -> Outline:
    return ellipse(x, y, r, r)


def ellipse(x: float, y: float, rx: float, ry: float, turn: float = 0.0) -> Outline:
    angles = (math.tau * step / FINE for step in range(FINE))
    return turned([(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles], x, y, turn)


def sector(x: float, y: float, r: float, start: float, end: float) -> Outline:
    """A piece of pie between two turns."""
    steps = max(2, round(FINE * abs(end - start)))
    rim = [polar(x, y, r, start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(x, y), *rim]


def arch(x: float, top: float, half: float, bottom: float) -> Outline:
    """A doorway `2 × half` wide whose round head touches `top`."""
    return [*sector(x, top + half, half, 0.5, 1.0)[1:], (x + half, bottom), (x - half, bottom)]


def taper(x: float, top: float, upper: float, bottom: float, lower: float) -> Outline:
    """Straight sides from a half width of `upper` at the top to one of `lower` at the bottom."""
    return [(x - upper, top), (x + upper, top), (x + lower, bottom), (x - lower, bottom)]


def leaf(x: float, y: float, length: float, width: float, turn: float) -> Outline:
    """A pointed leaf that grows from x, y in the direction of `turn`."""
    steps = FINE // 4
    half = [
        (length * step / steps, width / 2 * math.sin(math.pi * step / steps)) for step in range(steps + 1)
    ]
    edge = half + [(across, -out) for across, out in reversed(half[1:-1])]
    return turned([(x + across, y + out) for across, out in edge], x, y, turn)


def pebble(rng: Random, x: float, y: float, rx: float, ry: float, rough: float = 0.12) -> Outline:
    """An ellipse out of true by up to the share `rough`, smooth all the way round."""
    waves = [(count, rng.uniform(-rough, rough) / count, rng.random()) for count in (1, 2, 3)]

    def radius(turn: float) -> float:
        return 1 + sum(size * math.sin(math.tau * (count * turn + shift)) for count, size, shift in waves)

    turns = (step / FINE for step in range(FINE))
    return [
        (x + rx * radius(t) * math.cos(math.tau * t), y + ry * radius(t) * math.sin(math.tau * t))
        for t in turns
    ]


def turned(points: Iterable[Point], x: float, y: float, turn: float) -> Outline:
    """The points rotated about x, y."""
    cos, sin = math.cos(math.tau * turn), math.sin(math.tau * turn)
    return [(x + (px - x) * cos - (py - y) * sin, y + (px - x) * sin + (py - y) * cos) for px, py in points]


def under(curve: Callable[[float], float], left: float, right: float, bottom: float) -> Outline:
    """What lies between y = curve(x) and `bottom`."""
    steps = FINE * 2
    edge = [left + (right - left) * step / steps for step in range(steps + 1)]
    return [*((x, curve(x)) for x in edge), (right, bottom), (left, bottom)]


def ribbon(path: Sequence[Point], width: float) -> Outline:
    """A line of `width` along the path, with round ends."""
    half = width / 2
    headings = [math.atan2(by - ay, bx - ax) / math.tau for (ax, ay), (bx, by) in pairwise(path)]
    headings.append(headings[-1])
    left = [polar(x, y, half, heading - 0.25) for (x, y), heading in zip(path, headings, strict=True)]
    right = [polar(x, y, half, heading + 0.25) for (x, y), heading in zip(path, headings, strict=True)]
    head = sector(*path[-1], half, headings[-1] - 0.25, headings[-1] + 0.25)[1:]
    tail = sector(*path[0], half, headings[0] + 0.25, headings[0] + 0.75)[1:]
    return [*left, *head, *reversed(right), *tail]


def bends(points: Sequence[Point]) -> list[float]:
    """By how many radians an outline turns at each of its points, without sign."""
    headings = [
        math.atan2(by - ay, bx - ax) for (ax, ay), (bx, by) in pairwise([points[-1], *points, points[0]])
    ]
    turns = (abs(after - before) for before, after in pairwise(headings))
    return [min(turn, math.tau - turn) for turn in turns]


def corners(points: Sequence[Point]) -> list[Point]:
    """The points at which an outline turns sharply."""
    return [point for point, bend in zip(points, bends(points), strict=True) if bend > SHARP]


def chords(points: Sequence[Point], step: float) -> Iterator[tuple[float, float, float]]:
    """The horizontal chords of an outline every `step` pixels, as (y, left, right)."""
    edges = [(a, b) if a[1] < b[1] else (b, a) for a, b in pairwise([*points, points[0]]) if a[1] != b[1]]
    start = min(top for (_, top), _ in edges) + step / 2
    cuts: dict[int, list[float]] = {}
    for (ax, ay), (bx, by) in edges:
        slope = (bx - ax) / (by - ay)
        for row in range(math.ceil((ay - start) / step), math.ceil((by - start) / step)):
            cuts.setdefault(row, []).append(ax + (start + row * step - ay) * slope)
    for row, crossed in sorted(cuts.items()):
        crossed.sort()
        for left, right in zip(crossed[::2], crossed[1::2], strict=True):
            yield start + row * step, left, right

"""Compositions about one great figure: arches, rings, rays, moon, planet, serpent, shapes."""

from __future__ import annotations

import math
from random import Random

from jobs.backends.proof.inks import GROUND
from jobs.backends.proof.motifs.places import scattered, sun
from jobs.backends.proof.outlines import Outline, Point, arch, box, disc, polar, ribbon, sector, turned
from jobs.backends.proof.plate import Plate


def arches(plate: Plate, rng: Random) -> None:
    """Arches within arches that rise from one side, a small sun before them."""
    side, u = rng.randrange(4), plate.u
    w, h = (plate.w, plate.h) if side < 2 else (plate.h, plate.w)

    def stood(points: Outline) -> Outline:
        """Turned so that below is that side."""
        upright = points if side % 2 == 0 else [(x, h - y) for x, y in points]
        return upright if side < 2 else [(y, x) for x, y in upright]

    low_sun = disc(w * rng.uniform(0.1, 0.9), h * rng.uniform(0.1, 0.35), u * rng.uniform(0.06, 0.16))
    plate.cut(stood(low_sun), 1)
    x, half, top = w * rng.uniform(0.1, 0.9), u * rng.uniform(0.36, 0.78), h * rng.uniform(0.08, 0.45)
    count = rng.randint(3, 6)
    for step in range(count):
        inner = half * (1 - step / count)
        outline = arch(x, top + (half - inner) * 1.15, inner, h + u / 8)
        plate.cut(stood(outline), GROUND if step == 4 else step)


def rings(plate: Plate, rng: Random) -> None:
    """Rings about one place; a part of them is turned to other colours."""
    w, h, u = plate.w, plate.h, plate.u
    x, y = w * rng.uniform(0.15, 0.85), h * rng.uniform(0.15, 0.85)
    r = min(math.hypot(w, h) * rng.uniform(0.35, 0.6), u)
    count, start, part = rng.randint(3, 6), rng.random(), rng.choice((0.25, 0.5, 0.5))
    for step in range(count):
        size = r * (1 - step / count)
        plate.cut(sector(x, y, size, start + part, start + 1), GROUND if step % 2 else step)
        plate.cut(sector(x, y, size, start, start + part), step + 1)


def rays(plate: Plate, rng: Random) -> None:
    """A sun and its rays."""
    w, h = plate.w, plate.h
    x, y, r = w * rng.uniform(0.05, 0.95), h * rng.uniform(0.1, 1.0), plate.u * rng.uniform(0.14, 0.32)
    count, shift = rng.randint(6, 13), rng.random()
    for ray in range(count):
        start = shift + ray / count
        plate.cut(sector(x, y, math.hypot(w, h), start, start + 0.5 / count), ray % 2)
    plate.cut(disc(x, y, r), 2)
    plate.cut(disc(x, y, r * rng.uniform(0.5, 0.75)), 0)


def moon(plate: Plate, rng: Random) -> None:
    """A moon in one of its phases, stars, and long clouds before it."""
    w, h, u = plate.w, plate.h, plate.u
    x, y, r = w * rng.uniform(0.15, 0.85), h * rng.uniform(0.2, 0.8), u * rng.uniform(0.2, 0.44)
    turn, bulge = rng.random(), rng.uniform(-0.8, 0.8)
    plate.cut(disc(x, y, r), 2)
    plate.cut(turned(_phase(x, y, r, bulge), x, y, turn), 0)
    for _ in range(rng.randint(2, 4)):
        long, thick = u * rng.uniform(0.25, 0.6), u * rng.uniform(0.05, 0.11)
        cx, cy = x + u * rng.uniform(-0.6, 0.6), y + r * rng.uniform(-0.9, 1.1)
        plate.cut(ribbon([(cx - long / 2, cy), (cx + long / 2, cy)], thick), 1)
    for star in scattered(plate, rng, plate.many(9 * w * h / u**2)):
        if math.dist(star, (x, y)) > r * 1.2:
            plate.cut(_star(star, u * rng.uniform(0.012, 0.03)), 0)


def _phase(x: float, y: float, r: float, bulge: float) -> Outline:
    """The lit part of a moon: half its rim, and the line between day and night."""
    turns = [step / 48 for step in range(25)]
    night = [(x + r * bulge * math.sin(math.tau * turn), y - r * math.cos(math.tau * turn)) for turn in turns]
    return [*sector(x, y, r, 0.25, 0.75)[1:], *night]


def _star(at: Point, r: float) -> Outline:
    return [polar(*at, r if point % 2 == 0 else r * 0.36, point / 8) for point in range(8)]


def planet(plate: Plate, rng: Random) -> None:
    """A banded planet in its ring, and its moons."""
    w, h, u = plate.w, plate.h, plate.u
    x, y, r = w * rng.uniform(0.25, 0.75), h * rng.uniform(0.25, 0.75), u * rng.uniform(0.16, 0.34)
    tilt, wide = rng.uniform(-0.12, 0.12), r * rng.uniform(1.6, 1.95)
    for number, place in enumerate(scattered(plate, rng, 6)):
        if math.dist(place, (x, y)) > r * 1.5:
            plate.cut(disc(*place, u * rng.uniform(0.02, 0.1)), number)
    far, near = (turned(ribbon(_half(x, y, wide, start), r * 0.16), x, y, tilt) for start in (0.5, 0.0))
    plate.cut(far, 1)
    plate.cut(disc(x, y, r), 0)
    for level in rng.sample((-0.6, -0.25, 0.1, 0.45), 2):
        reach, middle = r * math.sqrt(1 - (abs(level) + 0.1) ** 2) * 0.82, y + r * level
        plate.cut(turned(ribbon([(x - reach, middle), (x + reach, middle)], r * 0.2), x, y, tilt), 2)
    plate.cut(near, 1)


def _half(x: float, y: float, wide: float, start: float) -> list[Point]:
    """Half of a planet's ring, seen from a little above."""
    angles = (math.tau * (start + step / 96) for step in range(49))
    return [(x + wide * math.cos(angle), y + wide * 0.26 * math.sin(angle)) for angle in angles]


def serpent(plate: Plate, rng: Random) -> None:
    """A striped road that winds to and fro in half circles."""
    w, h, u = plate.w, plate.h, plate.u
    level, r = rng.random() < 0.5, u * rng.uniform(0.1, 0.2)
    path = _winding(rng, *((w, h) if level else (h, w)), r)
    sun(plate, rng, 0.9, 2, 0.2, 0.36)
    for strand in range(3):
        road = path if level else [(y, x) for x, y in path]
        plate.cut(ribbon(road, r * 1.5 * (1 - strand / 3)), strand % 2)


def _winding(rng: Random, along: float, across: float, r: float) -> list[Point]:
    """From outside one edge to and fro until it has left at the other."""
    near, far = along * rng.uniform(0.05, 0.35), along * rng.uniform(0.65, 0.95)
    if rng.random() < 0.5:
        near, far = far, near
    way, y = math.copysign(1, far - near), r * rng.uniform(-0.5, 1.0)
    path = [(near - way * along, y)]
    while y < across + r:
        angles = (math.tau * (step / 48 - 0.25) for step in range(25))
        path += [(far + way * r * math.cos(angle), y + r + r * math.sin(angle)) for angle in angles]
        near, far, way, y = far, near, -way, y + 2 * r
    return path


def shapes(plate: Plate, rng: Random) -> None:
    """A few great plain shapes that overlap, the largest first."""
    u = plate.u
    kinds = rng.sample((0, 0, 1, 2, 3, 4), 6)
    for number, (x, y) in enumerate(scattered(plate, rng, 6)):
        r = u * (0.44 - 0.05 * number) * rng.uniform(0.8, 1.1)
        outline = (
            disc(x, y, r),
            sector(x, y, r * 1.2, 0, 0.5),
            box(x - r * 1.6, y - r * 0.22, x + r * 1.6, y + r * 0.22),
            [polar(x, y, r * 1.15, corner / 3) for corner in range(3)],
            sector(x, y, r * 1.5, 0, 0.25),
        )[kinds[number]]
        plate.cut(turned(outline, x, y, rng.randrange(8) / 8), number)


ALL = (arches, rings, rays, moon, planet, serpent, shapes)

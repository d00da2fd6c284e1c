"""Compositions that fill the plate: tiles, quilt, stripes, dots, scales, bands, cubes, weave, fans."""

from __future__ import annotations

import math
from random import Random

from jobs.backends.proof.inks import GROUND
from jobs.backends.proof.motifs.places import Cell, cells
from jobs.backends.proof.outlines import Outline, box, disc, polar, sector, turned
from jobs.backends.proof.plate import Plate


def tiles(plate: Plate, rng: Random) -> None:
    """Quarter circles, half circles, discs and triangles, a square each."""
    favourite = rng.randrange(5)
    for cell in cells(plate, rng.randint(3, 5)):
        under, over = _two(plate, rng)
        x, y, side = cell
        plate.cut(box(x, y, x + side, y + side), under)
        kind = favourite if rng.random() < 0.35 else rng.randrange(6)
        if kind < 5:
            plate.cut(_tile(kind, cell, rng.randrange(4) / 4), over)


def _two(plate: Plate, rng: Random) -> tuple[int, int]:
    """Two different tones; the ground counts as one."""
    under, over = rng.sample((GROUND, *range(len(plate.inks))), 2)
    return under, over


def _tile(kind: int, cell: Cell, turn: float) -> Outline:
    x, y, side = cell
    middle = (x + side / 2, y + side / 2)
    upright = (
        sector(x, y, side, 0, 0.25),
        sector(x + side / 2, y, side / 2, 0, 0.5),
        disc(*middle, side * 0.36),
        [(x, y + side), (x + side, y + side), (x + side / 2, y)],
        [(x, y), (x + side, y), (x, y + side)],
    )[kind]
    return turned(upright, *middle, turn)


def fans(plate: Plate, rng: Random) -> None:
    """Quarter rings, each about a corner of its square."""
    count = rng.randint(4, 6)
    for x, y, side in cells(plate, rng.randint(1, 3)):
        corner, order = rng.randrange(4), rng.randrange(3)
        middle = (x + side / 2, y + side / 2)
        plate.cut(box(x, y, x + side, y + side), order + 1 if rng.random() < 0.3 else GROUND)
        for ring in range(count):
            tone = GROUND if ring % 2 else order + ring // 2
            plate.cut(turned(sector(x, y, side * (1 - ring / count), 0, 0.25), *middle, corner / 4), tone)


def quilt(plate: Plate, rng: Random) -> None:
    """Rectangles halved again and again, each in a colour of its own; some hold a disc."""

    def piece(left: float, top: float, right: float, bottom: float, depth: int) -> None:
        wide, tall = right - left, bottom - top
        if depth == 0 or min(wide, tall) < plate.u * 0.16 or (depth < 3 and rng.random() < 0.2):
            _patch(plate, rng, left, top, right, bottom)
            return
        share = rng.choice((0.33, 0.4, 0.5, 0.6, 0.67))
        if wide > tall * rng.uniform(0.8, 1.25):
            seam = left + wide * share
            piece(left, top, seam, bottom, depth - 1)
            piece(seam, top, right, bottom, depth - 1)
        else:
            seam = top + tall * share
            piece(left, top, right, seam, depth - 1)
            piece(left, seam, right, bottom, depth - 1)

    piece(0, 0, plate.w, plate.h, 5)


def _patch(plate: Plate, rng: Random, left: float, top: float, right: float, bottom: float) -> None:
    under, over = _two(plate, rng)
    plate.cut(box(left, top, right, bottom), under)
    if rng.random() < 0.45:
        r = min(right - left, bottom - top) * rng.uniform(0.25, 0.42)
        plate.cut(disc((left + right) / 2, (top + bottom) / 2, r), over)


def stripes(plate: Plate, rng: Random) -> None:
    """Stripes of many widths and one great disc in which they change colour."""
    w, h, u = plate.w, plate.h, plate.u
    x, y, r = w * rng.uniform(0.2, 0.8), h * rng.uniform(0.25, 0.75), u * rng.uniform(0.28, 0.46)
    level = rng.random() < 0.5
    at = -u * rng.uniform(0, 0.1)
    plate.cut(disc(x, y, r), 1)
    while at < (h if level else w):
        wide = u * rng.uniform(0.04, 0.18)
        plate.cut(box(-u, at, w + u, at + wide) if level else box(at, -u, at + wide, h + u), 0)
        inside = _slice(x, y, r, at, at + wide, level)
        if inside:
            plate.cut(inside, 2)
        at += wide + u * rng.uniform(0.03, 0.14)


def _slice(x: float, y: float, r: float, near: float, far: float, level: bool) -> Outline:
    """The part of a disc between two level (or upright) lines; empty where they miss it."""
    centre = y if level else x
    low, high = max(near - centre, -r), min(far - centre, r)
    if low >= high:
        return []
    steps = [low + (high - low) * step / 24 for step in range(25)]
    right = [(math.sqrt(max(0.0, r * r - d * d)), d) for d in steps]
    outline = right + [(-across, d) for across, d in reversed(right)]
    return [(x + across, y + d) if level else (x + d, y + across) for across, d in outline]


def dots(plate: Plate, rng: Random) -> None:
    """A grid of dots that swell in rings about a place, or in waves; some are of another colour."""
    u, shift, turn = plate.u, rng.random(), rng.random()
    x, y, long = plate.w * rng.random(), plate.h * rng.random(), u * rng.uniform(0.7, 1.8)
    ringed = rng.random() < 0.5
    for left, top, side in cells(plate, rng.randint(5, 9)):
        at = (left + side / 2, top + side / 2)
        along = (
            math.dist(at, (x, y))
            if ringed
            else math.hypot(*at) * math.cos(math.atan2(at[1], at[0]) - math.tau * turn)
        )
        swell = 0.5 + 0.5 * math.cos(math.tau * (along / long + shift))
        plate.cut(disc(*at, side * (0.06 + 0.44 * swell)), 1 if rng.random() < 0.14 else 0)


def scales(plate: Plate, rng: Random) -> None:
    """Rows of fans like the scales of a fish."""
    r, rings, first = plate.u / rng.uniform(2.4, 5.0), rng.randint(2, 4), rng.randrange(3)
    shift, y, odd = rng.random() * r, -r * rng.random(), False
    while y < plate.h + r:
        x = shift - (r if odd else 2 * r)
        while x < plate.w + 2 * r:
            order = first + (rng.random() < 0.3)
            for ring in range(rings):
                tone = GROUND if ring % 2 and rings > 2 else order + ring
                plate.cut(disc(x, y + r, r * (1 - ring / rings) * 0.97), tone)
            x += 2 * r
        y, odd = y + r / 2, not odd


def bands(plate: Plate, rng: Random) -> None:
    """Broad slanting bands with a round end, from one side and the other."""
    x, y, u = plate.w / 2, plate.h / 2, plate.u
    slant, reach = rng.uniform(0.06, 0.19) * rng.choice((-1, 1)), math.hypot(plate.w, plate.h)
    at, order = -reach / 2, rng.randrange(3)
    while at < reach / 2:
        wide, stop = u * rng.uniform(0.1, 0.28), x + reach * rng.uniform(-0.35, 0.5)
        end = sector(stop, y + at + wide / 2, wide / 2, -0.25, 0.25)[1:]
        bar = [(x - reach, y + at), *end, (x - reach, y + at + wide)]
        plate.cut(turned(bar, x, y, slant + order % 2 / 2), order)
        at, order = at + wide * rng.uniform(1.0, 1.5), order + 1


def cubes(plate: Plate, rng: Random) -> None:
    """Stacked cubes seen from above, some taken away."""
    side, keep = plate.u / rng.uniform(3.4, 6.5), rng.uniform(0.5, 0.85)
    wide = side * math.cos(math.pi / 6)
    tones = rng.sample(range(3), 3)
    y, odd = -side * rng.random(), False
    while y < plate.h + side:
        x = wide if odd else 0.0
        while x < plate.w + wide:
            if rng.random() < keep:
                _cube(plate, x, y, side, tones)
            x += 2 * wide
        y, odd = y + side * 1.5, not odd


def _cube(plate: Plate, x: float, y: float, side: float, tones: list[int]) -> None:
    corners = [polar(x, y, side, (2 * number - 1) / 12) for number in range(7)]
    for face, tone in enumerate(tones):
        plate.cut([(x, y), *corners[2 * face : 2 * face + 3]], tone)


def weave(plate: Plate, rng: Random) -> None:
    """Straps that go over and under each other."""
    across = rng.randint(2, 4)
    side = plate.u / across
    strap = side * rng.uniform(0.5, 0.8) / 2
    longest = math.ceil(max(plate.w, plate.h) / side) + 1
    warp = [rng.choice((0, 0, 2)) for _ in range(longest)]
    dx, dy = side * rng.random(), side * rng.random()
    for row in range(longest):
        for column in range(longest):
            x, y = column * side - dx + side / 2, row * side - dy + side / 2
            level = (box(x - side / 2 - 1, y - strap, x + side / 2 + 1, y + strap), 1)
            upright = (box(x - strap, y - side / 2 - 1, x + strap, y + side / 2 + 1), warp[column])
            for outline, tone in (level, upright) if (row + column) % 2 else (upright, level):
                plate.cut(outline, tone)


ALL = (tiles, fans, quilt, stripes, dots, scales, bands, cubes, weave)

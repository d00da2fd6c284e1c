"""Compositions indoors: a window, a bowl, stones, vases."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

from jobs.backends.proof.inks import GROUND
from jobs.backends.proof.motifs.places import abreast, floor, sun
from jobs.backends.proof.outlines import Outline, arch, box, disc, leaf, pebble, sector
from jobs.backends.proof.plate import Plate


def window(plate: Plate, rng: Random) -> None:
    """Arched windows in a wall; a hill and the sun are seen through them."""
    h, u = plate.h, plate.u
    frame, lamp, *view = rng.sample((0, 1, 2, GROUND), 4)
    if frame == GROUND:
        frame, lamp = lamp, frame
    floor(plate, h * rng.uniform(0.6, 0.95), view[0])
    half, top, sill = u * rng.uniform(0.2, 0.4), h * rng.uniform(0.05, 0.2), h * rng.uniform(0.66, 0.92)
    level, r = rng.uniform(0.3, 0.6), half * rng.uniform(0.25, 0.5)
    for x in abreast(plate, rng, half * rng.uniform(2.5, 3.4)):
        inner, low, bar = half * 0.88, sill - half * 0.12, half * 0.05
        hill, slope = low - (low - top - half) * level, rng.uniform(-0.4, 0.4) * half
        plate.cut(arch(x, top, half, sill), frame)
        plate.cut(arch(x, top + half * 0.12, inner, low), view[1])
        across, down = (inner - r) * rng.uniform(-0.8, 0.8), half * rng.uniform(0.75, 1.1)
        plate.cut(disc(x + across, top + down + r * 0.4, r), lamp)
        plate.cut(
            [(x - inner, hill - slope), (x + inner, hill + slope), (x + inner, low), (x - inner, low)],
            view[0],
        )
        plate.cut(box(x - bar, top + half * 0.1, x + bar, low), frame)
        plate.cut(box(x - inner, top + half - bar, x + inner, top + half + bar), frame)
        plate.cut(box(x - half * 1.18, sill, x + half * 1.18, sill + half * 0.15), frame)


def bowl(plate: Plate, rng: Random) -> None:
    """Fruit in bowls on a table, now and then a lamp or the sun behind."""
    u, table = plate.u, plate.h * rng.uniform(0.52, 0.85)
    if rng.random() < 0.6:
        sun(plate, rng, 0.4, 2, 0.14, 0.34)
    floor(plate, table, 1)
    for x in abreast(plate, rng, u * rng.uniform(0.8, 1.2)):
        r = u * rng.uniform(0.24, 0.42)
        brim = table - r * rng.uniform(0.4, 0.8)
        for number in range(rng.randint(3, 6)):
            size = r * rng.uniform(0.24, 0.4)
            at, rise = x + r * rng.uniform(-0.6, 0.6), brim - size * rng.uniform(0.2, 1.4)
            plate.cut(disc(at, rise, size), number + 2)
            plate.cut(leaf(at, rise - size * 0.9, size * 0.8, size * 0.3, rng.uniform(-0.2, -0.05)), 0)
        plate.cut(sector(x, brim, r, 0.0, 0.5), 0)
        plate.cut(box(x - r * 0.4, brim + r * 0.92, x + r * 0.4, brim + r * 1.08), 0)


def stones(plate: Plate, rng: Random) -> None:
    """Pebbles piled up, the largest lowest."""
    u, beach = plate.u, plate.h * rng.uniform(0.72, 0.94)
    sun(plate, rng, 0.45, 1, 0.12, 0.24)
    floor(plate, beach, 2)
    for place in abreast(plate, rng, u * rng.uniform(0.7, 1.3)):
        x, y, wide = place, beach + u * 0.03, u * rng.uniform(0.26, 0.46)
        for stone in range(rng.randint(3, 6)):
            tall = wide * rng.uniform(0.3, 0.62)
            plate.cut(pebble(rng, x, y - tall * 0.94, wide, tall), stone * 3 + stone // 2)
            x, y, wide = x + wide * rng.uniform(-0.3, 0.3), y - tall * 1.84, wide * rng.uniform(0.6, 0.86)


_PROFILES = (
    (0.3, 0.34, 0.9, 1.0, 0.6, 0.55),
    (0.22, 0.2, 0.22, 0.8, 1.0, 0.9),
    (0.7, 0.95, 1.0, 0.85, 0.6, 0.5),
    (0.45, 0.3, 0.6, 1.0, 0.9, 0.4),
    (0.9, 0.8, 0.75, 0.8, 0.9, 1.0),
)
"""Half widths of vases from the lip down, as shares of the widest."""


def vases(plate: Plate, rng: Random) -> None:
    """Bottles and vases on a shelf, some with a spot."""
    u, shelf = plate.u, plate.h * rng.uniform(0.7, 0.9)
    floor(plate, shelf, 2)
    places = abreast(plate, rng, u * rng.uniform(0.24, 0.42))
    glazes = [tone for tone in range(len(plate.inks)) if tone != 2]
    for x in rng.sample(places, len(places)):
        foot, tall = shelf + u * rng.uniform(0.01, 0.09), min(shelf * 0.9, u * rng.uniform(0.24, 0.8))
        half = min(u * 0.2, plate.w / len(places) / 2 * rng.uniform(0.75, 1.15))
        body, spot = rng.sample(glazes, 2)
        plate.cut(_vase(rng.choice(_PROFILES), x, foot, tall, half), body)
        if rng.random() < 0.5:
            plate.cut(disc(x, foot - tall * 0.36, half * 0.34), spot)


def _vase(profile: tuple[float, ...], x: float, foot: float, tall: float, half: float) -> Outline:
    """The profile rounded: between two of its widths the edge swings like a cosine."""
    steps, edge = 12, []
    for part, (above, below) in enumerate(pairwise(profile)):
        for step in range(steps + 1):
            share = (1 - math.cos(math.pi * step / steps)) / 2
            down = (part + step / steps) / (len(profile) - 1)
            edge.append((half * (above + (below - above) * share), foot - tall * (1 - down)))
    return [(x + across, y) for across, y in edge] + [(x - across, y) for across, y in reversed(edge)]


ALL = (window, bowl, stones, vases)

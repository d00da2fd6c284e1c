"""Compositions of things that grow or swim: leaves, flowers, a plant in a pot, mushrooms, fish."""

from __future__ import annotations

from random import Random

from jobs.backends.proof.inks import GROUND
from jobs.backends.proof.motifs.places import abreast, floor, scattered, sun
from jobs.backends.proof.outlines import box, disc, ellipse, leaf, polar, ribbon, sector, taper, turned
from jobs.backends.proof.plate import Plate


def leaves(plate: Plate, rng: Random) -> None:
    """Leaves let fall, each with its vein."""
    wind, size = rng.random(), plate.u * rng.uniform(0.3, 0.55)
    places = scattered(plate, rng, plate.many(0.9 * plate.w * plate.h / size**2))
    for number, middle in enumerate(places):
        length, turn = size * rng.uniform(0.75, 1.2), wind + rng.uniform(-0.2, 0.2) + rng.randrange(2) / 2
        x, y = polar(*middle, -length / 2, turn)
        plate.cut(leaf(x, y, length, length * rng.uniform(0.34, 0.52), turn), number % 3)
        vein = [polar(x, y, length * share, turn) for share in (0.12, 0.8)]
        plate.cut(ribbon(vein, length * 0.025), GROUND)


def flowers(plate: Plate, rng: Random) -> None:
    """Flowers on long stems, a pale sun behind."""
    u, h = plate.u, plate.h
    sun(plate, rng, 0.9, 3, 0.2, 0.5)
    places = abreast(plate, rng, u * rng.uniform(0.36, 0.9))
    for number, x in enumerate(places):
        y, r = h * rng.uniform(0.18, 0.58), min(u * rng.uniform(0.18, 0.34), plate.w / len(places) * 0.56)
        foot = x + u * rng.uniform(-0.16, 0.16)
        middle = ((foot + x) / 2, (h + y) / 2)
        plate.cut(ribbon([(foot, h + u / 8), middle, (x, y)], u * 0.022), 2)
        plate.cut(leaf(*middle, r * 1.2, r * 0.5, -0.25 + rng.choice((-0.12, 0.12))), 2)
        _bloom(plate, rng, x, y, r, number % 2)


def _bloom(plate: Plate, rng: Random, x: float, y: float, r: float, tone: int) -> None:
    count, shift = rng.randint(5, 10), rng.random()
    for petal in range(count):
        turn = shift + petal / count
        plate.cut(ellipse(*polar(x, y, r * 0.6, turn), r * 0.44, r * min(0.3, 1.7 / count), turn), tone)
    plate.cut(disc(x, y, r * rng.uniform(0.24, 0.36)), 1 - tone)


def plant(plate: Plate, rng: Random) -> None:
    """Stems with leaves in pots, a disc behind."""
    h, u = plate.h, plate.u
    table, pot = h * rng.uniform(0.76, 0.92), 3 if len(plate.inks) > 3 else 2
    sun(plate, rng, 0.5, 2, 0.2, 0.38)
    floor(plate, table, 1)
    for x in abreast(plate, rng, u * rng.uniform(0.6, 1.3)):
        half, rim = u * rng.uniform(0.1, 0.17), table - u * rng.uniform(0.16, 0.3)
        _stem(plate, rng, x, rim, h * rng.uniform(0.04, 0.2))
        plate.cut(taper(x, rim, half, table + u * 0.02, half * 0.72), pot)
        plate.cut(box(x - half * 1.12, rim - u * 0.02, x + half * 1.12, rim + u * 0.03), pot)


def _stem(plate: Plate, rng: Random, x: float, foot: float, top: float) -> None:
    u, steps, bend = plate.u, 24, plate.u * rng.uniform(-0.2, 0.2)
    stem = [(x + bend * (step / steps) ** 2, foot + (top - foot) * step / steps) for step in range(steps + 1)]
    plate.cut(ribbon(stem, u * 0.016), 0)
    pairs, size = rng.randint(4, 7), rng.uniform(0.2, 0.36)
    for pair in range(pairs):
        node = stem[round(steps * (pair + 0.9) / pairs)]
        length = u * size * (1.1 - 0.5 * pair / pairs)
        for side in (-1, 1):
            plate.cut(leaf(*node, length, length * 0.42, -0.25 + side * rng.uniform(0.1, 0.17)), 0)


def mushrooms(plate: Plate, rng: Random) -> None:
    """Spotted caps on stout stems."""
    u, ground = plate.u, plate.h * rng.uniform(0.76, 0.94)
    sun(plate, rng, 0.6, 3, 0.1, 0.3)
    floor(plate, ground, 2)
    places = abreast(plate, rng, u * rng.uniform(0.28, 0.6))
    for number, x in enumerate(rng.sample(places, len(places))):
        r, brim = u * rng.uniform(0.13, 0.3), ground - u * rng.uniform(0.18, 0.55)
        cap, stem = number % 2, 1 - number % 2
        plate.cut(taper(x, brim - 1, r * 0.2, ground + u * rng.uniform(0.01, 0.06), r * 0.32), stem)
        plate.cut(sector(x, brim, r, 0.5, 1.0), cap)
        for _ in range(plate.many(5)):
            spot = polar(x, brim, r * rng.uniform(0.2, 0.8), rng.uniform(0.56, 0.94))
            plate.cut(disc(*spot, r * rng.uniform(0.05, 0.11)), stem)


def fish(plate: Plate, rng: Random) -> None:
    """A school on its way; one swims against it."""
    course, size = rng.uniform(-0.08, 0.08) + rng.randrange(2) / 2, plate.u * rng.uniform(0.28, 0.46)
    for number, (x, y) in enumerate(scattered(plate, rng, round(0.85 * plate.w * plate.h / size**2))):
        turn = course + rng.uniform(-0.03, 0.03) + (0 if number else 0.5)
        _fish(plate, x, y, size * rng.uniform(0.7, 1.05), rng.uniform(0.36, 0.52), turn, number % 3)


def _fish(plate: Plate, x: float, y: float, long: float, girth: float, turn: float, tone: int) -> None:
    tail = [(-0.3, 0.0), (-0.62, -0.22), (-0.54, 0.0), (-0.62, 0.22)]
    plate.cut(turned([(x + long * along, y + long * off) for along, off in tail], x, y, turn), tone + 1)
    plate.cut(leaf(*polar(x, y, -long / 2, turn), long, long * girth, turn), tone)
    plate.cut(turned(sector(x - long * 0.02, y, long * 0.15, 0.25, 0.75), x, y, turn), tone + 1)
    plate.cut(disc(*polar(x, y, long * 0.3, turn), long * 0.035), GROUND)


ALL = (leaves, flowers, plant, mushrooms, fish)

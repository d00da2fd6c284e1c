"""Where things stand on a poster of any size: composition, prompt, line of settings, control strip."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from jobs.backends.proof.lettering import SANS, SANS_BOLD, Face, font
from jobs.backends.proof.typesetting import Copy, fitted

_SIZES = (66, 58, 50, 44, 39, 35, 31, 28, 25, 22, 20, 18, 16)
"""Type for a prompt on a poster of one megapixel, in pixels; other posters have it in proportion."""

_LARGE = 35
"""In type of this size or larger a prompt gets the first share of the height, in the smallest the second."""
_SHORT, _LONG = 0.13, 0.35

_WIDE = 1.9
"""From this width to height on, the prompt stands beside, on the share _COLUMN of the width."""
_COLUMN = 0.31


@dataclass(frozen=True, slots=True)
class Word:
    """A part of the line of settings; its baseline begins at x, y."""

    text: str
    face: Face
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Strip:
    """The control strip: squares of `side` from x, y to the right."""

    x: int
    y: int
    side: int


@dataclass(frozen=True, slots=True)
class Footer:
    """The line of settings in type of `small` pixels, and the strip at its end or above it."""

    words: tuple[Word, ...]
    strip: Strip
    small: int
    top: int


@dataclass(frozen=True, slots=True)
class Layout:
    """`art` is the size of the composition at the upper left; `x`, `y` is where the prompt begins."""

    art: tuple[int, int]
    copy: Copy
    x: int
    y: int
    footer: Footer


def laid_out(text: str, settings: Sequence[str], colors: int, width: int, height: int) -> Layout:
    """A poster of `width` × `height` with a strip of so many colours; the first of `settings` is bold."""
    beside = width / height >= _WIDE
    column = _Column(round(width * _COLUMN) if beside else width, width, height)
    footer = column.footer(settings, colors)
    margin = column.margin
    if beside:
        copy = fitted(text, column.measure, column.sizes[2:], lambda _: footer.top - 1.8 * margin)
        return Layout((column.left - margin, height), copy, column.left, round(margin * 0.95), footer)
    copy = fitted(text, column.measure, column.sizes, column.room)
    y = max(1, footer.top - round(margin * 0.6 + copy.height))
    return Layout((width, max(1, y - round(margin * 0.8))), copy, column.left, y, footer)


class _Column:
    """The paper that words stand on: the right-hand `wide` pixels of a sheet, or all of them."""

    def __init__(self, wide: int, width: int, height: int) -> None:
        self._unit = math.sqrt(width * height) / 1024
        self._height = height
        self.margin = max(3, round(44 * self._unit))
        self.left = width - wide + self.margin
        self.measure = max(16, wide - 2 * self.margin)
        self.sizes = [max(6, round(size * self._unit)) for size in _SIZES]

    def room(self, size: int) -> float:
        """The height for a prompt below the composition in type of this size: more in small type."""
        large, small = _LARGE * self._unit, self.sizes[-1]
        smallness = min(1.0, max(0.0, (large - size) / max(1.0, large - small)))
        return self._height * (_SHORT + (_LONG - _SHORT) * smallness)

    def footer(self, settings: Sequence[str], colors: int) -> Footer:
        small = max(6, round(18 * self._unit))
        side, step = round(small * 1.5), round(small * 1.4)
        lines, end = self._wrapped(settings, small)
        foot = self._height - round(self.margin * 0.72)
        top = foot - step * (len(lines) - 1)
        words = tuple(
            Word(text, face, self.left + x, top + step * number)
            for number, line in enumerate(lines)
            for text, face, x in line
        )
        if len(lines) == 1 and end + colors * side <= self.measure:
            strip = Strip(self.left + self.measure - colors * side, foot - round(side * 0.76), side)
            return Footer(words, strip, small, top - small)
        strip = Strip(self.left, top - round(small * 1.6) - side, side)
        return Footer(words, strip, small, strip.y)

    def _wrapped(self, settings: Sequence[str], small: int) -> tuple[list[list[tuple[str, Face, int]]], int]:
        """The settings in as many lines as they need, as (text, face, x), and where the last line ends."""
        lines: list[list[tuple[str, Face, int]]] = [[]]
        x, gap = 0, round(small * 0.75)
        for number, text in enumerate(settings):
            face = SANS if number else SANS_BOLD
            width = round(font(face, small).getlength(text))
            if x and x + width > self.measure:
                lines.append([])
                x = 0
            lines[-1].append((text, face, x))
            x += width + gap
        return lines, x

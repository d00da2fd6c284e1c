"""Colours of a poster: the row's palette or one of the house's own; which is ground and which figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

Color = tuple[int, int, int]

PAPER: Color = (0xFB, 0xFA, 0xF7)
INK: Color = (0x1B, 0x1A, 0x17)
QUIET: Color = (0x5A, 0x56, 0x4E)
HAIRLINE: Color = (0xDD, 0xDA, 0xD4)

GROUND = -1
"""The number of the ground among a poster's tones."""

# Each spans light and dark, so that any of its colours can be the ground of a legible figure.
HOUSE = tuple(
    line.split()
    for line in """
    #1F4D3A #D96B27 #B3312C #F5EFE3 #E8B04B
    #2B1A12 #A63D22 #E0A15E #F3E7D3
    #1D2F2D #2F6F6A #C98B4B #F3E7D3
    #1B2A49 #E0B04A #C9A37B #8A5A3B #F2EDE2
    #0F3B57 #E4572E #F3C969 #76A5AF #F4EDE1
    #3B1F3B #B23A66 #F08A5D #F6D9A8
    #3A3B1E #8A8D3B #D8B24A #B5502B #F1E6C8
    #1A1A1A #C8102E #8C8579 #F2EBDD
    #22333B #A44A3F #C6AC8F #EAE0D5
    #0B4F4A #F25C05 #F2B705 #88A61B #F7EFD9
    #2E4A4F #7A1F3D #D9773F #E8A0A0 #F6E3DC
    #2A2D34 #134B5F #5FA8A0 #E9805C #F0E6D2
    #2D2A4A #6C5B9B #E58A7B #F7D6A5
    #0D3B2E #4F9D69 #E3A03B #C5E0B4 #F5F1E3
    #26413C #8C2F1B #5C8A83 #E2A76F #F4E4C9
    #0B2545 #2A6F97 #DB504A #8DA9C4 #EEF1EA
    #5B2333 #32746D #DB7C26 #F7B538 #F7F1EA
    #1D3557 #457B9D #D94550 #A8DADC #F1F5EA
    #6B2D1A #4C7A76 #C96F3B #EBC08B #F5EBDD
    #2F4B26 #B8433F #8FA45A #F3C6C0 #F8EFE6
    #262626 #6E6A62 #E2A400 #D6CFC0 #F4F0E6
    #2A1A2E #6A3E5F #5A8F7B #C9828A #F0D9C7
    #00474F #D1495B #EDAE49 #F4A7A0 #F8E5D8
    #111827 #1C3FAA #F26B3A #F4B942 #F5E9D6
    """.strip().splitlines()
)


def color(text: str) -> Color:
    """#RRGGBB as three numbers."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def light(c: Color) -> float:
    """Perceived lightness, 0 to 255 (the luma weights of ITU-R BT.601, which Pillow's grey uses too)."""
    return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2]


def mixed(a: Color, b: Color, share: float) -> Color:
    """`share` of b in a."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def shaded(c: Color) -> Color:
    """The side of a colour that is turned from the light; the darkest are lifted, so that it shows."""
    return mixed(c, INK, 0.34) if light(c) > 60 else mixed(c, PAPER, 0.22)


_STANDS_OUT = 55
"""Least difference of lightness between a ground and a figure that carries a composition."""


@dataclass(frozen=True, slots=True)
class Inks:
    """`ground` lies under all; `tones`, at least three, stand on it, those that stand out first."""

    ground: Color
    tones: tuple[Color, ...]

    def __len__(self) -> int:
        return len(self.tones)

    def tone(self, number: int) -> Color:
        """The ground, or the tones in order and round again."""
        return self.ground if number == GROUND else self.tones[number % len(self.tones)]


def house(rng: Random) -> tuple[Color, ...]:
    """One of the house's palettes."""
    return tuple(color(text) for text in rng.choice(HOUSE))


def shared_out(palette: Sequence[Color], turn: int, rng: Random) -> Inks:
    """Give each colour of a palette its part; the `turn`-th image of a row has the next colour as ground.

    What stands out from the ground comes first, in any order. Where nothing does (a row of pastels), or where
    only two colours or one were given, a deep or pale tone is mixed from them; otherwise a poster keeps to
    what it got, and the ground itself serves as the third tone.
    """
    ground = palette[turn % len(palette)]
    given = [c for c in dict.fromkeys(palette) if c != ground]
    rng.shuffle(given)
    strong = [c for c in given if _contrast(c, ground) >= _STANDS_OUT]
    weak = [c for c in given if c not in strong]
    mixtures = _mixtures((ground, *given), max(1 - len(strong), 2 - len(given)))
    tones = (*strong, *mixtures, *weak)
    return Inks(ground, tones if len(tones) > 2 else (*tones, ground))


def _contrast(a: Color, b: Color) -> float:
    return abs(light(a) - light(b))


def _mixtures(colors: Sequence[Color], count: int) -> Iterator[Color]:
    """One or two tones that stand out from the first of the colours, mixed from the others."""
    toward = INK if light(colors[0]) > 110 else PAPER
    for number in range(count):
        yield mixed(colors[(number + 1) % len(colors)], toward, 0.62 if number == 0 else 0.4)

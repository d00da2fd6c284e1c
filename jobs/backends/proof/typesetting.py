"""Setting a prompt: the largest type whose lines fit a box, and what is left out where none does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PIL import ImageFont

from jobs.backends.proof.lettering import SERIF, font, signs

LEADING = 1.26
"""From line to line, as a share of the type's size."""

_ASCENT = 0.7
"""How far Source Serif's capitals and ascenders rise, as a share of the size."""

_MOST = 5000
"""Characters of a prompt that are tried: more than the largest poster holds at the smallest type."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or a part of a word too long for a line."""

    text: str
    width: float
    begins: bool
    ends: bool


Line = list[Piece]


@dataclass(frozen=True, slots=True)
class Copy:
    """A prompt set in lines of type of `size` pixels; `left_out` says what is missing, or is empty."""

    lines: tuple[str, ...]
    size: int
    left_out: str = ""

    @property
    def height(self) -> float:
        """From the top of the first line's capitals to the foot of the last line."""
        return self.size * (_ASCENT + LEADING * (len(self.lines) - 1) + 0.24)

    def baselines(self, top: int) -> list[int]:
        """The y of each line, where the block begins at `top`."""
        return [round(top + self.size * (_ASCENT + LEADING * number)) for number in range(len(self.lines))]


class Measure:
    """Lines of `width` pixels in SERIF of one size; widths add up, since the face is set without kerning."""

    def __init__(self, width: float, size: int) -> None:
        self.size, self.width = size, width
        self._face: ImageFont.FreeTypeFont = font(SERIF, size)
        self.space = self._face.getlength(" ")
        self.ellipsis = self._face.getlength("…")

    def pieces(self, text: str) -> list[Piece]:
        """The words; one wider than a line is divided, so that each part leaves room for an ellipsis."""
        found = []
        for word in text.split():
            wide = self._face.getlength(word)
            parts = [(word, wide)] if wide + self.ellipsis <= self.width else list(self._parts(word))
            for number, (part, width) in enumerate(parts):
                found.append(Piece(part, width, begins=number == 0, ends=number == len(parts) - 1))
        return found

    def _parts(self, word: str) -> Iterator[tuple[str, float]]:
        held, filled = "", 0.0
        for sign in signs(word):
            wide = self._face.getlength(sign)
            if held and filled + wide + self.ellipsis > self.width:
                yield held, filled
                held, filled = "", 0.0
            held, filled = held + sign, filled + wide
        yield held, filled

    def lines(self, pieces: Sequence[Piece], width: float | None = None) -> list[Line]:
        """As many pieces a line as go."""
        limit, filled = width or self.width, 0.0
        lines: list[Line] = [[]]
        for piece in pieces:
            needed = piece.width + (self.space if piece.begins and lines[-1] else 0.0)
            if lines[-1] and filled + needed > limit:
                lines.append([])
                filled, needed = 0.0, piece.width
            lines[-1].append(piece)
            filled += needed
        return lines

    def balanced(self, pieces: Sequence[Piece], lines: list[Line]) -> list[Line]:
        """The same number of lines at the least width that allows it: no word is left alone on the last."""
        low, high = self.width / 2, self.width
        while high - low > self.size / 2:
            middle = (low + high) / 2
            tried = self.lines(pieces, middle)
            low, high, lines = (low, middle, tried) if len(tried) <= len(lines) else (middle, high, lines)
        return lines

    def cut(self, lines: list[Line], most: int) -> list[Line]:
        """The first `most` lines, with room at the end for an ellipsis."""
        kept = [*lines[: most - 1], list(lines[most - 1])]
        while len(kept[-1]) > 1 and self._filled(kept[-1]) + self.ellipsis > self.width:
            kept[-1].pop()
        return kept

    def _filled(self, line: Line) -> float:
        return sum(piece.width + self.space * piece.begins for piece in line) - self.space * line[0].begins


def fitted(text: str, width: float, sizes: Sequence[int], room: Callable[[int], float]) -> Copy:
    """Set `text` at the largest of `sizes` whose lines fit into room(size) pixels of height.

    Where the smallest is still too large, the end is left out after a word.
    """
    tried = text[:_MOST]
    rough = font(SERIF, 64).getlength(tried) / 64
    for size in sizes:
        most = max(1, int(room(size) / (size * LEADING)))
        if size > sizes[-1] and rough * size > 1.1 * most * width:
            continue
        measure = Measure(width, size)
        pieces = measure.pieces(tried)
        lines = measure.lines(pieces)
        if len(lines) <= most and len(tried) == len(text):
            return Copy(_joined(measure.balanced(pieces, lines)), size)
    return _shortened(measure.cut(lines, most), size)


def _joined(lines: Sequence[Line]) -> tuple[str, ...]:
    return tuple("".join(" " * piece.begins + piece.text for piece in line).lstrip() for line in lines)


def _shortened(lines: Sequence[Line], size: int) -> Copy:
    words = sum(piece.ends for line in lines for piece in line)
    characters = sum(len(piece.text) for line in lines for piece in line)
    shown = f"{words} words" if words > 1 else f"{characters} characters"
    *head, last = _joined(lines)
    return Copy((*head, last.rstrip(",;:.–—- ") + "…"), size, f"cut after {shown}")

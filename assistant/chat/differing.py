"""Two texts word by word: what was struck out, what was put in, and what stays between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_PARTS = re.compile(r"\s+|[^\W_]+(?:['’-][^\W_]+)*|.", re.DOTALL)
MOST_PARTS = 4_000
"""Words and gaps of a text that are compared; of a longer one the whole is struck and put in."""
AROUND = 6
"""Words that are left standing on each side of a change, so that it is seen where it belongs."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the comparison; kind is same, del or ins."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The pieces in reading order; where a word gives way to another, what is struck comes first."""
    if not before or not after or before == after:
        return [Piece(kind, text) for kind, text in (("del", before), ("ins", after)) if text]
    old, new = _PARTS.findall(before), _PARTS.findall(after)
    if max(len(old), len(new)) > MOST_PARTS:
        return [Piece("del", before), Piece("ins", after)]
    return _joined(_pieces(old, new))


def shortened(pieces: Sequence[Piece]) -> list[Piece]:
    """The same with long unchanged stretches cut to the words next to a change."""
    last = len(pieces) - 1
    return [
        Piece("same", _cut(piece.text, place > 0, place < last)) if piece.kind == "same" else piece
        for place, piece in enumerate(pieces)
    ]


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, low, high, start, end in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[low:high]))
            continue
        if high > low:
            yield Piece("del", "".join(old[low:high]))
        if end > start:
            yield Piece("ins", "".join(new[start:end]))


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Changes that only a space parts are one: “red fox” for “blue wolf” is not told word by word."""
    runs: list[list[Piece]] = []
    found = list(pieces)
    for place, piece in enumerate(found):
        inside = piece.kind == "same" and piece.text.isspace() and 0 < place < len(found) - 1
        if piece.kind == "same" and not inside:
            runs.append([piece])
        elif runs and runs[-1][0].kind != "same":
            runs[-1].append(piece)
        elif runs and inside:  # cannot be: what is inside follows a change
            runs.append([piece])
        else:
            runs.append([piece])
    joined: list[Piece] = []
    for run in runs:
        if run[0].kind == "same":
            joined.append(run[0])
            continue
        for kind in ("del", "ins"):
            text = "".join(piece.text for piece in run if piece.kind in (kind, "same"))
            if any(piece.kind == kind for piece in run):
                joined.append(Piece(kind, text))
    return joined


def _cut(text: str, after_change: bool, before_change: bool) -> str:
    words = re.findall(r"\s*\S+", text)
    if len(words) <= AROUND * (after_change + before_change) + 2:
        return text
    head = "".join(words[:AROUND]) if after_change else ""
    tail = "".join(words[-AROUND:]) if before_change else ""
    gap = text[len(text.rstrip()) :]
    return f"{head} …{tail}{gap if before_change else ''}"

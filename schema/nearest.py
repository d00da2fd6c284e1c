"""Did you mean …: the word that somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

PLAUSIBLE = 60
"""Likeness in percent from which a word is worth offering."""
CERTAIN = 90
"""Likeness from which it is taken without asking, if no other comes near."""
_MARGIN = 8


def nearest(text: str, words: Iterable[str]) -> str | None:
    """The most similar word, or None where none is plausible."""
    found = process.extractOne(text, list(words), scorer=fuzz.ratio, score_cutoff=PLAUSIBLE)
    return found[0] if found else None


def unmistakable(text: str, words: Iterable[str]) -> str | None:
    """The one word that `text` is a misspelling of; None where that needs a question.

    One slip (a letter left out, added, changed or swapped with its neighbour) in five letters or more, or a
    likeness of 90 percent, and no second word close behind.
    """
    best, *others = process.extract(text, list(words), scorer=fuzz.ratio, limit=2) or [("", 0.0, 0)]
    word, likeness = best[0], best[1]
    slip = min(len(text), len(word)) >= 5 and OSA.distance(text, word) <= 1
    alone = all(likeness - other[1] >= _MARGIN for other in others)
    return word if alone and (slip or likeness >= CERTAIN) else None

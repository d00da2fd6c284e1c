"""Near-duplicates: which earlier prompt a new one is too like to be worth a row of its own.

Prompts of one brief share long parts: an opening, a border, a background that comes again. Two rows that
differ in the animal alone agree in nine letters of ten, and are two pictures. So what recurs is no
evidence: three words in a row that already stand in two accepted prompts are a building block. A prompt
is too like an earlier one if

1. both have the same words in the same order, but for case, punctuation, endings and words like “a” and
   “very”; or
2. the ratio of rapidfuzz between the two is LIKE or more, for the whole and for what is left of both
   without building blocks, and that is at least OWN words, stop words not counted.

Before EARLY prompts nothing is known to recur and only the first holds.

Measured beside a plain ratio of 90 on the normalised text: of GenEval's 553 prompts, all different (“a
photo of a cat”, “a photo of a car”), the plain ratio takes 74 for repeated, this none; of PartiPrompts'
1,632 it takes 108 and this 13, which are the same words or one detail changed. Of 960 different rows made
of 20 subjects, 12 scenes and 4 backgrounds in a long frame the plain ratio throws out 838, this none (648
and 2 with four frames mixed). Of 160 rows that repeat one with another comma, article, ending or “very”
it finds all; of those with a misspelt word, none. A prompt costs about 0.1 ms, whether 50 or 5,000 came
before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from assistant.drafting.words import FILLER, content, words

LIKE = 90
"""Likeness in percent from which two texts say the same."""
OWN = 8
EARLY = 8
_RUN = 3
"""Words of the shortest building block."""
_BLOCK = -1

Run = tuple[str, ...]


class Near:
    """The prompts accepted so far, `known` among them; asked before each new one."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._texts: list[str] = []
        self._words: list[list[str]] = []
        self._same: dict[Run, int] = {}
        self._runs: dict[Run, int] = {}  # in which prompt a run of words stands, _BLOCK for two and more
        for text in known:
            self.add(text)

    @property
    def texts(self) -> list[str]:
        """The accepted prompts, in order."""
        return list(self._texts)

    def add(self, text: str) -> None:
        """Remember an accepted prompt."""
        place, found = len(self._texts), words(text)
        self._texts.append(text)
        self._words.append(found)
        self._same.setdefault(_key_of(found), place)
        for run in set(_runs(found)):
            self._runs[run] = _BLOCK if run in self._runs else place

    def like(self, text: str) -> str | None:
        """The accepted prompt that a text is too like, or None."""
        found = words(text)
        place = self._same.get(_key_of(found))
        if place is None and len(self._texts) >= EARLY:
            place = self._nearly(found)
        return None if place is None else self._texts[place]

    def _nearly(self, found: list[str]) -> int | None:
        """A prompt with nine of ten letters in common in what is its own; those sharing most runs first."""
        own = self._own(found)
        if own is None:
            return None
        sharing = Counter(self._runs.get(run, _BLOCK) for run in _runs(found))
        for place, _ in sharing.most_common():
            if place != _BLOCK and self._says_the_same(own, found, place):
                return place
        return None

    def _says_the_same(self, own: str, found: list[str], place: int) -> bool:
        other = self._words[place]
        others = self._own(other)
        if others is None or not fuzz.ratio(own, others, score_cutoff=LIKE):
            return False
        return bool(fuzz.ratio(" ".join(found), " ".join(other), score_cutoff=LIKE))

    def _own(self, found: list[str]) -> str | None:
        """What is left of a prompt without building blocks; None where that is too little to go by."""
        own = [True] * len(found)
        for start, run in enumerate(_runs(found)):
            if self._runs.get(run) == _BLOCK:
                own[start : start + _RUN] = [False] * _RUN
        left = [word for word, kept in zip(found, own, strict=True) if kept]
        return " ".join(left) if sum(word not in FILLER for word in left) >= OWN else None


def _runs(found: Sequence[str]) -> list[Run]:
    return [tuple(found[start : start + _RUN]) for start in range(len(found) - _RUN + 1)]


def key(text: str) -> Run:
    """What two texts agree in that say the same in other clothes: the words that say something."""
    return _key_of(words(text))


def _key_of(found: Sequence[str]) -> Run:
    """All words where none says anything."""
    return content(found) or tuple(found)

"""Variety in words: how many different ideas a set of prompts holds, and how many near-duplicates.

An idea is what is in a picture, whatever its style. For each prompt what says how it is made is put aside
(pieces between commas that are a background, a light, a style …, and words of the trade: segments.py and
lexicon.json), and so are stop words and what more than half of the prompts share. Words that always stand
together (“a knitted cranberry scarf”, told of four foxes) count as one, and each counts the more the rarer it
is, as log(prompts / prompts with it). Two prompts are of one idea if the weight of what they share is SAME or
more of the weight of what either has (a weighted Jaccard index). Each prompt goes to the most similar idea so
far, else it begins one (leader clustering): unlike joining all that is similar to something, this makes no
chains of ideas that flow into one another.

SAME was chosen on made sets, whose number of ideas (an animal in a scene, 20 of the one and 12 of the other)
is known while backgrounds and styles vary; the figures are means over three seeds:

    ideas in prompts            5 in 60   20 in 120   41 in 120   60 in 499   120 in 120   200 in 499
    found                             5          20          41          60          119          200
    where moods vary too              9          20          41          60          116          199
    and openings, at random          13          25    41 of 39          64     73 of 76   178 of 183

So “about” is meant: nearly right where each idea is told in few ways, too high where a handful is told over
and over in other words. Of the real sets it finds 1,144 ideas in PartiPrompts' 1,632 (“a teapot” and “an
illustration of a teapot” are one), 155 in GenEval's 553, which put 80 things together in ever new ways, and
99 in ImageReward's 100. 499 prompts take 80 ms of CPU, 5,000 about 0.8 s, duplicates included.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log

from assistant.drafting.lexicon import lexicon
from assistant.drafting.near import Near
from assistant.drafting.segments import CRAFT, kind_of, pieces
from assistant.drafting.words import content, stem, words

SAME = 0.45
_COMMON = 0.5
_LEAST = 1e-6
_FEW = 4
"""Prompts from which words that most of them share say nothing."""


@dataclass(frozen=True, slots=True)
class Variety:
    """What a set of prompts holds.

    prompts          how many were looked at, empty ones left out
    ideas            how many different ideas, about
    near_duplicates  how many prompts say what an earlier one, or an example, says already
    """

    prompts: int
    ideas: int
    near_duplicates: int

    @property
    def sentence(self) -> str:
        """“about 41 different ideas in 120 rows; 0 near-duplicates”."""
        few = {0: "no ideas", 1: "one idea"}
        ideas = few.get(self.ideas, f"about {self.ideas:,} different ideas")
        duplicates = f"{self.near_duplicates:,} near-duplicate{'s' * (self.near_duplicates != 1)}"
        return f"{ideas} in {self.prompts:,} row{'s' * (self.prompts != 1)}; {duplicates}"


def variety(prompts: Sequence[str], examples: Sequence[str] = ()) -> Variety:
    """Count the ideas and the near-duplicates among prompts; `examples` are what came before them."""
    filled = [prompt for prompt in prompts if prompt.strip()]
    near = Near(examples)
    repeated = 0
    for prompt in filled:
        if near.like(prompt) is None:
            near.add(prompt)
        else:
            repeated += 1
    return Variety(len(filled), len(clusters(filled)), repeated)


def clusters(prompts: Sequence[str]) -> list[list[int]]:
    """The places of the prompts of each idea; ideas, and places within one, in order."""
    parts, weights = _weighed([_substance(prompt) for prompt in prompts])
    found: list[list[int]] = []
    totals: list[float] = []
    ideas_with: dict[int, list[int]] = defaultdict(list)
    for place, own in enumerate(parts):
        shared: dict[int, float] = defaultdict(float)
        for part in own:
            for idea in ideas_with[part]:
                shared[idea] += weights[part]
        total = sum(weights[part] for part in own)
        likely = _most_similar(shared, totals, total)
        if likely is not None:
            found[likely].append(place)
            continue
        for part in own:
            ideas_with[part].append(len(found))
        found.append([place])
        totals.append(total)
    return found


def _most_similar(shared: Mapping[int, float], totals: Sequence[float], total: float) -> int | None:
    """The idea that has most in common with a prompt, the first of several; None where none has enough."""
    best, most = None, SAME
    for idea, weight in shared.items():
        likeness = weight / (total + totals[idea] - weight)
        if likeness > most or (likeness == most and best is None):
            best, most = idea, likeness
    return best


def _substance(prompt: str) -> frozenset[str]:
    """The words that say what is in a picture; all words where nothing else is left."""
    found = words(prompt)
    told = [piece.text for piece in pieces(prompt) if kind_of(piece.text) not in CRAFT]
    said = frozenset(content(found))
    return frozenset(content(words(" ".join(told)))) - _craft() or said or frozenset(found or [prompt])


@cache
def _craft() -> frozenset[str]:
    return frozenset(map(stem, lexicon().craft))


def _weighed(prompts: Sequence[frozenset[str]]) -> tuple[list[list[int]], list[float]]:
    """For each prompt its parts, which are words that always stand together, and the weight of each part.

    Parts that more than half of the prompts share weigh next to nothing: they tell only prompts without
    anything else from others.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, said in enumerate(prompts):
        for word in sorted(said):
            places[word].append(place)
    together: dict[tuple[int, ...], int] = {}
    for word in places:
        together.setdefault(tuple(places[word]), len(together))
    count = len(prompts)
    parts: list[list[int]] = [[] for _ in prompts]
    weights = []
    for where, part in together.items():
        for place in where:
            parts[place].append(part)
        common = count >= _FEW and len(where) > _COMMON * count
        weights.append(_LEAST if common else log(count / len(where)) + _LEAST)
    return parts, weights

"""What can be said of a set of prompts by counting: repeated titles, shared scenes, lengths, openings.

A scene is what is in a picture, whatever its manner. For each prompt the words that say something are taken,
those that more than half of the prompts share put aside, and each word counts the more the rarer it is, as
log(prompts / prompts with it). Two prompts show one scene if what they share has SAME or more of the weight
of what either has (a weighted Jaccard index). Each prompt goes to the most similar scene so far, else it
begins one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from assistant.drafting.brief import Brief
from assistant.drafting.titles import shared_titles, title
from assistant.drafting.words import content, length, words

SAME = 0.6
_COMMON = 0.5
_LEAST = 1e-6
OPENING = 3
"""Words that a prompt opens with."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What was counted.

    rows      prompts that were looked at, empty ones left out
    titles    prompts with words in quotation marks     repeated  those whose title an earlier one has
    scenes    different scenes                          shared    prompts whose scene an earlier one shows
    words     mean length, in words                     asked     the examples' mean length, 0 without any
    openings  different first OPENING words             opening   the share of the most frequent ones, 0 to 1
    """

    rows: int
    titles: int
    repeated: int
    scenes: int
    words: float
    asked: float
    openings: int
    opening: float

    @property
    def shared(self) -> int:
        return self.rows - self.scenes

    @property
    def sentence(self) -> str:
        """“60 rows; no title that stands twice; no row shares subject and setting with another; …”."""
        said = [f"{self.rows:,} row{'s' * (self.rows != 1)}"]
        if self.titles:
            said.append(f"{_none_or(self.repeated, 'title')} that stands twice")
        share = (
            f"about {self.shared:,} share" if self.shared > 1 else f"{_none_or(self.shared, 'row')} shares"
        )
        said.append(f"{share} subject and setting with another")
        mean = f"{self.words:.0f} words a row"
        said.append(f"{mean} (the examples have {self.asked:.0f})" if self.asked else mean)
        return "; ".join(said)


def quality(prompts: Sequence[str], brief: Brief) -> Quality:
    """Count what can be counted of prompts that were written for a brief."""
    shared = shared_titles(brief.goal, brief.context, brief.examples)
    filled = [prompt for prompt in prompts if prompt.strip()]
    titles = Counter(filter(None, (title(prompt, shared) for prompt in filled)))
    openings = Counter(" ".join(words(prompt)[:OPENING]) for prompt in filled)
    return Quality(
        rows=len(filled),
        titles=titles.total(),
        repeated=titles.total() - len(titles),
        scenes=len(scenes(filled)),
        words=_mean(filled),
        asked=_mean(brief.examples),
        openings=len(openings),
        opening=max(openings.values(), default=0) / max(1, len(filled)),
    )


def scenes(prompts: Sequence[str]) -> list[list[int]]:
    """The places of the prompts of each scene; scenes, and places within one, in order."""
    said = [frozenset(content(words(prompt))) or frozenset([prompt]) for prompt in prompts]
    weights = _weights(said)
    found: list[list[int]] = []
    totals: list[float] = []
    scenes_with: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(said):
        shared: dict[int, float] = defaultdict(float)
        for word in own:
            for scene in scenes_with[word]:
                shared[scene] += weights[word]
        total = sum(weights[word] for word in own)
        likely = _most_similar(shared, totals, total)
        if likely is not None:
            found[likely].append(place)
            continue
        for word in own:
            scenes_with[word].append(len(found))
        found.append([place])
        totals.append(total)
    return found


def _weights(said: Sequence[frozenset[str]]) -> dict[str, float]:
    """The weight of each word; those that most prompts share weigh next to nothing."""
    count = len(said)
    among = Counter(word for own in said for word in own)
    return {
        word: _LEAST if times > max(1, _COMMON * count) else log(count / times) + _LEAST
        for word, times in among.items()
    }


def _most_similar(shared: Mapping[int, float], totals: Sequence[float], total: float) -> int | None:
    """The scene that has most in common with a prompt, the first of several; None where none has enough."""
    alike = ((weight / (total + totals[scene] - weight), -scene) for scene, weight in shared.items())
    best, scene = max(alike, default=(0.0, 0))
    return -scene if best >= SAME else None


def _mean(texts: Sequence[str]) -> float:
    return sum(map(length, texts)) / len(texts) if texts else 0.0


def _none_or(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count > 1)}" if count else f"no {what}"

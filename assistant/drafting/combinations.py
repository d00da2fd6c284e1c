"""Combinations: {a|b} and __lists__ in prompts, enumerated by dynamicprompts; all, or an even sample."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from math import prod
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dynamicprompts.wildcards.collection import WildcardCollection

DEEPEST = 8
"""Braces within braces that are still variants."""
OPTIONS = 1_000
"""Values of one pair of braces, or of one list, that are combined."""
EXACT = 2_000
"""Combinations up to which those that come out equal are found before they are counted."""
_TRIES = 20
_LIST = re.compile(r"(?<!\w)__([A-Za-z0-9][\w-]*?)__(?!\w)")
_SHIELDED = {"#": "\ue000", "//": "\ue001", "/*": "\ue002", "%": "\ue003"}
"""What the library takes for comments and wraps, and prompts have as colours, addresses and discounts."""

Lists = Mapping[str, Sequence[str]]
"""The values of each list by its name: `animal` for __animal__ in a prompt."""


@dataclass(frozen=True)
class _Combined:
    """A prompt taken apart: for each part the texts that may stand there; a literal part has one."""

    parts: tuple[tuple[str, ...], ...]

    @property
    def size(self) -> int:
        return prod(map(len, self.parts))

    @property
    def varied(self) -> bool:
        return any(len(part) != 1 for part in self.parts)

    def all(self) -> Iterator[str]:
        """Every combination in order: the last part changes first; none twice, and none that is empty."""
        return _different(map(self._written, product(*self.parts)))

    def sample(self, most: int) -> list[str]:
        """So many combinations, in which each value of a part comes as often as another."""
        chance = Random(0)  # noqa: S311  no secret: the same prompt gives the same sample
        decks = [_dealt(part, chance) for part in self.parts]
        dealt = (self._written(map(next, decks)) for _ in range(most * _TRIES))
        found = list(islice(_different(dealt), most))
        known = set(found)
        rest = (prompt for prompt in self.all() if prompt not in known)
        return found + list(islice(rest, most - len(found)))

    def _written(self, chosen: Iterable[str]) -> str:
        text = "".join(chosen)
        return _tidy(text) if self.varied else text


def _dealt(part: Sequence[str], chance: Random) -> Iterator[str]:
    """All values of a part, shuffled, again and again."""
    while True:
        yield from chance.sample(part, len(part))


def varies(text: str, lists: Lists | None = None) -> bool:
    """Whether a prompt makes more rows than one: it has {a|b} in it, or the name of one of the lists."""
    return _taken_apart(text, _frozen(lists)).varied


def named(texts: Sequence[str]) -> list[str]:
    """The names of the lists that prompts ask for, each once, in order."""
    return list(dict.fromkeys(name for text in texts for name in _LIST.findall(text)))


def count(texts: Sequence[str], lists: Lists | None = None) -> int:
    """How many rows prompts make. Above EXACT, those that come out equal by chance are counted each."""
    kept = _frozen(lists)
    found = [_taken_apart(text, kept) for text in texts]
    total = sum(one.size for one in found)
    if total > EXACT:
        return total
    return sum(1 for _ in _different(prompt for one in found for prompt in one.all()))


def expand(texts: Sequence[str], lists: Lists | None = None, most: int = EXACT) -> list[str]:
    """The prompts that texts make, in order and none twice; where they are more than `most`, an even sample.

    Each text has its share of the sample, in proportion to what it makes. A text without variants makes
    itself. Braces without a | and those that do not close are text.
    """
    kept = _frozen(lists)
    found = [_taken_apart(text, kept) for text in texts]
    sizes = [one.size for one in found]
    if sum(sizes) <= most:
        return list(_different(prompt for one in found for prompt in one.all()))
    shares = _shares(sizes, most)
    picked = (prompt for one, share in zip(found, shares, strict=True) for prompt in one.sample(share))
    return list(_different(picked))


def first(text: str, lists: Lists | None = None) -> str:
    """One prompt that a text makes: of braces and lists the first value of each."""
    return next(_taken_apart(text, _frozen(lists)).all(), text)


def _shares(sizes: Sequence[int], most: int) -> list[int]:
    """How many of `most` rows each text gets: in proportion, and each one at least while there is room."""
    total = sum(sizes)
    shares = [min(size, max(1, size * most // total)) for size in sizes]
    for place in sorted(range(len(sizes)), key=lambda place: -sizes[place]):
        shares[place] = max(0, min(sizes[place], shares[place] + most - sum(shares)))
    return shares


def _frozen(lists: Lists | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(values)) for name, values in (lists or {}).items() if values)


@lru_cache(maxsize=1 << 10)
def _taken_apart(text: str, lists: tuple[tuple[str, tuple[str, ...]], ...]) -> _Combined:
    """Literal text, and between it what the library makes of braces and names."""
    names = {name for name, _ in lists}
    parts: list[tuple[str, ...]] = []
    at = 0
    for start, end in _marked(text, names):
        options = _options(text[start:end], lists)
        if options:
            parts += [(text[at:start],)] if start > at else []
            parts.append(options)
            at = end
    return _Combined((*parts, (text[at:],)) if at < len(text) or not parts else tuple(parts))


def _marked(text: str, names: set[str]) -> Iterator[tuple[int, int]]:
    """From where to where braces with a | stand, the outermost ones, and names of lists outside of them."""
    spans = [found.span() for found in _LIST.finditer(text) if found[1] in names]
    open_at: list[int] = []
    for sign in re.finditer(r"[{}]", text):
        if sign[0] == "{":
            open_at.append(sign.start())
        elif open_at:
            start = open_at.pop()
            inner = text[start : sign.end()]
            if ("|" in inner or "$$" in inner) and len(open_at) < DEEPEST:
                spans = [span for span in spans if not start < span[0] < sign.end()]
                spans.append((start, sign.end()))
    yield from sorted(spans)


@lru_cache(maxsize=1 << 12)
def _options(marked: str, lists: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[str, ...]:
    """The texts that braces or a name stand for; none where the library cannot read them: they are text."""
    from dynamicprompts.generators import CombinatorialPromptGenerator  # 50 ms to import
    from dynamicprompts.wildcards import WildcardManager
    from pyparsing import ParseBaseException

    if marked.count("{") > DEEPEST * OPTIONS:
        return ()
    shielded: dict[str, WildcardCollection | list[str]] = {
        name: [_shield(value) for value in values] for name, values in lists
    }
    manager = WildcardManager(root_map={"": [shielded]})
    manager.sort_wildcards = False
    try:
        made = CombinatorialPromptGenerator(manager).generate(_shield(marked), OPTIONS)
    except (ParseBaseException, RecursionError, ValueError):
        return ()
    return tuple(dict.fromkeys(map(_unshield, made)))


def _shield(text: str) -> str:
    for sign, shield in _SHIELDED.items():
        text = text.replace(sign, shield)
    return text


def _unshield(text: str) -> str:
    for sign, shield in _SHIELDED.items():
        text = text.replace(shield, sign)
    return text


def _different(prompts: Iterator[str]) -> Iterator[str]:
    """Each prompt once, without those of which nothing is left."""
    seen: set[str] = set()
    for prompt in prompts:
        if prompt and prompt not in seen:
            seen.add(prompt)
            yield prompt


def _tidy(text: str) -> str:
    """Without the spaces and commas that an empty option leaves behind."""
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r"(?:[ \t]*,)+", ",", text)
    return text.strip(" \t,").strip()

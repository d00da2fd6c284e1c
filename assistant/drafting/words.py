"""The words of a prompt as they are compared: small letters, no punctuation, no inflection, no stop words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from assistant.drafting.lexicon import lexicon

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_ENDINGS = (("ies", "y"), ("ing", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", ""))
_STEM = 3
"""Letters that an ending must leave: “dress” stays, “foxes” is “fox”."""


def words(text: str) -> list[str]:
    """The words in order, in small letters. Scripts without spaces give one word between two marks."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """A word without its ending, roughly: two forms of a word agree, and now and then two words do."""
    word = word.removesuffix("'s").removesuffix("’s")
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM and not word.endswith("ss"):
            return word[: -len(ending)] + instead
    return word


def content(found: Iterable[str]) -> tuple[str, ...]:
    """The stems of words that say something."""
    return tuple(stem(word) for word in found if word not in lexicon().stop)

"""The words of a prompt as they are compared: small letters, no punctuation, no inflection, no filler."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_FILLER = """
a an the of in on at by for from with to and or as is are be it its his her their this that these those some
one into onto over under up very quite so more most
der die das den dem des ein eine einen einem einer eines und oder mit im am an auf aus bei für von vom zu
zum zur als ist sind sehr über unter
le la les l un une du de d des et ou avec dans sur sous pour par en au aux est sont très
"""
FILLER = frozenset(_FILLER.split())
"""Words that say nothing of what is in a picture. Without those of its language a text loses precision."""
_WORD = re.compile(r"\w+(?:['’]\w+)?")
_SIZED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+(?:['’-][^\W_]+)*")
_ENDINGS = (("ies", "y"), ("ing", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", ""))
_STEM = 3
"""Letters that an ending must leave: “dress” stays, “foxes” is “fox”."""


def words(text: str) -> list[str]:
    """The words in order, in small letters. Scripts without spaces give one word between two marks."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def length(text: str) -> int:
    """How long a text is, in words; of scripts without spaces each sign counts as one."""
    return len(_SIZED.findall(text))


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
    return tuple(stem(word) for word in found if word not in FILLER)

"""Text as words: tokens, plurals, numbers in letters; requests and prompts are compared by these."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

Forms = frozenset[str]
"""What a word may be the plural of, itself among them: foxes is foxes, foxe or fox."""

NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
ORDINALS = {"other": 2, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "tenth": 10}

_IRREGULAR = {
    "children": "child",
    "feet": "foot",
    "geese": "goose",
    "men": "man",
    "mice": "mouse",
    "oxen": "ox",
    "people": "person",
    "teeth": "tooth",
    "women": "woman",
}
_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)" | (?<!\w)'(?P<single>[^']+)'(?!\w)
    | \#[0-9A-Fa-f]{6}\b | \#[0-9A-Fa-f]{3}\b     # colours
    | \d+[:/x×]\d+                                # ratios
    | \d+\.\d+ | \d+(?![^\W_])                    # numbers; 2a and 3d are words
    | [^\W_]+(?:'[^\W_]+)*                        # words
    | (?<=[^\W\d_])-(?=[^\W\d_]) | _              # inside a word: left out
    | \S
    """,
    re.VERBOSE,
)
_OF_A_NUMBER = re.compile(r"(?<=\d)'s\b")
"""Row 7's palette is the palette of row 7."""
_STRAIGHT = str.maketrans(dict.fromkeys("“”„«»", '"') | dict.fromkeys("’‘", "'") | dict.fromkeys("–—‒", "-"))


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, mark or quoted text. `word` is what it is compared by; start and end are its place."""

    text: str
    word: str
    start: int
    end: int
    quoted: bool = False


Tokens = Sequence[Token]


def plain(text: str) -> str:
    """The text with straight quotes and hyphens, of the same length, so that places in it are the same."""
    return _OF_A_NUMBER.sub("  ", text.translate(_STRAIGHT))


def tokens(text: str) -> list[Token]:
    """The tokens of a text. A hyphen inside a word and an underscore part words and are no tokens."""
    return list(_tokens(plain(text), text))


def _tokens(straight: str, text: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(straight):
        quoted = found["quoted"] if found["quoted"] is not None else found["single"]
        if quoted is not None:
            inside = text[found.start() + 1 : found.end() - 1]
            yield Token(inside, quoted.casefold(), found.start(), found.end(), quoted=True)
        elif found[0] not in ("_", "-") or _parts(straight, found):
            yield Token(text[found.start() : found.end()], found[0].casefold(), found.start(), found.end())


def _parts(straight: str, found: re.Match[str]) -> bool:
    """Whether a hyphen stands for “to” and does not join two words."""
    return found[0] == "-" and not re.match(
        r"[^\W\d_]-[^\W\d_]", straight[max(0, found.start() - 1) : found.end() + 1]
    )


def number(token: Token) -> int | None:
    """The whole number that a token says, in figures (at most nine) or letters."""
    if token.word.isdecimal() and token.word.isascii() and len(token.word) <= 9:
        return int(token.word)
    return NUMBERS.get(token.word)


@lru_cache(maxsize=16_384)
def forms(word: str) -> Forms:
    """The word and what it may be the plural or possessive of, in small letters."""
    word = word.casefold().removesuffix("'s").removesuffix("'")
    found = {word, _IRREGULAR.get(word, word)}
    if word.endswith("ies") and len(word) > 4:
        found.add(word[:-3] + "y")
    if word.endswith("ves") and len(word) > 4:
        found |= {word[:-3] + "f", word[:-3] + "fe"}
    if word.endswith(("ses", "xes", "zes", "ches", "shes", "oes")):
        found.add(word[:-2])
    if word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")):
        found.add(word[:-1])
    return frozenset(found)


@lru_cache(maxsize=16_384)
def content(text: str) -> tuple[Forms, ...]:
    """The words of a text, each in its forms, without marks; quotes are looked into."""
    return tuple(forms(word) for word in re.findall(r"[^\W_]+(?:'[^\W_]+)*", plain(text)))


def has(text: str, phrase: str) -> bool:
    """Whether a text has these words, whole and in this order; singular and plural are alike."""
    wanted, words = content(phrase), content(text)
    return bool(wanted) and any(
        all(word & want for word, want in zip(words[start:], wanted, strict=False))
        for start in range(len(words) - len(wanted) + 1)
    )

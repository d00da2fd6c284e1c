"""The little English grammar that putting parts together needs: a or an, one or many, capital letters."""

from __future__ import annotations

import re

from assistant.drafting.lexicon import lexicon
from assistant.drafting.words import words

_ARTICLE = re.compile(r"(an?)\s+(?=\S)", re.IGNORECASE)
_VOWEL = re.compile(
    r"[aeiou]|8|11\b|18\b|hour|heir|honest|honou?r|x-ray|mri\b|lcd\b|led\b|fbi\b", re.IGNORECASE
)
_YET_NOT = re.compile(
    r"uni(?!n|m)|use|usu|uto|ufo|euro|eul|one\b|once|ukul|ubiq|ur[aeiou]n|u-", re.IGNORECASE
)
_DETERMINED = re.compile(
    r"(?:an?|the|one|two|three|four|five|six|seven|eight|nine|ten|some|several|many|few|each|every|my|our|his|her|its|"
    r"their|this|that|these|those|no|\d+|some\w+|any\w+|every\w+|nothing)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z]+")


def article(text: str) -> str:
    """A text that begins with “a” or “an”, with the right one of the two: “a owl” becomes “an owl”."""
    found = _ARTICLE.match(text)
    if not found:
        return text
    rest = text[found.end() :].lstrip("“\"'‘")
    right = "an" if _VOWEL.match(rest) and not _YET_NOT.match(rest) else "a"
    return (right.capitalize() if text[0] == "A" else right) + text[found.end(1) :]


def determined(text: str) -> bool:
    """Whether a noun has its article, number or possessive already."""
    return bool(_DETERMINED.match(text))


def plural(noun: str) -> bool:
    return singular(noun) != noun


def singular(noun: str) -> str:
    """One of what a noun names; the noun itself where it is no plural that is known to be one."""
    head, last = _last(noun)
    word = last.casefold()
    one = lexicon().plurals.get(word) or _without_s(word)
    if one == word:
        return noun
    return head + (last[: len(one)] if word.startswith(one) else one)


def _without_s(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if re.search(r"(?:ss|x|ch|sh|zz|(?<!o)us|[^aeiou]o)es$", word):
        return word[:-2]
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def counted_noun(noun: str) -> str:
    """A bare noun with its article: “owl” becomes “an owl”, “Paris” and “snow” stay."""
    last = _last(noun)[1].casefold()
    if determined(noun) or noun[:1].isupper() or plural(noun) or last in lexicon().uncounted:
        return noun
    return article(f"a {noun}")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """Without the capital that only the beginning of a sentence gave it: that of an article."""
    return text[:1].lower() + text[1:] if re.match(r"(?:An?|The)\s", text) else text


def _last(noun: str) -> tuple[str, str]:
    """What stands before the last word, and that word; nothing where the text does not end in one."""
    found = list(_WORD.finditer(noun))
    if not found or found[-1].end() != len(noun):
        return noun, ""
    return noun[: found[-1].start()], found[-1][0]


def language(text: str) -> str:
    """en, de or fr: the language most of whose small and known words stand in a text; else English."""
    found = words(text)
    known = lexicon()
    counts = {name: sum(word in small for word in found) for name, small in known.languages.items()}
    counts["fr"] += sum(word in known.leading or word[1:2] in {"'", "’"} for word in found)
    counts["de"] += sum(word.endswith((*known.compounds, *known.endings)) for word in found)
    return max(counts, key=lambda name: (counts[name], name == "en"))

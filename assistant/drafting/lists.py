"""Lists in a sentence: the things named one after another, what heads them, and what is no thing at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.drafting.english import plural, singular
from assistant.drafting.heads import names_form, subject_and_action
from assistant.drafting.lexicon import lexicon
from assistant.drafting.segments import CRAFT, kind_of, pieces
from assistant.drafting.words import words

_AND = re.compile(r"\s*,?\s+(?:and|or|und|oder|et|ou|&|sowie)\s+|\s*,\s*|\s*/\s*", re.IGNORECASE)
_JOINED = re.compile(r"and|or|und|oder|et|ou|&|sowie", re.IGNORECASE)


def named(text: str) -> tuple[list[str], list[str]]:
    """The things in “mugs, vases and bowls on linen, soft light”, and the pieces after them."""
    cuts = list(_AND.finditer(text))
    last = max((place for place, cut in enumerate(cuts) if _JOINED.search(cut[0])), default=None)
    if last is None:
        first, *rest = [piece.text for piece in pieces(text)] or [""]
        things = [first, *(piece for piece in rest if not kind_of(piece))]
        return things, [piece for piece in rest if kind_of(piece)]
    parts = _AND.split(text)
    ends = cuts[last + 1].end() if last + 1 < len(cuts) else len(text)
    return [part.strip() for part in parts[: last + 2]], [piece.text for piece in pieces(text[ends:])]


def list_of(text: str) -> bool:
    """Whether a text names several things."""
    return bool(_AND.search(text))


def items(text: str) -> Iterator[str]:
    for part in _AND.split(text):
        yield re.sub(r"^(?:and|or|und|oder|et|ou)\s+", "", part.strip(" .,"), flags=re.IGNORECASE)


def kind_of_label(label: str) -> str:
    """“subject” and “action” for what heads a list of things or scenes, else the kind of craft it names."""
    last = last_word(label)
    if last in lexicon().scenes:
        return "action"
    if last in lexicon().subjects or names_form(last):
        return "subject"
    return kind_of(singular(last)) or kind_of(last)


def many(label: str, text: str) -> bool:
    """Whether a list gives values to choose from rather than one manner in several words.

    “Backgrounds: oatmeal, blue” are two; “Colours: rust and cream” go together, “Light: dawn or dusk” not.
    """
    last = last_word(label)
    either = re.search(r"\b(?:or|oder|ou)\b", text, re.IGNORECASE)
    return bool(either) or (plural(last) and kind_of(last) != "palette")


def labelled(item: str, label: str) -> str:
    """“oatmeal” under “Backgrounds” is an oatmeal background; colours stay many."""
    last = last_word(label)
    colours = kind_of(last) == "palette"
    noun = last if colours else singular(last)
    named = noun in item.casefold() or (not colours and kind_of(item) in CRAFT)
    return small(item) if named else f"{small(item)} {noun}"


def acts(item: str) -> bool:
    """Whether a thing in a list has its own “skiing” or “in a hat”, so that the last one's is not for all."""
    return bool(subject_and_action(item)[1]) or item.endswith("ing")


def vague(text: str) -> bool:
    """Whether a piece tells how the set should be (“diverse, creative”) and names no thing."""
    found = [word for word in words(text) if word not in lexicon().stop]
    return not found or all(word in lexicon().vague | lexicon().kinds["mood"] for word in found)


def last_word(text: str) -> str:
    found = words(text)
    return found[-1] if found else ""


def small(text: str, spoken: str = "en") -> str:
    """A sentence's first letter made small; names keep theirs, and so do German nouns."""
    first, *rest = text.split(" ")
    name = (words(text) or [""])[0].partition("'")[0] in lexicon().names or not first[1:].islower()
    noun = spoken == "de" and not (re.search(r"e[mnrs]?$", first) and rest and rest[0][:1].isupper())
    return text if name or noun else text[:1].lower() + text[1:]

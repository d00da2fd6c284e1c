"""Titles: the words of a prompt that are to be lettered in the image, which stand in quotation marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

from assistant.drafting.words import words

_LONGEST = 200
_QUOTED = re.compile(
    r'"([^"\n]+)"|[“”„]([^“”„"\n]+)[“”"]|«([^»\n]+)»|»([^«\n]+)«|「([^」\n]+)」|『([^』\n]+)』'
    r"|(?<!\w)[‘‚]([^‘’\n]+)[’‘](?!\w)|(?<!\w)'([^'\n]{2,})'(?!\w)"
)


def lettered(text: str) -> list[str]:
    """The texts that stand in quotation marks of any kind, as they are written."""
    found = ("".join(filter(None, each)).strip() for each in _QUOTED.findall(text))
    return [one for one in found if one and len(one) <= _LONGEST]


def title(prompt: str, shared: Collection[str] = ()) -> str:
    """A prompt's title as it is compared, words in small letters; empty where it has none.

    `shared` are those that belong to all rows, as `shared_titles` gives them.
    """
    return " / ".join(one for one in map(_key, lettered(prompt)) if one not in shared)


def shared_titles(goal: str, context: str, examples: Iterable[str]) -> set[str]:
    """What is lettered in all rows: what the goal or the context has, and what two examples have alike."""
    among = Counter(one for example in examples for one in set(map(_key, lettered(example))))
    said = f" {_key(f'{goal} {context}')} "
    given = set(map(_key, lettered(f"{goal}\n{context}")))
    return given | {one for one, times in among.items() if times > 1 or f" {one} " in said}


def _key(text: str) -> str:
    return " ".join(words(text)) or text.strip()

"""Titles: the words of a prompt that are to be lettered in the image, which stand in quotation marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from assistant.drafting.words import words

_LONGEST = 200
_QUOTED = re.compile(
    r'"([^"\n]+)"|[“”„]([^“”„"\n]+)[“”"]|«([^»\n]+)»|»([^«\n]+)«|「([^」\n]+)」|『([^』\n]+)』'
    r"|(?<!\w)[‘‚]([^‘’\n]+)[’‘](?!\w)|(?<!\w)'([^'\n]{2,})'(?!\w)"
)


def quoted_in(text: str) -> list[str]:
    """The texts in quotation marks of any kind, as they are compared: small letters, words alone."""
    found = ("".join(filter(None, each)) for each in _QUOTED.findall(text))
    return [" ".join(words(one)) or one.strip() for one in found if one.strip() and len(one) <= _LONGEST]


def title(prompt: str, shared: Iterable[str] = ()) -> str:
    """A prompt's title in small letters, empty where it has none. `shared` are those of all rows."""
    known = set(shared)
    return " / ".join(one for one in quoted_in(prompt) if one not in known)


def shared_titles(goal: str, context: str, examples: Iterable[str]) -> set[str]:
    """What is lettered in all rows: what the goal or the context quotes, and what two examples have alike."""
    given = set(quoted_in(f"{goal}\n{context}"))
    among = Counter(one for example in examples for one in set(quoted_in(example)))
    return given | {one for one, times in among.items() if times > 1}

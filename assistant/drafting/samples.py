"""The sample briefs of templates/briefs: six kinds of work, to begin with and to measure with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from assistant.drafting.brief import Brief, parse
from jobs.errors import NotFound
from templates import BRIEFS


@dataclass(frozen=True)
class Sample:
    """A brief with the name that it goes by, what it is about in a few words, and its kind."""

    name: str
    title: str
    about: str
    brief: Brief


@cache
def samples() -> tuple[Sample, ...]:
    """All of them, in the order of their files."""
    found = []
    for path in sorted(BRIEFS.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        title, about = document.pop("title"), document.pop("about")
        found.append(Sample(path.stem, title, about, parse(document, 500)))
    return tuple(found)


def sample(name: str = "") -> Brief:
    """The brief of a name, the first where none is given. Raises NotFound."""
    for one in samples():
        if name in ("", one.name):
            return one.brief
    raise NotFound("There is no such sample brief.")

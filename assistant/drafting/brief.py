"""A brief: what is to be drafted, read from what was sent, and checked before anything is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.drafting import combinations
from assistant.drafting.combinations import Lists
from assistant.drafting.examples import examples_of
from assistant.drafting.wishes import Wish, settings_of, spare
from jobs import naming
from jobs.errors import Invalid
from schema.columns import Columns, load
from schema.headers import plain
from schema.nearest import nearest
from schema.values import SPACE
from schema.wording import listed, quoted

__all__ = ["Brief", "Wish", "examples_of", "parse", "title"]

GOAL, CONTEXT = 2_000, 4_000
"""Characters of a goal and of a context: what reads as one, and leaves room in a small model's memory."""
EXAMPLES, EXAMPLE = 200, 10_000
"""How many example prompts, and characters of each: Ideogram's longest prompt is far below."""
ROWS = 20
"""Rows where none are asked for: as many as Ideogram's own example of the workflow asks for."""
LISTS, VALUES = 50, 5_000
"""Lists for __name__ in examples, and values of each."""
YEARS = range(1900, 2101)
"""Numbers that a goal may begin with and that ask for no rows: “2026 calendar pages”."""
TITLE = 60
_KEYS = ("goal", "examples", "context", "settings", "rows", "lists")
_COUNT = re.compile(r"\s*(?:please\s+)?(?:\w+\s+)?([1-9][0-9]{0,5})\s+(?=[^\W\d])", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9][\w-]*")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ASKING = re.compile(
    r"(?:please\s+|can you\s+|could you\s+|i\s+(?:want|need)\s+|we\s+(?:want|need)\s+|"
    r"(?:make|create|draft|generate|write)\s+(?:me\s+|us\s+)?|\d+\s+)+",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"(?:[\s,;:–-]+(?:an?|the|of|for|with|in|on|and|or|to|at|by))*[\s,;:–-]*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Brief:
    """What is to be drafted.

    goal      what is being made, one to GOAL characters
    examples  prompts that worked; those with {a|b} or a list are rows themselves (combinations.py)
    context   what the rows must keep to, may be empty
    rows      how many are wanted
    settings  what is wished of columns; every other one is as `wish` says
    lists     the values for each __name__ in the examples
    """

    goal: str
    examples: tuple[str, ...] = ()
    context: str = ""
    rows: int = ROWS
    settings: Mapping[str, Wish] = field(default_factory=dict)
    lists: Lists = field(default_factory=dict)

    def wish(self, column: str, columns: Columns | None = None) -> Wish:
        """The effective wish for a column: what was set, else the model chooses.

        A required column of choices is fixed to the schema's example (visibility: private) unless it was set,
        so that nothing becomes public because nobody thought of it.
        """
        found = self.settings.get(column)
        return found or spare((columns or load())[column])

    def to_json(self) -> dict[str, Any]:
        """The brief in the shape of `POST /drafts`."""
        return {
            "goal": self.goal,
            "examples": list(self.examples),
            "context": self.context,
            "settings": {column: wish.to_json() for column, wish in self.settings.items()},
            "rows": self.rows,
            "lists": {name: list(values) for name, values in self.lists.items()},
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Brief:
        """What `to_json` wrote; trusted, so nothing is checked again."""
        settings = {column: Wish.from_json(wish) for column, wish in document["settings"].items()}
        lists = {name: tuple(values) for name, values in document.get("lists", {}).items()}
        return cls(
            document["goal"],
            tuple(document["examples"]),
            document["context"],
            document["rows"],
            settings,
            lists,
        )


def parse(document: object, max_rows: int, columns: Columns | None = None, *, combine: bool = False) -> Brief:
    """The brief in the body of `POST /drafts`.

    `examples` may be a list or a pasted block. `rows` may be left out: then as many as the goal begins with
    (“60 stickers”), else ROWS, or with `combine` all that the examples make; never more than a sheet takes.
    `max_rows` counts the header. Values of settings are repaired and checked. Raises Invalid with one
    sentence that names the field and says what it takes.
    """
    columns = columns or load()
    if not isinstance(document, Mapping):
        raise Invalid(f"A brief is a JSON object with {listed(_KEYS)}.")
    for key in document:
        if key not in _KEYS:
            raise Invalid(_unknown(str(key)))
    goal, examples = _goal(document.get("goal")), _examples(document.get("examples"))
    lists = _lists(document.get("lists"))
    if combine:
        _combinable(examples, lists)
    usual = combinations.count(examples, lists) if combine else asked_in(goal)
    return Brief(
        goal=goal,
        examples=examples,
        context=_words("context", document.get("context"), CONTEXT),
        rows=_rows(document.get("rows"), usual, max_rows - 1),
        settings=settings_of(document.get("settings"), columns),
        lists=lists,
    )


def asked_in(goal: str) -> int:
    """The number of rows that a goal begins with, “60 Christmas stickers”; ROWS where it has none."""
    count = _COUNT.match(goal)
    return int(count[1]) if count and int(count[1]) not in YEARS else ROWS


def title(brief: Brief) -> str:
    """A name for the sheet: the goal up to its first stop, without “please make”, cut at TITLE characters."""
    goal = naming.clean(brief.goal)
    asked = _ASKING.match(goal)
    goal = goal[asked.end() :] if asked else goal
    first = re.split(r"[.:;!?](?:\s|$)", goal, maxsplit=1)[0].strip(" ,") or goal
    if len(first) > TITLE:
        whole = first[:TITLE].rpartition(" ")[0] or first[: TITLE - 1]
        first = _DANGLING.sub("", whole)[: TITLE - 1] + "…"
    return first[:1].upper() + first[1:] or "Untitled draft"


def _unknown(key: str) -> str:
    likely = nearest(plain(key), _KEYS)
    hint = f"Did you mean {likely}?" if likely else f"It has {listed(_KEYS)}."
    return f"{quoted(key)} is no part of a brief. {hint}"


def _goal(value: object) -> str:
    goal = _words("goal", value, GOAL)
    if not goal:
        raise Invalid("goal is empty. Say in a sentence what you are making, such as “Christmas stickers”.")
    return goal


def _words(name: str, value: object, most: int) -> str:
    """A text without signs that cannot be seen, at most so long."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Invalid(f"{name} takes a text.")
    text = tidy(value)
    if len(text) > most:
        raise Invalid(f"{name} has {len(text):,} characters; {most:,} are the most. Keep what matters most.")
    return text


def tidy(text: str) -> str:
    """A text without control characters and halves of characters, and without space round it."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip(SPACE)


def _examples(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        value = examples_of(value)
    if not isinstance(value, Sequence) or any(not isinstance(example, str) for example in value):
        raise Invalid("examples takes a list of prompts, each a text.")
    found = tuple(filter(None, map(tidy, value)))
    if len(found) > EXAMPLES:
        raise Invalid(f"There are {len(found):,} examples; {EXAMPLES} are the most. Keep the best of them.")
    for number, example in enumerate(found, 1):
        if len(example) > EXAMPLE:
            raise Invalid(
                f"Example {number} ({quoted(example, 30)}) has {len(example):,} characters; {EXAMPLE:,} are "
                "the most. Write one prompt in a line."
            )
    return found


def _lists(value: object) -> dict[str, tuple[str, ...]]:
    """The lists of a brief by name, each a list of texts or a text with a value in each line."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Invalid('lists takes an object: {"animal": ["fox", "owl"]} for __animal__ in an example.')
    if len(value) > LISTS:
        raise Invalid(f"There are {len(value):,} lists; {LISTS} are the most.")
    return {_name(name): _values(str(name), values) for name, values in value.items()}


def _name(name: object) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name) or "__" in name:
        raise Invalid(f"lists: {quoted(str(name), 30)} is no name. It takes letters, figures, - and _.")
    return name


def _values(name: str, values: object) -> tuple[str, ...]:
    if isinstance(values, str):
        values = values.splitlines()
    if not isinstance(values, Sequence) or any(not isinstance(one, str) for one in values):
        raise Invalid(f"lists: {name} takes a list of texts, or a text with a value in each line.")
    found = tuple(dict.fromkeys(filter(None, map(tidy, values))))
    if not found:
        raise Invalid(f"lists: {name} has no values. Write one in each line.")
    if len(found) > VALUES:
        raise Invalid(f"lists: {name} has {len(found):,} values; {VALUES:,} are the most.")
    return found


def _combinable(examples: Sequence[str], lists: Lists) -> None:
    """Raises Invalid where examples have nothing to combine, or name a list that is not there."""
    lacking = [name for name in combinations.named(examples) if name not in lists]
    if lacking:
        raise Invalid(
            f"lists: the examples have __{lacking[0]}__, and there is no list of that name. Give its values."
        )
    if not any(combinations.varies(text, lists) for text in examples):
        raise Invalid(
            "examples have nothing to combine. Write {red|blue} in a prompt, or __animal__ and a list of "
            "animals."
        )


def _rows(value: object, usual: int, most: int) -> int:
    """A whole number from 1; also as text, as a form sends it."""
    if value is None or value == "":
        return max(1, min(usual, most))
    takes = f"rows takes a whole number from 1 to {most:,}"
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid(f"{takes}.")
    if value < 1:
        raise Invalid(f"{takes}; {value} is too few.")
    if value > most:
        raise Invalid(f"{takes}: a sheet holds no more. Ask for {most:,}, and draft another sheet after it.")
    return value

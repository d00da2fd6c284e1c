"""The parts of what is asked of a model: readable templates filled in, and people's words marked as such."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from string import Template
from typing import TypeVar

from assistant.drafting.brief import Brief
from assistant.drafting.combinations import first
from assistant.drafting.sieve import SHORT
from assistant.drafting.wishes import spoken_of
from assistant.drafting.words import FILLER, length
from assistant.model.ladder import Message
from schema.columns import Columns
from schema.guide import GuideLine, guide
from schema.wording import listed
from templates import PROMPTS

Item = TypeVar("Item")
EXAMPLES, EXAMPLE = 12, 700
"""Example prompts that are shown, and characters of each: enough for a manner, few enough for any server."""
DIGEST = 8
"""Words of a digest."""
AVOIDED, AVOID = 24, 160
"""Prompts that are named as “not these”, and characters of each."""
PROMPT = "prompt"
NONE = "(none)"
_TERM = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_MARKS = "goal|context|examples|avoid|rows|request|prompt|reason"
_MARK = re.compile(rf"<(?=\s*/?\s*(?:{_MARKS})\b)", re.IGNORECASE)


def messages(name: str, **blanks: object) -> list[Message]:
    """What every question begins with, and the template `name` with its blanks filled."""
    told = filled(name, **blanks)
    return [{"role": "system", "content": filled("system")}, {"role": "user", "content": told}]


def filled(name: str, **blanks: object) -> str:
    """A text of templates/prompts with its blanks filled; what is filled in is not looked at again.

    A part of which there is nothing to say goes with its heading.
    """
    text = _template(name).template
    for blank, value in blanks.items():
        if value == NONE:
            text = re.sub(rf"^# [^\n]*\n(?:(?!#|\$)[^\n]*\n)*\${blank}\n?", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", Template(text).substitute(blanks)).strip()


def marked(tag: str, text: str) -> str:
    """Words of people between marks that they cannot close themselves."""
    return f"<{tag}>\n{harmless(text)}\n</{tag}>" if text.strip() else NONE


def harmless(text: str) -> str:
    """A text in which nothing looks like one of our marks."""
    return _MARK.sub("‹", text)


def settings(brief: Brief, columns: Columns) -> str:
    """What is fixed for all rows, and what is dealt out evenly: given to the model, never asked of it."""
    lines = []
    for column in columns.all:
        wish = brief.wish(column.name, columns)
        if wish.kind == "fixed" and column.name != PROMPT:
            lines.append(f"- {column.name}: {_value(wish.values[0]) or column.empty} in every row")
        elif wish.kind == "spread":
            lines.append(f"- {column.name}: {listed(list(map(_value, wish.values)))}, dealt out evenly")
    if not lines:
        return NONE
    return "\n".join(
        ["These are filled in already. Write prompts that suit them; do not write them down.", *lines]
    )


def wanted(brief: Brief, columns: Columns) -> list[str]:
    """The columns that are asked of a model: the prompt, those left to it, and those the brief speaks of."""
    said = set(spoken_of("\n".join((brief.goal, brief.context, *brief.examples)), columns))
    return [
        column.name
        for column in columns.all
        if column.name == PROMPT
        or (kind := brief.wish(column.name, columns).kind) == "model"
        or (kind == "open" and column.name in said)
    ]


def guidance(names: Iterable[str], columns: Columns) -> str:
    """What the columns take, from the schema, a line each."""
    chosen = set(names)
    return "\n".join(_line(line) for line in guide(columns) if line.column in chosen)


def plain_examples(brief: Brief, most: int = EXAMPLES) -> list[str]:
    """Some of the example prompts, picked evenly; of one with {a|b} the first that it makes."""
    return [first(text, brief.lists) for text in evenly(brief.examples, most)]


def examples(brief: Brief, most: int = EXAMPLES) -> str:
    """Some of the example prompts, numbered."""
    return numbered("examples", plain_examples(brief, most), EXAMPLE)


def rules(brief: Brief) -> str:
    """What makes a row good, and how long it is: as the examples are."""
    sizes = list(map(length, plain_examples(brief, len(brief.examples))))
    mean = round(sum(sizes) / len(sizes)) if sizes else 0
    most = max(SHORT, round(mean * 1.25))
    held = f" Follow the examples' manner and LENGTH: about {mean} words, at most {most}." if mean else ""
    return filled("rules", length=held)


def dealt(rows: Sequence[Mapping[str, str]]) -> str:
    """The cells of the rows to come, where they differ: “1. aspect_ratio 16:9”."""
    every = dict.fromkeys(name for row in rows for name in row)
    names = [name for name in every if len({row.get(name) for row in rows}) > 1]
    if not names:
        return NONE
    lines = ["; ".join(f"{name} {_value(row[name])}" for name in names if row.get(name)) for row in rows]
    told = "\n".join(f"{number}. {line or 'as usual'}" for number, line in enumerate(lines, 1))
    return f"Compose each for its own, in this order; do not write these down.\n{told}"


def digests(prompts: Sequence[str], size: int = DIGEST) -> list[str]:
    """A few words of each prompt that tell it from the others: what most of them share is left out."""
    found = [_TERM.findall(prompt) for prompt in prompts]
    among = Counter(word for terms in found for word in {term.casefold() for term in terms})
    most = max(2, len(prompts) // 3)

    def own(term: str) -> bool:
        return term.casefold() not in FILLER and among[term.casefold()] <= most

    return [" ".join(list(filter(own, terms))[:size] or terms[:size]) for terms in found]


def listed_in(tag: str, texts: Sequence[str], between: str = "\n") -> str:
    """Texts between marks, one after the other."""
    return marked(tag, between.join(cut(text, AVOID) for text in texts))


def numbered(tag: str, texts: Iterable[str], longest: int) -> str:
    """Texts on lines of their own, numbered, between marks."""
    lines = [f"{number}. {cut(text, longest)}" for number, text in enumerate(texts, 1)]
    return marked(tag, "\n".join(lines))


def avoid(texts: Sequence[str]) -> str:
    """The last of the prompts that must not come again."""
    return numbered("avoid", list(texts)[-AVOIDED:], AVOID)


def cut(text: str, longest: int) -> str:
    """A text on one line, cut where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def line_of(number: int, cells: Mapping[str, str], **more: object) -> str:
    """A row on one line, as JSON: its number, its cells, and what else is to be said of it."""
    return harmless(json.dumps({"row": number, "cells": dict(cells), **more}, ensure_ascii=False))


def evenly(items: Sequence[Item], most: int) -> list[Item]:
    """At most so many of the items, from the first to the last at equal distances."""
    if len(items) <= most:
        return list(items)
    return [items[place * len(items) // most] for place in range(most)]


def _value(text: str) -> str:
    return harmless(cut(text, EXAMPLE))


def _line(line: GuideLine) -> str:
    """One column: “- style (may stay empty: auto): auto, general, …”, without what is about spreadsheets."""
    needed = "needed" if line.needed else f"may stay empty: {line.empty}"
    mind = [sentence for sentence in line.mind if "Excel" not in sentence]
    like = f" For example: {listed(line.examples, 'or')}." if line.words and not line.needed else ""
    return " ".join([f"- {line.column} ({needed}): {line.takes}.{like}", *mind])


@cache
def _template(name: str) -> Template:
    return Template((PROMPTS / f"{name}.txt").read_text(encoding="utf-8").strip())

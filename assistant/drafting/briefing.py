"""The parts of what is asked of a model: readable templates filled in, and people's words marked as such."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from string import Template
from typing import TypeVar

from assistant.drafting.brief import Brief
from assistant.drafting.combinations import first
from assistant.drafting.wishes import spoken_of
from assistant.model.ladder import Message
from schema.columns import Columns
from schema.guide import GuideLine, guide
from schema.wording import listed
from templates import PROMPTS

Item = TypeVar("Item")
EXAMPLES, EXAMPLE = 12, 700
"""Example prompts that are shown, and characters of each: enough for a manner, few enough for any server."""
AVOIDED, AVOID = 24, 160
"""Prompts that are named as “not these”, and characters of each."""
PROMPT = "prompt"
NONE = "(none)"
_MARKS = "goal|context|examples|combinations|avoid|rows|request|prompt|reason"
_MARK = re.compile(rf"<(?=\s*/?\s*(?:{_MARKS})\b)", re.IGNORECASE)


def messages(name: str, **blanks: object) -> list[Message]:
    """What every question begins with, and the template `name` with its blanks filled."""
    told = filled(name, **blanks)
    return [{"role": "system", "content": filled("system")}, {"role": "user", "content": told}]


def filled(name: str, **blanks: object) -> str:
    """A text of templates/prompts with its blanks filled; what is filled in is not looked at again."""
    return re.sub(r"\n{3,}", "\n\n", _template(name).substitute(blanks))


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


def examples(brief: Brief) -> str:
    """Some of the example prompts, numbered, picked evenly; one with {a|b} as its first variant."""
    return numbered(
        "examples", [first(text, brief.lists) for text in evenly(brief.examples, EXAMPLES)], EXAMPLE
    )


def numbered(tag: str, texts: Iterable[str], longest: int) -> str:
    """Texts on lines of their own, numbered, between marks."""
    lines = [f"{number}. {cut(text, longest)}" for number, text in enumerate(texts, 1)]
    return marked(tag, "\n".join(lines))


def avoid(texts: Sequence[str]) -> str:
    """The last of the prompts that must not come again."""
    return numbered("avoid", list(texts)[-AVOIDED:], AVOID)


def combined(combinations: Sequence[Mapping[str, str]]) -> str:
    """Combinations of planned values, numbered: “1. subject: a fox; light: dusk”."""
    if not any(combinations):
        return NONE
    lines = ["; ".join(f"{name}: {value}" for name, value in each.items()) for each in combinations]
    return numbered("combinations", (line or "as you like" for line in lines), 1_000)


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

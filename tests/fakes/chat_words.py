"""What the stand-in for a chat endpoint writes: believable rows, plans, corrections, changes, by its seed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

AXES: dict[str, list[str]] = {
    "subject": [
        "a red fox",
        "a sleepy badger",
        "a barn owl",
        "a hedgehog",
        "a young deer",
        "a brown hare",
        "a squirrel",
        "an otter",
        "a robin",
        "a pine marten",
        "a field mouse",
        "a black bear",
        "a wolf cub",
        "a lynx",
        "a raccoon",
        "a woodpecker",
        "a tree frog",
        "a beaver",
        "a mole with spectacles",
        "a stag beetle",
        "a wren",
        "a polecat",
        "a snail",
        "a moth",
    ],
    "setting": [
        "in a snowy clearing",
        "under a mossy oak",
        "beside a frozen pond",
        "on a cabin's windowsill",
        "among tall ferns",
        "on a hillside at dusk",
        "inside a hollow log",
        "by a lantern-lit path",
        "at a village market",
        "on a stone bridge",
        "in a kitchen garden",
        "near a waterfall",
    ],
    "style": [
        "flat vector shapes",
        "soft watercolour washes",
        "bold linocut lines",
        "cut paper layers",
        "gouache with dry brush",
        "fine ink hatching",
        "risograph grain",
        "embroidered felt",
        "storybook pencil",
        "screen print blocks",
    ],
    "light": [
        "warm lamplight",
        "pale winter sun",
        "blue hour glow",
        "candlelight",
        "bright noon light",
        "moonlight through mist",
        "golden evening rays",
        "even studio light",
        "firelight",
        "northern lights",
    ],
    "composition": [
        "centred with a thick white border",
        "seen from below",
        "close-up portrait",
        "small in a wide scene",
        "framed by holly leaves",
        "in a round badge",
        "diagonal and lively",
        "symmetrical and calm",
        "looking over its shoulder",
        "with generous empty space",
    ],
    "palette": [
        "forest green and rust",
        "navy and cream",
        "dusty pink and sage",
        "mustard and charcoal",
        "cranberry and ivory",
        "teal and apricot",
        "lilac and silver",
        "ochre and slate",
        "mint and cocoa",
        "crimson and snow white",
    ],
}
DETAILS = [
    "holding a paper star",
    "wearing a knitted scarf",
    "with a steaming cup",
    "carrying a tiny lantern",
    "next to a “Merry Days” banner",
    "with crème-coloured bells",
    "balancing a gift box",
    "with snow on its nose",
    "reading a letter",
    "blowing a small horn",
    "under a sprig of mistletoe 🌿",
    "with a wax-sealed envelope",
    "wrapped in a quilt",
    "beside a toy train",
    "with one raised paw",
    "dreaming, eyes closed",
]
PALETTES = ["#F2C14E #F78154 #4D9078", "pastel", None, "#1F4D3A #D96B27", None]


@dataclass
class Manner:
    """How the writer is told to write; Behaviour in chat_app.py says what each field means."""

    seed: int = 0
    repeat: int = 0
    wrong: dict[str, Any] | None = None
    wrong_every: int = 3
    stubborn: bool = False
    extra: int = 0


class Writer:
    """Writes the objects of an answer. It never repeats itself unless told to."""

    def __init__(self) -> None:
        self._rows = count()
        self._last = ""

    def objects(self, kind: str, text: str, item: dict[str, Any], manner: Manner) -> Iterator[dict[str, Any]]:
        """The objects that `text` asks for, each of the shape `item` (a JSON Schema)."""
        properties = item["properties"]
        match kind:
            case "plan":
                yield from (_fill(properties, name=name, values=values) for name, values in AXES.items())
            case "mend":
                yield from self._mended(text, properties, manner)
            case "propose":
                yield from self._changes(text, properties, manner)
            case "other":
                yield from (_fill(properties) for _ in range(2))
            case _:
                yield from self._written(text, properties, manner)

    def _written(self, text: str, properties: dict[str, Any], manner: Manner) -> Iterator[dict[str, Any]]:
        combinations = combinations_in(text)
        for place in range(max(0, asked(text) + manner.extra)):
            chosen = combinations[place] if place < len(combinations) else {}
            yield self._row(opening(text), chosen, properties, manner)

    def _row(
        self, begin: str, chosen: dict[str, str], properties: dict[str, Any], manner: Manner
    ) -> dict[str, Any]:
        ordinal = next(self._rows)
        prompt = self._prompt(begin, chosen, ordinal + manner.seed * 1_000)
        if manner.repeat and ordinal % manner.repeat == manner.repeat - 1 and self._last:
            prompt = f"{self._last}."
        self._last = prompt
        row = _fill(properties, ordinal, prompt=prompt)
        if manner.wrong and ordinal % manner.wrong_every == 0:
            row |= {name: value for name, value in manner.wrong.items() if name in properties}
        return row

    def _prompt(self, begin: str, chosen: dict[str, str], ordinal: int) -> str:
        subject, *rest = (chosen or _combination(ordinal)).values()
        return f"{begin} {subject} {', '.join([DETAILS[ordinal * 5 % len(DETAILS)], *rest])}"

    def _mended(self, text: str, properties: dict[str, Any], manner: Manner) -> Iterator[dict[str, Any]]:
        for line in lines_in(text):
            wrong = line.get("wrong", {})
            right = _fill(properties, prompt=f"A calm scene of {AXES['subject'][0]}, mended")
            kept = {name: line["cells"].get(name) if manner.stubborn else right[name] for name in wrong}
            yield _fill(properties, everything=False) | {"row": line["row"]} | kept

    def _changes(self, text: str, properties: dict[str, Any], manner: Manner) -> Iterator[dict[str, Any]]:
        request = between("request", text)
        lines, words = lines_in(text), request.lower()
        if more := re.search(r"\badd (\d+)\b(?:.*?\babout (.+))?", words):
            exactly = re.search(r"exactly (\d+) new rows", text)
            for _ in range(int((exactly or more)[1])):
                about = _combination(next(self._rows)) | {"about": (more[2] or "").strip(" .")}
                row = self._row(opening(text), about, properties["cells"]["properties"], manner)
                yield _change("add", None, row)
        elif gone := re.search(r"\bdelete\b.*?\b(?:with|about)\s+(\w+?)s?\b", words):
            for line in lines:
                if gone[1] in json.dumps(line, ensure_ascii=False).lower():
                    yield _change("delete", line["row"], None)
        else:
            for line in lines:
                cells = _fill(properties["cells"]["properties"], everything=False)
                told = re.sub(r"\brows?\b|[\d–-]+|\bto\b|\bmake\b", " ", request).split()
                prompt = f"{line['cells'].get('prompt', '')}, {' '.join(told).strip(' .')}"
                yield _change("change", line["row"], cells | {"prompt": prompt})
        yield _change("reply", None, None, "Here is what I would change.")


def _change(
    op: str, row: int | None, cells: dict[str, Any] | None, text: str | None = None
) -> dict[str, Any]:
    return {"op": op, "row": row, "cells": cells, "text": text}


def _combination(ordinal: int) -> dict[str, str]:
    """All axes walk on with each row, at different speeds, so that no two prompts are alike."""
    return {
        name: values[(ordinal * step + ordinal // len(values)) % len(values)]
        for step, (name, values) in zip((1, 5, 3, 7, 3, 9), AXES.items(), strict=True)
    }


def kind_of(item: dict[str, Any]) -> str:
    """What an answer of this shape is: plan, mend, propose, write or other."""
    names = item.get("properties", {})
    for name, kind in (("values", "plan"), ("op", "propose"), ("row", "mend"), ("prompt", "write")):
        if name in names:
            return kind
    return "other"


def _fill(
    properties: dict[str, Any], ordinal: int = 0, *, everything: bool = True, **given: Any
) -> dict[str, Any]:
    """A value for each property; with `everything` False null wherever it may be."""
    return {
        name: given[name] if name in given else _value(name, spec, ordinal, everything=everything)
        for name, spec in properties.items()
    }


def _value(name: str, spec: dict[str, Any], ordinal: int, *, everything: bool) -> Any:
    kinds = spec["type"] if isinstance(spec["type"], list) else [spec["type"]]
    if "null" in kinds and (not everything or ordinal % 4 == 3):
        return None
    if "enum" in spec:  # of the first three: they go together, whatever the rules between columns
        words = [value for value in spec["enum"] if value is not None][:3]
        return words[ordinal % len(words)]
    if "integer" in kinds:
        return 1_000 + ordinal * 37 if "seed" in name else 1 + ordinal % 4
    if "array" in kinds:
        return []
    if "object" in kinds:
        return _fill(spec["properties"], ordinal, everything=everything)
    if "palette" in name:
        return PALETTES[ordinal % len(PALETTES)] or "pastel"
    return "text, watermark" if "negative" in name else "plain"


def asked(text: str) -> int:
    """The count in “exactly 25 rows”, the first one where there are several."""
    found = re.findall(r"exactly (\d+)", text, re.IGNORECASE)
    return int(found[0]) if found else 1


def between(tag: str, text: str) -> str:
    """What stands between the marks <tag> and </tag>, the last time it does."""
    found = re.findall(rf"<{tag}>\n?(.*?)\n?</{tag}>", text, re.DOTALL)
    return str(found[-1]) if found else ""


def opening(text: str) -> str:
    """How the first example begins, up to its “of”."""
    first = re.search(r"1\. (.*)", between("examples", text))
    begun = re.match(r".{0,40}?\bof\b", first[1]) if first else None
    return begun[0] if begun else "A picture of"


def combinations_in(text: str) -> list[dict[str, str]]:
    """The numbered combinations: “1. subject: a fox; light: dusk”."""
    lines = re.findall(r"^\d+\. (.+)$", between("combinations", text), re.MULTILINE)
    return [dict(part.split(": ", 1) for part in line.split("; ") if ": " in part) for line in lines]


def lines_in(text: str) -> list[dict[str, Any]]:
    """The rows in a request: lines that are JSON objects with a row's number."""
    return [json.loads(line) for line in text.splitlines() if line.startswith('{"row"')]

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
    "next to a bunting banner",
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


TITLES = (
    [
        "Warm",
        "Little",
        "Blue",
        "Late",
        "Quiet",
        "Merry",
        "Paper",
        "Secret",
        "Early",
        "Bright",
        "Second",
        "Open",
        "Slow",
        "Lucky",
        "Silver",
    ],
    [
        "Wishes",
        "Shelf",
        "Harbour",
        "Morning",
        "Stories",
        "Garden",
        "Window",
        "Lantern",
        "Parade",
        "Kitchen",
        "Winter",
        "Letters",
    ],
    ["Club", "Days", "Night", "Song", "Walk", "Hour", "Feast", "Party", "Room", "Table", "Fair", "Trail"],
)
"""Words that titles are put together of, where the examples are lettered."""


@dataclass
class Manner:
    """How the writer is told to write; Behaviour in chat_app.py says what each field means."""

    seed: int = 0
    repeat: int = 0
    wrong: dict[str, Any] | None = None
    wrong_every: int = 3
    stubborn: bool = False
    extra: int = 0
    title_every: int = 0
    long_every: int = 0
    plan: list[Any] | None = None
    says: dict[str, list[dict[str, Any]]] | None = None


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
                yield from self._planned(text) if manner.plan is None else manner.plan
            case "mend":
                yield from self._mended(text, properties, manner)
            case "rewrite":
                yield from self._rewritten(text, properties)
            case "operate" if "cells" in properties:
                yield from self._changes(text, properties, manner)
            case "operate":
                yield from self._operations(text, properties, manner)
            case "other":
                yield from (_fill(properties) for _ in range(2))
            case _:
                yield from self._written(text, properties, manner)

    def lines(self, text: str, most: int, manner: Manner) -> Iterator[str]:
        """Lines that go on with a numbered list."""
        numbers = re.findall(r"^(\d+)\.", text, re.MULTILINE)
        first = re.search(r"^1\. (.*)", text, re.MULTILINE)
        for number in range(int(numbers[-1]) if numbers else 1, 1_000)[:most]:
            yield f"{number}. {self._next(_begun(first[1] if first else ''), text, manner)}"

    def _planned(self, text: str) -> Iterator[dict[str, Any]]:
        found = re.search(r"into (\d+) strands", text)
        strands, rows = int(found[1]) if found else 3, int(re.findall(r"Plan a sheet of (\d+)", text)[-1])
        yield {
            "name": "all rows",
            "rows": 0,
            "holds": ["Kind, for children", "One animal each"],
            "leaves": "",
        }
        for place in range(strands):
            holds = [f"{detail}, {place + 1}" for detail in DETAILS[:8]]
            name = AXES["setting"][place % 12].removeprefix("in ").capitalize()
            yield {"name": name, "rows": rows // strands, "holds": holds, "leaves": "portraits"}

    def _written(self, text: str, properties: dict[str, Any], manner: Manner) -> Iterator[dict[str, Any]]:
        for _ in range(max(0, asked(text) + manner.extra)):
            yield self._row(opening(text), text, properties, manner)

    def _row(
        self, begin: str, text: str, properties: dict[str, Any], manner: Manner, about: str = ""
    ) -> dict[str, Any]:
        prompt = self._next(begin, text, manner, about)
        ordinal = self._ordinal
        row = _fill(properties, ordinal, prompt=prompt)
        if manner.wrong and ordinal % manner.wrong_every == 0:
            row |= {name: value for name, value in manner.wrong.items() if name in properties}
        return row

    def _next(self, begin: str, text: str, manner: Manner, about: str = "") -> str:
        """One prompt more: its own, or what is to be done wrong in its turn."""
        self._ordinal = ordinal = next(self._rows)
        lettered = re.search(r"[“\"„].+[”\"“]", between("examples", text))
        prompt = self._prompt(begin, ordinal + manner.seed * 1_000, about, setting=not lettered)
        if lettered:
            words = _title(0 if _turn(manner.title_every, ordinal) else ordinal)
            prompt += f", lettered “{words}”"
        if _turn(manner.long_every, ordinal):
            prompt += ", " + ", ".join(values[ordinal % len(values)] for values in AXES.values()) * 2
        if _turn(manner.repeat, ordinal) and self._last:
            prompt = f"{self._last}."
        self._last = prompt
        return prompt

    def _prompt(self, begin: str, ordinal: int, about: str = "", *, setting: bool = True) -> str:
        subject = AXES["subject"][ordinal % 24]
        detail = DETAILS[(ordinal + ordinal // 24) % len(DETAILS)]
        where = AXES["setting"][(ordinal * 5 + ordinal // 384) % 12] if setting else ""
        return " ".join(filter(None, [begin, subject, detail, where, about]))

    def _mended(self, text: str, properties: dict[str, Any], manner: Manner) -> Iterator[dict[str, Any]]:
        for line in lines_in(text):
            wrong = line.get("wrong", {})
            right = _fill(properties, prompt=f"A calm scene of {AXES['subject'][0]}, mended")
            kept = {name: line["cells"].get(name) if manner.stubborn else right[name] for name in wrong}
            yield _fill(properties, everything=False) | {"row": line["row"]} | kept

    def _rewritten(self, text: str, properties: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Each row with the words of what is asked put at its end."""
        told = " ".join(between("request", text).split()).strip(" .")
        for line in lines_in(text):
            yield _fill(properties, everything=False) | {
                "row": line["row"],
                "prompt": f"{line['cells'].get('prompt', '')}, {told}",
            }

    def _operations(self, text: str, properties: dict[str, Any], manner: Manner) -> Iterator[dict[str, Any]]:
        """The operations that `says` has for a part of the request; else that nothing was understood."""
        request = between("request", text)
        for part, operations in (manner.says or {}).items():
            if part in request:
                for operation in operations:
                    yield _fill(properties, everything=False) | operation
                return
        yield _fill(properties, everything=False) | {"op": "answer", "text": "What should be different?"}


def _turn(every: int, ordinal: int) -> bool:
    """Whether it is this row's turn to be wrong."""
    return bool(every) and ordinal % every == every - 1


def _title(ordinal: int) -> str:
    first, second, third = TITLES
    words = first[ordinal % 15], second[ordinal // 15 % 12], third[(ordinal + ordinal // 180) % 12]
    return " ".join(words)


def kind_of(item: dict[str, Any]) -> str:
    """What an answer of this shape is: plan, operate, rewrite, mend, write or other."""
    names = item.get("properties", {})
    if {"row", "prompt"} <= names.keys() == {"row", "prompt"}:
        return "rewrite"
    for name, kind in (("holds", "plan"), ("op", "operate"), ("row", "mend"), ("prompt", "write")):
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
    return _begun(first[1]) if first else "A picture of"


def _begun(example: str) -> str:
    found = re.match(r".{0,40}?\bof\b", example)
    return found[0] if found else "A picture of"


def lines_in(text: str) -> list[dict[str, Any]]:
    """The rows in a request: lines that are JSON objects with a row's number."""
    return [json.loads(line) for line in text.splitlines() if line.startswith('{"row"')]

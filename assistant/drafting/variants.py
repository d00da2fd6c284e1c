"""{a|b|c} in a prompt, expanded to one prompt of each. Everything else stays as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import prod

from dynamicprompts.commands import (
    Command,
    LiteralCommand,
    SamplingMethod,
    SequenceCommand,
    VariantCommand,
    VariantOption,
)
from dynamicprompts.sampling_context import SamplingContext
from dynamicprompts.wildcards import WildcardManager

DEEPEST = 8
"""Braces within braces that are still variants."""
EXACT = 100
"""Up to so many, `count` is exact; above, prompts that come out equal by chance are counted each."""
_SLACK = 4
"""How many times more than wanted are kept possible, for those that come out equal or empty."""


@dataclass(frozen=True)
class _Group:
    """Braces with their options, all different."""

    options: tuple[_Sequence, ...]


_Sequence = tuple["str | _Group", ...]


def expand(text: str, most: int) -> list[str]:
    """The prompts a text makes, in order (the last braces change first), none twice, `most` at the most.

    A text without variants gives itself. Empty options are allowed: the spaces and commas left over round
    them go, and a prompt of which nothing is left is none. Braces without a | and braces that do not close
    are text, and so is everything else that template languages know: __cards__, $$, ${names}, # and %.
    """
    most = max(most, 0)
    if not varies(text):
        return [text][:most]
    return list(islice(_tidied(_short(_parse(text), most * _SLACK)), most))


def count(text: str) -> int:
    """How many prompts a text makes, without making more than EXACT of them; there is no limit to it."""
    if not varies(text):
        return 1
    sequence = _parse(text)
    size = _size(sequence)
    return size if size > EXACT else sum(1 for _ in _tidied(sequence))


def written(examples: Iterable[str], most: int) -> list[str]:
    """The rows that lines with variants are, line by line, none twice, `most` at the most."""
    found: dict[str, None] = {}
    for example in filter(varies, examples):
        found |= dict.fromkeys(expand(example, most))
        if len(found) >= most:
            break
    return list(found)[:most]


def varies(text: str) -> bool:
    """Whether a text has variants in it, be it {a|a}."""
    return "|" in text and any(isinstance(part, _Group) for part in _pieces(text))


def _parse(text: str) -> _Sequence:
    return _joined(_pieces(text))


def _pieces(text: str) -> list[str | _Group]:
    """Literal text and groups; what the braces mean is known when they close."""
    open_at: list[int] = []
    parts: list[list[list[str | _Group]]] = [[[]]]  # for each open brace its options so far, each a list
    for sign in re.finditer(r"[^{|}]+|.", text, re.DOTALL):
        if sign[0] == "{":
            open_at.append(sign.start())
            parts.append([[]])
        elif sign[0] == "|" and open_at:
            parts[-1].append([])
        elif sign[0] == "}" and open_at:
            start, options = open_at.pop(), parts.pop()
            too_deep = len(open_at) >= DEEPEST
            parts[-1][-1] += [text[start : sign.end()]] if too_deep else _closed(options)
        else:
            parts[-1][-1].append(sign[0])
    found = parts[0][0]
    for options in parts[1:]:  # never closed: the brace and its bars are text
        found += ["{", *_barred(options)]
    return found


def _closed(options: list[list[str | _Group]]) -> list[str | _Group]:
    if len(options) == 1:
        return ["{", *options[0], "}"]
    return [_Group(tuple(dict.fromkeys(map(_joined, options))))]


def _barred(options: list[list[str | _Group]]) -> Iterator[str | _Group]:
    for place, option in enumerate(options):
        yield from (["|", *option] if place else option)


def _joined(parts: Sequence[str | _Group]) -> _Sequence:
    """Neighbouring texts made one, groups of a single option their option."""
    found: list[str | _Group] = []
    for part in parts:
        alone = isinstance(part, _Group) and len(part.options) == 1
        for piece in _first(part) if alone else (part,):
            if isinstance(piece, str) and found and isinstance(found[-1], str):
                found[-1] += piece
            elif piece != "":
                found.append(piece)
    return tuple(found)


def _size(sequence: _Sequence) -> int:
    return prod(sum(map(_size, part.options)) if isinstance(part, _Group) else 1 for part in sequence)


def _short(sequence: _Sequence, most: int) -> _Sequence:
    """The same for its first `most` prompts, and no longer than they need.

    The last groups change first, so those before, once enough is possible, stay at their first option.
    """
    kept: list[str | _Group] = []
    size = 1
    for part in reversed(sequence):
        if size >= most:
            kept += reversed(_first(part))
        elif isinstance(part, _Group):
            options = tuple(_short(option, most) for option in part.options[: max(most, 1)])
            kept.append(_Group(options))
            size *= sum(map(_size, options))
        else:
            kept.append(part)
    return _joined(kept[::-1])


def _first(part: str | _Group) -> _Sequence:
    """The first text that a group gives; of a text itself."""
    if isinstance(part, str):
        return (part,)
    return _joined([piece for first in part.options[0] for piece in _first(first)])


def _tidied(sequence: _Sequence) -> Iterator[str]:
    """The different prompts of a sequence, as dynamicprompts walks all combinations."""
    context = SamplingContext(SamplingMethod.COMBINATORIAL, WildcardManager())
    seen: set[str] = set()
    for result in context.sample_prompts(_command(sequence)):
        prompt = _tidy(str(result))
        if prompt and prompt not in seen:
            seen.add(prompt)
            yield prompt


def _command(sequence: _Sequence) -> Command:
    """The library's own form. Its parser is not asked: it would read more than variants into a prompt."""
    return SequenceCommand(
        [
            VariantCommand([VariantOption(_command(option)) for option in part.options])
            if isinstance(part, _Group)
            else LiteralCommand(part)
            for part in sequence
        ]
    )


def _tidy(text: str) -> str:
    """Without the spaces and commas that an empty option leaves behind."""
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r"(?:[ \t]*,)+", ",", text)
    return text.strip(" \t,").strip()

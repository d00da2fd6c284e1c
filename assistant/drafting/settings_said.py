"""Requests about cells: set a column, empty it, switch it."""

from __future__ import annotations

from assistant.chat.ground import Unclear
from assistant.chat.requests import Append, Join, Set, Swap
from assistant.drafting import texts_said
from assistant.drafting.selections import Selection
from assistant.drafting.texts_said import named
from assistant.drafting.tokens import Tokens, tokens
from assistant.drafting.vocabulary import Vocabulary
from schema.cell_check import empty, fault
from schema.columns import Column

Cells = Set | Join | Append | Swap

_FILLERS = frozenset({
    "make", "set", "change", "turn", "switch", "put", "use", "using", "let", "have", "has", "get", "give",
    "apply", "choose", "want", "be", "become", "to", "into", "as", "is", "are", "in", "of", "at", "for",
    "with", "the", "a", "an", "it", "should", "shall", "must", "can", "will", "would", "value", "values",
    "column", "columns", "cell", "cells", "setting", "settings", ":", "=", "!", ".", "just", "now",
})  # fmt: skip
_CONNECT = frozenset({"to", "=", ":", "as", "is", "be"})
_CLEAR = frozenset(
    {"clear", "empty", "reset", "remove", "delete", "drop", "unset", "erase", "wipe", "no", "without"}
)
_OFF, _ON = frozenset({"disable", "deactivate"}), frozenset({"enable", "activate"})


def read(
    words: Tokens, vocabulary: Vocabulary, *, rows: Selection, text: str | None, lone: bool
) -> Cells | None:
    """The request that these words are once the rows are taken out of them.

    `text` is the whole request where this is its end, so that a free text may go on to there; `lone` allows a
    value without its column. Raises Unclear for a value that its column does not take.
    """
    if not words:
        return None
    return (
        _emptied(words, vocabulary, rows)
        or _switched(words, vocabulary, rows)
        or texts_said.written(words, vocabulary, rows)
        or _set(words, vocabulary, rows, text, lone=lone)
        or texts_said.unwanted(words, vocabulary, rows)
    )


def _emptied(words: Tokens, vocabulary: Vocabulary, rows: Selection) -> Set | None:
    """Clear the palettes; no palette; without magic prompt is magic prompt off."""
    if words[0].word not in _CLEAR or words[0].quoted:
        return None
    column = named(words[1:], vocabulary)
    if column is None:
        return None
    if {"on", "off"} <= set(column.choices) and words[0].word not in ("clear", "empty", "reset"):
        return Set(rows, column.name, "off")
    if column.required:
        raise Unclear(f"{column.name} cannot be empty: {empty(column).message.removeprefix('Empty. ')}")
    return Set(rows, column.name, "")


def _switched(words: Tokens, vocabulary: Vocabulary, rows: Selection) -> Set | None:
    """Disable magic prompt."""
    word = words[0].word
    if word not in _OFF | _ON:
        return None
    column = named(words[1:], vocabulary)
    if column is None or not {"on", "off"} <= set(column.choices):
        return None
    return Set(rows, column.name, "off" if word in _OFF else "on")


def _set(
    words: Tokens, vocabulary: Vocabulary, rows: Selection, text: str | None, *, lone: bool
) -> Set | None:
    bare = [token for token in words if token.quoted or token.word not in _FILLERS]
    if not bare:
        return None
    for place in range(len(bare) - 1, 0, -1):
        for name, said in ((bare[:place], bare[place:]), (bare[place:], bare[:place])):
            column = (
                None if any(token.quoted for token in name) else vocabulary.column([t.word for t in name])
            )
            if column is None:
                continue
            found = _value(column, name, said, words, vocabulary, text)
            if found is not None:
                return Set(rows, column.name, found)
    alone = vocabulary.alone(" ".join(token.text for token in bare)) if lone else None
    return Set(rows, alone[0].name, alone[1]) if alone else None


def _value(
    column: Column, named: Tokens, said: Tokens, words: Tokens, vocabulary: Vocabulary, text: str | None
) -> str | None:
    """The value that is said of a column. Raises Unclear for one that is meant and not taken."""
    if column.editor == "text":
        return _free_text(column, said, words, text)
    value = vocabulary.value(column, " ".join(token.text for token in said))
    if value is not None:
        return value
    if _meant(column, named, said, words):
        wrong = " ".join(token.text for token in said)
        problem = fault(column, wrong)
        raise Unclear(f"{column.name}: {problem.message}")
    return None


def _meant(column: Column, named: Tokens, said: Tokens, words: Tokens) -> bool:
    """Whether what is no value was still meant as one: “style to watercolour”, “5 images”, “ratio 17:9”."""
    if len(said) == 1 and said[0].word[:1].isdigit() and (column.whole_number or column.choices):
        return True
    places = {token.start: place for place, token in enumerate(words)}
    first, last = places[said[0].start], places[named[-1].start]
    between = {token.word for token in words[last + 1 : first]}
    return len(said) <= 2 and last < first and bool(between & _CONNECT)


def _free_text(column: Column, said: Tokens, words: Tokens, text: str | None) -> str | None:
    """A free text is quoted or, for a column that is no prompt, follows “to” up to the request's end."""
    if len(said) == 1 and said[0].quoted:
        return said[0].text if said[0].text.strip() or not column.required else None
    if column.required or text is None:
        return None
    places = [place for place, token in enumerate(words) if token.word in ("to", "=", ":")]
    if not places or places[0] + 1 >= len(words) or words[-1].start < said[-1].start:
        return None
    start = words[places[0] + 1].start
    ahead = [token for token in said if token.start < start]
    gap = words[places[0] + 1 :]
    whole = [token.start for token in gap]
    unbroken = text[start : gap[-1].end]
    return None if ahead or len(tokens(unbroken)) != len(whole) else unbroken.strip()

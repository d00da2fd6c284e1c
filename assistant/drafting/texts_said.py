"""Requests about free texts: add keywords or words, replace words, keep things out of the images.

“No text in the images” is done here even where a model is set up: it adds to the column that is made for it,
at once and for nothing; the rows whose prompts ask for the thing all the same are named, to be reworded.
"""

from __future__ import annotations

import re

from assistant.chat.ground import PROMPT
from assistant.chat.requests import Append, Join, Swap
from assistant.drafting.selections import Selection
from assistant.drafting.tokens import Token, Tokens
from assistant.drafting.vocabulary import Vocabulary
from schema.columns import Column

NEGATIVE = "negative_prompt"
"""The column that takes what should not be in the image."""

_NOT_WANTED = (
    "no", "without", "avoid", "never", "never any", "exclude", "leave out", "do not show", "don't show",
    "never show", "i don't want", "don't want", "don't want any", "do not want", "do not want any",
    "there should be no", "should have no", "should not have", "shouldn't have", "should not show",
    "must not have", "must not show", "don't show any", "not any",
)  # fmt: skip
_REMOVE = ("remove", "get rid of", "drop", "lose", "keep out")
_IMAGES = re.compile(
    r" (?:(?:in|on|inside|within|from|out of) (?:any |all |all of |the |of |my |these |every |each )*"
    r"(?:images?|pictures?|results?)|anywhere|at all|whatsoever)$"
)
_NOT_KEYWORDS = frozenset({
    "more", "less", "longer", "shorter", "two", "one", "idea", "need", "problem", "problems", "matter",
    "way", "other", "such", "same", "than", "change", "changes", "thanks", "row", "rows", "line", "ones",
    "that", "which", "who", "it", "them", "this", "those", "better", "worse", "too", "very", "not", "all",
    "every", "each", "is", "are", "be", "so", "if", "when", "because", "please", "but", "about", "like",
    "duplicates", "repeats", "duplicate",
})  # fmt: skip
_VAGUE = frozenset({
    "something", "anything", "better", "another", "else", "more", "it", "them", "this", "that", "row",
    "rows", "one", "ones",
})  # fmt: skip
_LONGEST_KEYWORD, _LONGEST_SWAP = 3, 6
_ARTICLES = frozenset({"a", "an", "the", "any", "some"})


def written(words: Tokens, vocabulary: Vocabulary, rows: Selection) -> Append | Join | Swap | None:
    """The request to add to free texts or to replace words in them, which these words are."""
    return (
        _appended(words, vocabulary, rows)
        or _joined(words, vocabulary, rows)
        or _swapped(words, vocabulary, rows)
    )


def unwanted(words: Tokens, vocabulary: Vocabulary, rows: Selection) -> Join | None:
    """No text in the images: it goes to what is there in the column for what should not be."""
    if NEGATIVE not in vocabulary.columns or any(token.quoted for token in words[:1]):
        return None
    rest = _after(words, _NOT_WANTED)
    bound = _without_images(rest)
    if not rest:
        rest = _after(words, _REMOVE)
        bound = _without_images(rest)
        if len(bound) == len(rest):  # “remove the dog” may mean its row
            return None
    found = _keyword_list(bound)
    return Join(rows, NEGATIVE, found) if found else None


def named(words: Tokens, vocabulary: Vocabulary) -> Column | None:
    """The column that the words name, articles and “all” apart."""
    bare = [
        token.word for token in words if token.word not in ("the", "all", "any", "every", "of", "a", "column")
    ]
    return vocabulary.column(bare) if bare and not any(token.quoted for token in words) else None


def _appended(words: Tokens, vocabulary: Vocabulary, rows: Selection) -> Append | Join | None:
    """Add “white border” to the end of the prompts: what is quoted goes in as it is written."""
    if words[0].word not in ("add", "append", "prepend", "put") or len(words) < 3 or not words[1].quoted:
        return None
    rest = [
        token.word
        for token in words[2:]
        if token.word not in ("to", "the", "of", "all", "at", "in", "on", "after")
    ]
    front = words[0].word == "prepend" or any(
        word in ("start", "beginning", "front", "before") for word in rest
    )
    names = [
        word for word in rest if word not in ("start", "beginning", "front", "end", "before", "each", "every")
    ]
    column = vocabulary.column(names) if names else None
    if column is None or column.editor != "text" or not words[1].text.strip():
        return None
    if not column.required:
        return Join(rows, column.name, _keywords(words[1].text))
    return Append(rows, column.name, words[1].text, front)


def _keywords(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _joined(words: Tokens, vocabulary: Vocabulary, rows: Selection) -> Join | None:
    """Add text and watermark to the negative prompt."""
    if words[0].word not in ("add", "append", "put", "include"):
        return None
    for place in range(2, len(words) - 1):
        if words[place].word in ("to", "in", "into"):
            column = named(words[place + 1 :], vocabulary)
            found = _keyword_list(words[1:place])
            if column and column.editor == "text" and not column.required and found:
                return Join(rows, column.name, found)
    return None


def _swapped(words: Tokens, vocabulary: Vocabulary, rows: Selection) -> Swap | None:
    """Replace fox with wolf, in the prompts if no other column is named."""
    if words[0].word not in ("replace", "swap", "exchange"):
        return None
    places = [
        place for place, token in enumerate(words) if token.word in ("with", "by", "for") and not token.quoted
    ]
    for place in places:
        old, rest = words[1:place], words[place + 1 :]
        column, rest = _in_column(rest, vocabulary)
        if column and column.editor == "text":
            return _swap(old, rest, column.name, rows)
    return None


def _in_column(words: Tokens, vocabulary: Vocabulary) -> tuple[Column | None, Tokens]:
    """The column that a swap ends with, “in the prompts”; the prompt where none is named."""
    for place in range(len(words) - 1, 0, -1):
        if words[place].word in ("in", "of") and (column := named(words[place + 1 :], vocabulary)):
            return column, words[:place]
    return vocabulary.columns[PROMPT], words


def _swap(old: Tokens, new: Tokens, column: str, rows: Selection) -> Swap | None:
    article = bool(old and old[0].word in _ARTICLES and not old[0].quoted and len(old) > 1)
    if article:
        old = old[1:]
        new = new[1:] if len(new) > 1 and new[0].word in _ARTICLES else new
    if not (0 < len(old) <= _LONGEST_SWAP and 0 < len(new) <= _LONGEST_SWAP):
        return None
    loose = {token.word for token in (*old, *new) if not token.quoted}
    if loose & _VAGUE or any(not token.quoted and not token.text[0].isalnum() for token in (*old, *new)):
        return None
    return Swap(rows, column, " ".join(token.text for token in old), " ".join(token.text for token in new))


def _after(words: Tokens, starts: tuple[str, ...]) -> Tokens:
    said = [token.word for token in words]
    for start in sorted(starts, key=len, reverse=True):
        begun = start.split()
        if said[: len(begun)] == begun:
            return words[len(begun) :]
    return ()


def _without_images(words: Tokens) -> Tokens:
    found = _IMAGES.search(" ".join(token.word for token in words))
    return words[: -len(found[0].split())] if found else words


def _keyword_list(words: Tokens) -> tuple[str, ...]:
    """Keywords joined by commas, “and”, “or”; none where these words are no list of things."""
    found: list[list[Token]] = [[]]
    for token in words:
        if token.word in (",", "or", "and", "nor", "no") and not token.quoted:
            found.append([])
        elif found[-1] or token.quoted or token.word not in _ARTICLES:
            found[-1].append(token)
    listed = [item for item in found if item]
    if not all(map(_keyword, listed)):
        return ()
    return tuple(" ".join(token.text for token in item) for item in listed)


def _keyword(item: list[Token]) -> bool:
    return len(item) <= _LONGEST_KEYWORD and all(
        token.quoted or (token.text[0].isalpha() and token.word not in _NOT_KEYWORDS) for token in item
    )

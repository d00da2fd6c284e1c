"""Which rows a phrase names: “rows 3, 5 and 9”, “the last 5”, “the ones with dogs”, “all except row 7”."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.drafting.conditions import condition, described
from assistant.drafting.selections import Both as BothOf
from assistant.drafting.selections import Ends, Every, Minus, Numbers, Selection, Steps, Union
from assistant.drafting.tokens import ORDINALS, Token, Tokens, number
from assistant.drafting.vocabulary import Vocabulary

ROWS = frozenset({"row", "rows", "line", "lines"})
NOUNS = ROWS | {"one", "ones", "prompt", "prompts", "entry", "entries"}

_EVERY = frozenset({
    "all", "everything", "everywhere", "each", "every one", "each one", "all of them", "them all",
    "all of these", "these all", "all of it", "the whole sheet", "whole sheet", "the entire sheet",
    "every row", "each row", "all rows", "all the rows", "all of the rows", "all prompts",
    "all the prompts", "every prompt", "each prompt", "per row", "per prompt", "a row", "every single row",
    "every single one",
})  # fmt: skip
_IMAGES = frozenset({
    "all images", "all the images", "all of the images", "every image", "each image", "per image",
    "all pictures", "all the pictures", "every picture", "each picture", "the images", "the pictures",
})  # fmt: skip
_EXCEPT = (("except", "for"), ("except",), ("but", "not"), ("other", "than"), ("apart", "from"), ("but",))
_AND = frozenset({",", "and", "or", "&", "plus", ";"})
_TO = frozenset({"-", "to", "through", "thru", "till", "until"})
_ON = frozenset({"on", "onwards", "onward", "upwards", "up", "+", "later", "below", "beyond", "following"})
_SKIPPED = ROWS | {"#", "number", "numbers", "no", "the", "from"}
_ENDS = {"first": False, "top": False, "last": True, "final": True, "bottom": True}
_FIRST_ROW = 2
LONGEST = 40
"""Tokens of a phrase; a longer one names rows in no way that is understood here."""


def selection(tokens: Tokens, vocabulary: Vocabulary, *, images: bool = False) -> Selection | None:
    """The rows that these tokens, all of them, name; None where they name none.

    With `images` “all images” are all rows, which they are not where rows are to be deleted.
    """
    if not 0 < len(tokens) <= LONGEST:
        return None
    if images and _said(tokens) in _IMAGES:
        return Every()
    return _selection(tuple(tokens), vocabulary)


@lru_cache(maxsize=4096)
def _selection(tokens: tuple[Token, ...], vocabulary: Vocabulary) -> Selection | None:
    return _excepted(tokens, vocabulary) or _union(tokens, vocabulary)


def _said(tokens: Tokens) -> str:
    return " ".join(token.word for token in tokens)


def _excepted(tokens: Tokens, vocabulary: Vocabulary) -> Selection | None:
    place, less = exception(tokens, vocabulary)
    whole = _union(tokens[:place], vocabulary) if less else None
    return Minus(whole, less) if whole and less else None


def exception(tokens: Tokens, vocabulary: Vocabulary) -> tuple[int, Selection | None]:
    """The rows that the tokens end by leaving out, and the place where that begins: … except row 7."""
    words = [token.word for token in tokens]
    for mark in _EXCEPT:
        for place in range(1, len(words) - len(mark)):
            if tuple(words[place : place + len(mark)]) == mark:
                rest = tokens[place + len(mark) :]
                less = _union(rest, vocabulary) or numbered(rest)
                if less:
                    return place, less
    return 0, None


def _union(tokens: Tokens, vocabulary: Vocabulary) -> Selection | None:
    """One phrase, or several joined by “and”; a row in any of them is meant."""
    whole = _one(tokens, vocabulary)
    if whole:
        return whole
    for place, token in enumerate(tokens):
        if token.word in _AND and (left := _one(tokens[:place], vocabulary)):
            start = place + 1
            while start < len(tokens) and tokens[start].word in _AND:
                start += 1
            right = _union(tokens[start:], vocabulary)
            if right:
                return Union((left, *(right.parts if isinstance(right, Union) else (right,))))
    return None


def _one(tokens: Tokens, vocabulary: Vocabulary) -> Selection | None:
    if not tokens:
        return None
    if _said(tokens) in _EVERY:
        return Every()
    return (
        _rows(tokens)
        or _ends(tokens)
        or _every_nth(tokens)
        or described(tokens, vocabulary)
        or _among(tokens, vocabulary)
    )


def _rows(tokens: Tokens) -> Numbers | None:
    """Row numbers, after the word “rows”."""
    words = [token.word for token in tokens]
    if words[0] == "between":
        return _between(tokens)
    start = next(
        (place for place, word in enumerate(words) if word not in ("the", "from", "only", "just")), 0
    )
    if words[start : start + 1] and words[start] in ROWS:
        return numbered(tokens[start:])
    return None


def _between(tokens: Tokens) -> Numbers | None:
    """Between row 5 and row 9, both of them too."""
    found = [number(token) for token in tokens[1:] if token.word not in ROWS | {"and"}]
    if len(found) != 2 or None in found:
        return None
    low, high = sorted(value for value in found if value is not None)
    return Numbers(((low, high),))


def numbered(tokens: Tokens) -> Numbers | None:
    """Numbers and ranges up to the end: 3, 5-9 and 12; 10 onwards."""
    runs: list[tuple[int, int | None]] = []
    place, joined = 0, True
    while place < len(tokens):
        word = tokens[place].word
        if word in _AND and runs and not joined:
            joined, place = True, place + 1
        elif joined and (word in _SKIPPED or (word in _AND and runs)):
            place += 1
        elif joined and (first := number(tokens[place])) is not None:
            last, place = _run(tokens, place + 1, first)
            runs.append((first, last) if last is None or last >= first else (last, first))
            joined = False
        elif runs and joined and word in _ON and place == len(tokens) - 1:
            runs[-1], joined, place = (runs[-1][0], None), False, place + 1
        else:
            return None
    return Numbers(tuple(runs)) if runs and not joined else None


def _run(tokens: Tokens, place: int, first: int) -> tuple[int | None, int]:
    """Where a run that begins with `first` ends, and the place after it."""
    rest = [token.word for token in tokens[place : place + 1]]
    if rest and rest[0] in _ON - {"up"}:
        return None, place + 1
    if rest and rest[0] in _TO:
        following = place + 1
        while following < len(tokens) and tokens[following].word in ROWS:
            following += 1
        end = number(tokens[following]) if following < len(tokens) else None
        if end is not None:
            return end, following + 1
    return first, place


def _ends(tokens: Tokens) -> Ends | None:
    """The last 5, the first row."""
    words = [token.word for token in tokens]
    rest = tokens[1:] if words[0] in ("the", "only", "just") else tokens
    if not rest or rest[0].word not in _ENDS:
        return None
    last, rest = _ENDS[rest[0].word], rest[1:]
    count = number(rest[0]) if rest else None
    if count is not None:
        rest = rest[1:]
    elif not rest:
        return None
    if len(rest) > 1 or (rest and rest[0].word not in NOUNS) or count == 0:
        return None
    return Ends(count or 1, last)


def _every_nth(tokens: Tokens) -> Steps | None:
    """Odd rows, every third row: the third, the sixth, … from the sheet's first row."""
    words = [token.word for token in tokens if token.word not in ("the", "numbered", "all")]
    if len(words) == 2 and words[0] in ("odd", "even") and words[1] in NOUNS:
        return Steps(2, 1 if words[0] == "odd" else 0, f"the {words[0]} rows")
    if len(words) == 3 and words[0] == "every" and words[2] in NOUNS:
        step = ORDINALS.get(words[1]) or _th(tokens[1])
        if step:
            return Steps(step, (_FIRST_ROW - 1) % step, f"every {words[1]} row")
    return None


def _th(token: Token) -> int | None:
    """2nd, 3rd, 10th."""
    figures = token.word[:-2]
    return (
        int(figures)
        if token.word[-2:] in ("nd", "rd", "th") and figures.isdecimal() and figures != "0"
        else None
    )


def _among(tokens: Sequence[Token], vocabulary: Vocabulary) -> Selection | None:
    """Numbered rows that something is said of: rows 5–9 without a palette."""
    if not any(token.word in ROWS for token in tokens[:3]):
        return None
    for place in range(len(tokens) - 1, 1, -1):
        numbers = _rows(tokens[:place]) or _ends(tokens[:place])
        said = condition(tokens[place:], vocabulary) if numbers else None
        if numbers and said:
            return BothOf(numbers, said)
    return None

"""Requests about rows as a whole: delete, keep, duplicate, expand, release, rephrase, count."""

from __future__ import annotations

import re

from assistant.chat.requests import (
    Copy,
    Count,
    Delete,
    Expand,
    Help,
    Release,
    Repeats,
    Request,
    Reword,
    Undo,
)
from assistant.drafting.rowsets import selection
from assistant.drafting.selections import Every, Selection
from assistant.drafting.tokens import Token, Tokens, number, tokens
from assistant.drafting.vocabulary import Vocabulary

_DELETE = (
    "delete", "remove", "drop", "discard", "erase", "get rid of", "throw out", "throw away", "take out",
    "cut",
)  # fmt: skip
_KEEP = ("keep only", "only keep", "keep just", "just keep", "leave only")
_COPY = ("duplicate", "copy", "clone", "repeat")
_EXPAND = ("expand", "unfold", "write out", "multiply out")
_RELEASE = ("release", "unlock", "free", "let go of")
_REPHRASE = ("rephrase", "reword", "rewrite", "re write", "paraphrase")
_REGENERATE = ("regenerate", "redo", "reroll", "re generate", "re roll", "try again", "retry")
_UNDO = re.compile(r"(undo|take)( (that|it|this|the last( change| proposal)?|my last change))?( back)?")
_HELP = re.compile(r"help|what can (you|i) (do|say|ask)( here)?|how does this work|examples")
_REPEATS = re.compile(
    r"(?:the |all |all the |any )?(?:near )?(?:duplicates|duplicate (?:rows|prompts|ones)|doubles|repeats|"
    r"repeated (?:rows|prompts|ones)|repetitions|near duplicate rows)(?: (?:rows|prompts))?"
)
_VARIANTS = re.compile(r"(?:all |the |all the )?(?:variants|braces|alternatives|options)(?: (?:of|in|for) )?")
_AGAIN = re.compile(
    r"(?:(?:write |make |give me |try )?(?:a |an )?(?:new|another|different|fresh) "
    r"(prompt|row|version|one|wording) for )"
)
_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_MOST = 100_000


def read(words: Tokens, vocabulary: Vocabulary) -> Request | None:
    """The request that these words, all of them, are; None where they are none of these."""
    said = " ".join(token.word for token in words)
    if _UNDO.fullmatch(said) and (said.startswith("undo") or said.endswith("back")):
        return Undo()
    if _HELP.fullmatch(said.rstrip(" ?")):
        return Help()
    return (
        _delete(words, vocabulary)
        or _copy(words, vocabulary)
        or _expand(words, vocabulary)
        or _release(words, vocabulary)
        or _reword(words, vocabulary)
        or count(words, vocabulary)
    )


def _after(words: Tokens, verbs: tuple[str, ...]) -> Tokens:
    """What follows a verb at the beginning; nothing where none of them stands there."""
    said = [token.word for token in words]
    for verb in sorted(verbs, key=len, reverse=True):
        begun = verb.split()
        if said[: len(begun)] == begun:
            return words[len(begun) :]
    return ()


def _rows(words: Tokens, vocabulary: Vocabulary) -> Selection | None:
    return selection(words, vocabulary) if words else None


def _said(words: Tokens) -> str:
    return " ".join(token.word for token in words)


def _delete(words: Tokens, vocabulary: Vocabulary) -> Request | None:
    kept = _rows(_after(words, _KEEP), vocabulary)
    if kept:
        return Delete(kept, keep=True)
    rest = _after(words, _DELETE)
    if _REPEATS.fullmatch(_said(rest)) or _REPEATS.fullmatch(_said(_after(words, ("no", "avoid")))):
        return Repeats()
    if _said(rest) in ("all", "each", "a row"):
        return None
    found = _rows(rest, vocabulary)
    return Delete(found) if found else None


def _copy(words: Tokens, vocabulary: Vocabulary) -> Request | None:
    """Duplicate row 7 three times; 3 copies of row 7."""
    copies = re.fullmatch(r"(?:make |add |create )?(\w+) (?:copy|copies|duplicates?) of (.+)", _said(words))
    if copies:
        count = number(Token(copies[1], copies[1], 0, 0)) if copies[1] not in ("a", "another") else 1
        found = _rows(words[-len(tokens(copies[2])) :], vocabulary)
        return Copy(found, count) if found and count and count < _MOST else None
    rest = _after(words, _COPY)
    times, rest = _times(rest)
    found = _rows(rest, vocabulary)
    return Copy(found, times) if found and 0 < times < _MOST else None


def _times(words: Tokens) -> tuple[int, Tokens]:
    """How often, said at the end: twice, three times."""
    if words and words[-1].word in _TIMES:
        return _TIMES[words[-1].word], words[:-1]
    if len(words) > 2 and words[-1].word in ("time", "times") and (count := number(words[-2])) is not None:
        return count, words[:-2]
    return 1, words


def _expand(words: Tokens, vocabulary: Vocabulary) -> Request | None:
    rest = _after(words, _EXPAND)
    if not rest:
        return None
    variants = _VARIANTS.match(_said(rest))
    if variants:
        rest = rest[len(variants[0].split()) :]
        if not rest:
            return Expand(Every())
    found = _rows(rest, vocabulary)
    return Expand(found) if found else None


def _release(words: Tokens, vocabulary: Vocabulary) -> Request | None:
    """Release row 8; unlock the prompt of row 8; release row 8's style; release all locks."""
    rest = _after(words, _RELEASE)
    if _said(rest) in ("locks", "the locks", "all locks", "all the locks", "all"):
        return Release(Every())
    whole = _rows(rest, vocabulary)
    if whole:
        return Release(whole)
    for place in range(1, len(rest)):
        for rows, named in ((rest[place:], rest[:place]), (rest[:place], rest[place:])):
            names = [
                token.word for token in named if token.word not in ("the", "of", "in", "on", "lock", "locks")
            ]
            found, column = _rows(rows, vocabulary), vocabulary.column(names) if names else None
            if found and (column or not names):
                return Release(found, column.name if column else None)
    return None


def _reword(words: Tokens, vocabulary: Vocabulary) -> Request | None:
    """Rephrase row 7 (its prompt); regenerate row 7 (all that the model chooses); row 7 again."""
    said = _said(words)
    another = _AGAIN.match(said)
    if another:
        found = _rows(words[len(another[0].split()) :], vocabulary)
        return Reword(found, another[1] == "row") if found else None
    if words[-1].word == "again":
        body = _after(words, ("try", "write", "do", "make")) or words
        found = _rows(body[:-1], vocabulary)
        return Reword(found, whole=True) if found else None
    for verbs, whole in ((_REPHRASE, False), (_REGENERATE, True)):
        rest = _after(words, verbs)
        only = _of_prompt(rest)
        found = _rows(only or rest, vocabulary)
        if found:
            return Reword(found, whole and not only)
    return None


def _of_prompt(words: Tokens) -> Tokens:
    """The rows in “the prompt of row 7” and “row 7's prompt”; nothing where the prompt is not named."""
    match = re.match(r"(?:only |just )?(?:the )?prompts? (?:of|in|for) ", _said(words) + " ")
    if match:
        return words[len(match[0].split()) :]
    return words[:-1] if len(words) > 2 and words[-1].word in ("prompt", "prompts") else ()


def count(words: Tokens, vocabulary: Vocabulary) -> Request | None:
    """How many rows are about foxes; which rows are private; how many images."""
    words = words[:-1] if words[-1].word == "?" else words
    counted = _after(words, ("how many", "count", "count the", "what is the number of"))
    listed = _after(
        words, ("which", "what", "list", "list the", "show", "show me", "show me the", "find", "find the")
    )
    rest = counted or listed
    if not rest:
        return None
    if counted and rest[0].word in ("image", "images", "pictures", "picture"):
        return _images(rest[1:], vocabulary)
    rest = _inverted(rest, counted=bool(counted))
    found = (
        Every()
        if _said(rest) in ("row", "rows", "prompt", "prompts") and counted
        else _rows(rest, vocabulary)
    )
    if isinstance(found, Every) and not counted:
        return None
    return Count(found, listed=not counted) if found else None


def _inverted(words: Tokens, *, counted: bool) -> Tokens:
    """A question as the phrase that it is about: “rows are there” is rows, “are private” is rows that are."""
    said = _said(words)
    tail = re.search(
        r" (?:are there|are in (?:it|the sheet|this sheet)|do (?:i|we) have|in total|in the sheet|"
        r"does (?:the|this) sheet have)$",
        said,
    )
    if tail:
        words = words[: -len(tail[0].split())]
    first = words[0].word if words else ""
    if counted and first in ("are", "have", "has", "mention", "contain", "use", "of"):
        words = words[3:] if [token.word for token in words[:3]] == ["of", "the", "rows"] else words
        words = words[2:] if [token.word for token in words[:2]] == ["of", "them"] else words
        return (Token("rows", "rows", 0, 0), *words)
    return words


def _images(words: Tokens, vocabulary: Vocabulary) -> Request | None:
    said = _said(words)
    asked = re.match(
        r"(?:(?:are there|are that|is that|will there be|will it make|does it make|do (?:i|we) (?:get|have)|"
        r"will (?:i|we) get|does (?:the|this) sheet (?:have|make)|are (?:asked for|made|wanted)|do they make|"
        r"in total|altogether)\s?)*(?:(?:for|in|of|from|by) )?",
        said,
    )
    assert asked
    rest = words[len(asked[0].split()) :]
    if not rest or _said(rest) in ("the sheet", "this sheet", "it", "total"):
        return Count(Every(), images=True)
    found = _rows(rest, vocabulary)
    return Count(found, images=True) if found else None

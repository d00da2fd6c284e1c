"""What a person asks of a sheet in English, where it needs no model: understood wholly, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.chat.requests import Append, Join, Request, Set, Swap
from assistant.drafting import asks, settings_said
from assistant.drafting.rowsets import LONGEST, ROWS, exception, numbered, selection
from assistant.drafting.selections import Every, Minus, Selection
from assistant.drafting.tokens import Tokens, tokens
from assistant.drafting.vocabulary import Vocabulary, of
from schema.columns import Columns, load

MOST_CLAUSES = 8
MOST_WORDS = 48
"""Words and marks of a request; who writes more than that tells a story, which is a model's to read."""
_QUESTIONS = frozenset({
    "is", "are", "do", "does", "did", "was", "were", "why", "what", "who", "when", "where", "how", "which",
    "am",
})  # fmt: skip
_WOULD_YOU = re.compile(r"(?:\s|please\b|,)*(?:can|could|would|will)\s+you\b", re.IGNORECASE)
_BETWEEN = frozenset({",", ";", ".", "and", "then", "also", "!", "but"})
_POLITE = re.compile(
    r"^(?:\s|,|please\b|hi\b|hello\b|ok\b|okay\b|now\b|then\b|also\b|and\b|"
    r"(?:can|could|would|will)\s+you\b|(?:i|we)(?:\s+would|\s*['’]d)\s+like(?:\s+you)?(?:\s+to)?\b|"
    r"(?:i|we)\s+(?:want|need)(?:\s+you)?(?:\s+to)?\b|let(?:\s*us|['’]s)\b)+|"
    r"(?:\s|[.!,]|please\b|thanks\b|thank\s+you\b)+$",
    re.IGNORECASE,
)
_STOPS = frozenset({".", ";", "!"})
_BEFORE_ROWS = frozenset(
    {"for", "in", "on", "of", "at", "to", "from", "with", "about", "across", "over", "throughout", ":"}
)


def understand(text: str, columns: Columns | None = None) -> tuple[Request, ...]:
    """The requests in a text, in its order; none where any part of it is not understood.

    Nothing is guessed: every word has to fit. Raises Unclear where it is clear what is meant and that it
    cannot be, with the sentence that says so.
    """
    vocabulary = of(columns or load())
    asked = _POLITE.sub("", text).strip()
    if _WOULD_YOU.match(text):
        asked = asked.rstrip("? ")
    words = tuple(tokens(asked)[: MOST_WORDS + 1])
    if not 0 < len(words) <= MOST_WORDS:
        return ()
    if words[0].word in _QUESTIONS:
        counted = asks.count(words, vocabulary)
        return (counted,) if counted else ()
    found = _clauses(words, asked, vocabulary)
    return tuple(_in_all(found)) if found else ()


@dataclass(frozen=True, slots=True)
class _Clause:
    """A request as one clause has it.

    given     the clause names its rows, or the request needs none
    trailing  it names them at its end, so that they may be meant for what was said before, too
    opens     it begins a sentence
    """

    request: Request
    given: bool = True
    trailing: bool = False
    opens: bool = True


def _clauses(words: Tokens, text: str, vocabulary: Vocabulary) -> list[_Clause] | None:
    """The whole as one clause after another, as many as there can be: “all private and 16:9” is two."""
    known: dict[tuple[int, bool], list[_Clause] | None] = {}

    def rest(start: int, after: bool, most: int) -> list[_Clause] | None:
        key = (start, after)
        if key not in known:
            known[key] = None if most == 0 else from_(start, after, most)
        return known[key]

    def from_(start: int, after: bool, most: int) -> list[_Clause] | None:
        opens = start == 0
        while start < len(words) and words[start].word in _BETWEEN:
            opens, start = opens or words[start].word in _STOPS, start + 1
        for end in [*_ends(words, start), len(words)]:
            found = _clause(words[start:end], text if end == len(words) else None, vocabulary, after=after)
            if found is None:
                continue
            settles = isinstance(found.request, Set)  # a lone value may follow: “all private and 16:9”
            following = [] if end == len(words) else rest(end, settles, most - 1)
            if following is not None:
                return [replace(found, opens=opens), *following]
        return None

    return rest(0, False, MOST_CLAUSES)


def _ends(words: Tokens, start: int) -> Iterator[int]:
    """Where a clause that begins here may end."""
    for place in range(start + 1, len(words) - 1):
        if words[place].word in _BETWEEN and not words[place].quoted:
            yield place


def _clause(words: Tokens, text: str | None, vocabulary: Vocabulary, *, after: bool) -> _Clause | None:
    """One clause. `text` is the whole request where the clause is its last: a text may go on to the end."""
    if not 0 < len(words) <= LONGEST:
        return None
    whole = asks.read(words, vocabulary)
    if whole:
        return _Clause(whole)
    for start, end, rows in _phrases(words, vocabulary):
        rest = (*words[: _with_preposition(words, start)], *words[end:])
        found = settings_said.read(rest, vocabulary, rows=rows, text=text, lone=True)
        if found:
            return _Clause(found, trailing=end == len(words))
    loose = settings_said.read(words, vocabulary, rows=Every(), text=text, lone=after)
    return _Clause(loose, given=False) if loose else _excepting(words, vocabulary, after=after)


def _excepting(words: Tokens, vocabulary: Vocabulary, *, after: bool) -> _Clause | None:
    """A clause that ends by leaving out rows: “all private except row 7”."""
    place, less = exception(words, vocabulary)
    clause = _clause(words[:place], None, vocabulary, after=after) if less else None
    if clause is None or less is None or not isinstance(clause.request, Set | Join | Append | Swap):
        return None
    return _Clause(replace(clause.request, rows=Minus(clause.request.rows, less)))


def _phrases(words: Tokens, vocabulary: Vocabulary) -> Iterator[tuple[int, int, Selection]]:
    """The phrases that name rows, the longest first: where each begins and ends, and the rows."""
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            if words[start].quoted:
                continue
            found = selection(words[start : start + length], vocabulary, images=True)
            if found:
                yield start, start + length, found


def _with_preposition(words: Tokens, start: int) -> int:
    """The phrase's beginning, with the “for” or “in” before it."""
    return start - 1 if start and words[start - 1].word in _BEFORE_ROWS else start


def _in_all(found: Sequence[_Clause]) -> Iterator[Request]:
    """The requests; one that names no rows has those of its neighbours in the sentence, else all."""
    for place, clause in enumerate(found):
        request = clause.request
        if not clause.given and isinstance(request, Set | Join | Append | Swap):
            request = replace(request, rows=_before(found, place) or _after(found, place) or Every())
        yield request


def _before(found: Sequence[_Clause], place: int) -> Selection | None:
    """The rows that were named last in the sentence: “rows 5–9 private and 16:9”."""
    while not found[place].opens:
        place -= 1
        if found[place].given:
            return _rows(found[place])
    return None


def _after(found: Sequence[_Clause], place: int) -> Selection | None:
    """The rows that the sentence names later, at a clause's end: “style design, model 2.0 for rows 5–9”."""
    for clause in found[place + 1 :]:
        if clause.opens or clause.given:
            return _rows(clause) if clause.trailing and not clause.opens else None
    return None


def _rows(clause: _Clause) -> Selection | None:
    return clause.request.rows if isinstance(clause.request, Set | Join | Append | Swap) else None


def named_in(text: str) -> frozenset[int]:
    """The row numbers that a text says one by one, whatever else it asks: their locks give way."""
    words = tokens(text)[: MOST_WORDS * 4]
    found: set[int] = set()
    for start, token in enumerate(words):
        if token.word in ROWS and not token.quoted:
            for end in range(min(len(words), start + LONGEST), start + 1, -1):
                numbers = numbered(words[start:end])
                if numbers:
                    found |= numbers.named
                    break
    return frozenset(found)

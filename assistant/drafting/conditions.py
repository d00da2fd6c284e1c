"""What is said of the rows that are meant: “with dogs”, “without a palette”, “that are private”."""

from __future__ import annotations

from assistant.drafting.selections import Faulty, Holding, Locked, Saying, Selection
from assistant.drafting.tokens import Token, Tokens
from assistant.drafting.vocabulary import Vocabulary

Said = Selection
_NOUNS = frozenset({"row", "rows", "line", "lines", "one", "ones", "prompt", "prompts", "entry", "entries"})
_HEADS = _NOUNS | {"those", "everything", "anything", "all", "any", "images", "pictures"}
_BEFORE = frozenset({"all", "any", "every", "each", "only", "just", "of", "the", "those", "these"})
_ARTICLES = frozenset({"a", "an", "the", "any", "some", "its", "their", "own"})
_THAT = frozenset({"that", "which", "who"})
_HAVE = (
    "with", "have", "has", "having", "contain", "contains", "containing", "mention", "mentions",
    "mentioning", "say", "says", "saying", "include", "includes", "including", "show", "shows", "showing",
    "feature", "features", "featuring", "are about", "is about", "about", "depict", "depicting",
    "where the prompt has", "whose prompt has", "whose prompts have", "whose prompt contains",
    "whose prompt mentions", "where the prompt mentions",
)  # fmt: skip
_LACK = (
    "without", "with no", "have no", "has no", "having no", "lack", "lacks", "lacking", "missing",
    "not mentioning", "not about", "are not about", "do not have", "does not have", "don't have",
    "do not mention", "don't mention", "do not contain", "don't contain", "not containing", "not with",
    "whose prompt lacks", "whose prompt does not have",
)  # fmt: skip
_ARE = ("are", "is", "in", "set to", "using", "use", "uses", "are set to", "are in")
_ARE_NOT = ("are not", "is not", "aren't", "not in", "not using", "don't use", "not")
_WHERE = ("where", "whose")
_DANGLING = frozenset({
    "to", "in", "as", "of", "for", "with", "on", "at", "be", "into", "should", "get", "have", "are", "is",
    "and", "or", "the", "a", "an",
})  # fmt: skip
"""What no phrase ends with: the words after it are meant otherwise."""
_PROBLEMS = frozenset({"error", "errors", "problem", "problems", "mistake", "mistakes"})
_LOCKED = frozenset({"locked", "edited"})
_FAULTY = frozenset({"faulty", "broken", "wrong", "invalid"})
_EXACT = (":", ".")
"""What a value has that no word of a prompt would: 16:9 and 3.0 need no name of their column."""
MOST_WORDS = 8


def described(tokens: Tokens, vocabulary: Vocabulary) -> Said | None:
    """Rows by what is said of them, before or after the noun: the private ones, rows with dogs."""
    start = 0
    while start < len(tokens) - 1 and tokens[start].word in _BEFORE:
        start += 1
    rest = tokens[start:]
    if rest[0].word in _HEADS:
        return condition(rest[1:], vocabulary)
    if start and tokens[start - 1].word in _HEADS:  # all with dogs
        return condition(rest, vocabulary)
    return _before_noun(rest, vocabulary)


def _before_noun(tokens: Tokens, vocabulary: Vocabulary) -> Said | None:
    """The locked rows, the 16:9 ones, model 3.0 rows."""
    if len(tokens) < 2 or tokens[-1].word not in _NOUNS:
        return None
    return _state(tokens[:-1]) or _value(tokens[:-1], vocabulary)


def condition(tokens: Tokens, vocabulary: Vocabulary) -> Said | None:
    """What all these tokens say of rows; None where it is not understood."""
    if tokens and tokens[0].word in _THAT:
        tokens = tokens[1:]
    lacked = _after(tokens, _LACK)
    if lacked:
        return _topic(lacked, vocabulary, negated=True)
    had = _after(tokens, _HAVE)
    if had:
        return _topic(had, vocabulary, negated=False)
    return _being(tokens, vocabulary)


def _being(tokens: Tokens, vocabulary: Vocabulary) -> Said | None:
    is_not = _after(tokens, _ARE_NOT)
    if is_not:
        found = _state(is_not) or _value(is_not, vocabulary)
        return Holding(found.column, found.value, negated=True) if isinstance(found, Holding) else None
    is_so = _after(tokens, _ARE)
    if is_so:
        return _state(is_so) or _value(is_so, vocabulary)
    where = _after(tokens, _WHERE)
    if where:
        negated = any(token.word == "not" for token in where)
        rest = [token for token in where if token.word not in ("the", "is", "are", "=", ":", "not")]
        value = _value(rest, vocabulary)
        return Holding(value.column, value.value, negated) if value else None
    return None


def _after(tokens: Tokens, starts: tuple[str, ...]) -> Tokens:
    """What follows the longest of the starts that the tokens begin with; nothing where there is none."""
    words = [token.word for token in tokens]
    for start in sorted(starts, key=len, reverse=True):
        begun = start.split()
        if words[: len(begun)] == begun:
            return tokens[len(begun) :]
    return ()


def _state(tokens: Tokens) -> Said | None:
    if len(tokens) != 1:
        return None
    word = tokens[0].word
    return Locked() if word in _LOCKED else Faulty() if word in _FAULTY else None


def _topic(tokens: Tokens, vocabulary: Vocabulary, *, negated: bool) -> Said | None:
    """What rows have or lack: a cell of a column, a value of one, problems, or words in the prompt."""
    bare = [token for token in tokens if token.word not in _ARTICLES or token.quoted]
    words = [token.word for token in bare]
    if len(words) == 1 and words[0] in _PROBLEMS and not bare[0].quoted:
        return None if negated else Faulty()
    if bare and not any(token.quoted for token in bare):
        column = vocabulary.column(words)
        if column:
            return Holding(column.name, None, negated)
        value = _value(bare, vocabulary, exact=True)
        if value:
            return Holding(value.column, value.value, negated)
    return _words(tokens, negated=negated)


def _value(tokens: Tokens, vocabulary: Vocabulary, *, exact: bool = False) -> Holding | None:
    """A value with its column before or after it, or one that only one column takes.

    With `exact` such a lone value has to be one that could be no word of a prompt.
    """
    words = [token.text for token in tokens]
    for place in range(len(words) - 1, 0, -1):
        for named, said in ((words[:place], words[place:]), (words[place:], words[:place])):
            column = vocabulary.column([word.casefold() for word in named])
            value = vocabulary.value(column, " ".join(said)) if column and column.editor != "text" else None
            if column and value:
                return Holding(column.name, value)
    lone = vocabulary.alone(" ".join(words)) if words else None
    if lone and (not exact or any(mark in lone[1] for mark in _EXACT)):
        return Holding(lone[0].name, lone[1])
    return None


def _words(tokens: Tokens, *, negated: bool) -> Saying | None:
    """Words of a prompt, one or several phrases: dogs; cats or birds; a red scarf and snow."""
    phrases: list[list[Token]] = [[]]
    joins: set[str] = set()
    for token in tokens:
        if token.word in (",", "or", "and") and not token.quoted:
            joins.add(token.word)
            phrases.append([])
        else:
            phrases[-1].append(token)
    told = [_phrase(phrase) for phrase in phrases if phrase]
    if not told or None in told or len(told) < len(phrases) - ("," in joins):
        return None
    return Saying(tuple(filter(None, told)), together=joins == {"and"}, negated=negated)


def _phrase(tokens: Tokens) -> str | None:
    while tokens and tokens[0].word in _ARTICLES and not tokens[0].quoted:
        tokens = tokens[1:]
    if tokens and tokens[-1].word in _DANGLING and not tokens[-1].quoted:
        return None
    good = all(token.quoted or any(letter.isalnum() for letter in token.text) for token in tokens)
    return " ".join(token.text for token in tokens) if good and 0 < len(tokens) <= MOST_WORDS else None

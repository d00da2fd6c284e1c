"""What a goal or a context forbids: “no text”, “without people”, “kein Text”, “pas de texte” as keywords."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from assistant.drafting.lexicon import lexicon
from assistant.drafting.segments import kind_of, quoted, unquoted
from assistant.drafting.words import stem, words

_NO = re.compile(
    r"\b(?:(?:please\s+)?(?:(?:do\s+not|don[’']t|never|not)\s+(?:use|show|include|add|draw|write|put|have)|"
    r"avoid(?:ing)?|exclud(?:e|ing)|leave\s+out|free\s+of|without|no|"
    r"(?:bitte\s+)?(?:keine?[mnrs]?|ohne|vermeide[nt]?)|"
    r"pas\s+d(?:e\s|[’'])|aucune?|sans|évite[rz]?))(?=\s|(?<=[’'])|(?<=de\s))\s*",
    re.IGNORECASE,
)
_ONE = re.compile(r"\b(?:no|sans|without|ohne|kein|aucun)", re.IGNORECASE)
_IDIOM = re.compile(
    r"(?:two\s+alike|more|fewer|less|matter|longer|need|one|exception|doubt|problem|fail|limit|other|zwei|mehr|"
    r"serif|cesse|doute)\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"[.:;!?\n()]|\s(?:but|except|unless|because|so\s+that|just|only|instead|sondern|außer|mais|sauf)\b"
)
_LIST = re.compile(
    r"\s*,\s*(?:(?:and|or|nor|und|oder|noch|et|ou|ni)\s+)?|\s+(?:and|or|nor|und|oder|noch|et|ou|ni)\s+|/"
)
_LEADING = re.compile(
    r"(?:(?:any|an?|the|visible|kind\s+of|sort\s+of|form\s+of|no|not|colou?rs?|keine?[mnrs]?|ohne|den|die|das|des?|"
    r"les|la|le|sans|pas|ni)\s+|[ld][’'])",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\s+(?:in|on)\s+(?:the|any|all)\s+(?:images?|pictures?|prompts?|rows?|designs?)\b", re.IGNORECASE
)
_UNLESS = re.compile(
    r"\b(?:unless|except|außer|sauf)\b[^.!?\n]*(?:quot|anführ|zitat|guillemet)", re.IGNORECASE
)
_DANGLING = re.compile(r"\s+(?:with|and|but|mit|und|aber|avec|et|mais)\s*$", re.IGNORECASE)
KEYWORDS = 30
_WORDS = 5
"""Words of a keyword; longer ones are sentences that were misread."""


@dataclass(frozen=True)
class Forbidden:
    """Keywords in the order they were written, and the text without the clauses that forbid.

    `unless_quoted`: no text, but for the words that a prompt quotes.
    """

    keywords: tuple[str, ...]
    rest: str
    unless_quoted: bool = False

    def meets(self, text: str) -> bool:
        """Whether a text has one of the keywords in it, whatever its ending.

        Quoted words are lettering: they meet “no text”, unless that was said with “unless quoted”.
        """
        lettered = quoted(text)
        found = tuple(map(stem, words(unquoted(text))))
        for keyword, wanted in zip(self.keywords, self._stems, strict=True):
            if lettered and _lettering(keyword):
                if not self.unless_quoted:
                    return True
            elif _within(wanted, found):
                return True
        return False

    def cell(self, prompt: str) -> str:
        """The negative prompt that goes with a prompt; what the prompt itself asks for is not forbidden."""
        found = tuple(map(stem, words(prompt)))
        lettered = quoted(prompt)
        kept = [
            keyword
            for keyword, wanted in zip(self.keywords, self._stems, strict=True)
            if not (lettered and _lettering(keyword)) and not _within(wanted, found)
        ]
        return ", ".join(kept)

    @cached_property
    def _stems(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(map(stem, words(keyword))) for keyword in self.keywords)


def forbidden(text: str) -> Forbidden:
    """Find every clause that forbids. “No two alike” and the like forbid nothing and go too."""
    keywords: dict[str, str] = {}
    rest: list[str] = []
    end = 0
    for found in _NO.finditer(text):
        if found.start() < end:
            continue
        rest.append(_DANGLING.sub("", text[end : found.start()]))
        clause = text[found.end() :]
        stop = _END.search(clause)
        clause = clause[: stop.start()] if stop else clause
        items, length = _items(clause, alone=bool(_ONE.match(found[0])) and not _begins(text, found.start()))
        end = found.end() + length
        for item in items:
            keywords.setdefault(item.casefold(), item)
    rest.append(text[end:])
    return Forbidden(tuple(keywords.values())[:KEYWORDS], _mended("".join(rest)), bool(_UNLESS.search(text)))


def _begins(text: str, place: int) -> bool:
    """Whether a sentence begins here, so that all of it forbids."""
    before = text[:place].rstrip()
    return not before or before[-1] in ".:;!?\n"


def _items(clause: str, *, alone: bool) -> tuple[list[str], int]:
    """The things forbidden in a clause, and how much of it they take.

    “no Santa, soft colours” forbids the first alone; “no text, logos or people” all, which the “or” tells, as
    does a sentence that begins with it and names no manner of drawing after a comma.
    """
    cuts = [(0, 0), *(cut.span() for cut in _LIST.finditer(clause))]
    ends = [*(start for start, _ in cuts[1:]), len(clause)]
    parts = [(clause[begin:stop], stop) for (_, begin), stop in zip(cuts, ends, strict=True)]
    joined = [place for place, (start, stop) in enumerate(cuts) if re.search(r"[a-z/]", clause[start:stop])]
    last = joined[-1] if joined else (0 if alone else len(parts) - 1)
    taken = parts[:1]
    for place, part in enumerate(parts[1:], 1):
        if place > last or (place not in joined and _manner(part[0])):
            break
        taken.append(part)
    text, end = taken[-1]
    short = _before_place(text)
    taken[-1] = short, end - len(text) + len(short)
    return [item for text, _ in taken if (item := _keyword(text))], taken[-1][1]


def _before_place(text: str) -> str:
    """What is forbidden, without where: “milk” of “milk on a table”."""
    terms = list(re.finditer(r"\w+", text))
    place = next((word.start() for word in terms[1:] if word[0].casefold() in lexicon().cutters), len(text))
    return text[:place].rstrip() if terms else text


def _manner(text: str) -> bool:
    return kind_of(text.strip()) in ("style", "palette", "light", "mood", "quality", "composition")


def _keyword(text: str) -> str:
    text = text.strip(" ,.-–“”\"'")
    if _IDIOM.match(text):
        return ""
    while found := _LEADING.match(text):
        text = text[found.end() :]
    return "" if len(text.split()) > _WORDS else text


def _lettering(keyword: str) -> bool:
    return any(word in lexicon().lettering for word in words(keyword))


def _within(wanted: tuple[str, ...], found: tuple[str, ...]) -> bool:
    size = len(wanted)
    return bool(size) and any(found[at : at + size] == wanted for at in range(len(found) - size + 1))


def _mended(text: str) -> str:
    """Without the commas and empty sentences that are left over."""
    text = re.sub(r"[ \t]+", " ", _WHERE.sub("", text))
    text = re.sub(r"(?:\s*[,;])+(?=\s*(?:[.!?\n]|$))", "", text)
    text = re.sub(r"(^|[.!?\n]|:)\s*(?:unless|except|außer|sauf)\b[^.!?\n]*", r"\1", text)
    text = re.sub(r"\s+(?=[.!?:])", "", text)
    return re.sub(r"(?:(?<=^)|(?<=[.!?\n]))[\s,;.!?]+", " ", text).strip(" ,;")

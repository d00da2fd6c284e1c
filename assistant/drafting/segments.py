"""A prompt cut at its commas and stops, and what kind of part each piece is: background, light, palette …"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.drafting.lexicon import lexicon
from assistant.drafting.words import words

_CUT = re.compile(r"\s*[,;]\s+|[、，。]\s*|(?<=[^\s.])\.\s+(?=\S)|\s+[.–—|-]\s+")
_QUOTED = re.compile(
    r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\"|(?<!\w)'(?:[^']|(?<=\w)'(?=\w))*'(?!\w)|(?<!\w)‘[^’]*’(?!\w)"
    r"|\([^()]*\)"
)
_MARK = re.compile("[“„«\"'‘(]")
CRAFT = ("finish", "background", "light", "palette", "composition", "style", "mood", "quality")
"""Kinds of pieces that say how a picture is made. Others: lettering, action, form, and "" for the rest."""
_NOUNS = ("finish", "background", "light", "style")
_OF = {"of", "by", "d'", "de", "von"}
_LONGEST = 8
"""Words of a piece of craft; longer ones tell of a subject, whatever word is among them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text between two cuts, and the cut before it as it was written: “, ” or “. ” or empty for the first."""

    glue: str
    text: str


def quoted(text: str) -> bool:
    """Whether something stands in quotation marks, which is to be lettered."""
    if not _MARK.search(text):
        return False
    return any(not found[0].startswith("(") for found in _QUOTED.finditer(text))


def unquoted(text: str) -> str:
    """A text without what stands in quotation marks."""
    return _QUOTED.sub(lambda found: found[0] if found[0].startswith("(") else " ", text)


def pieces(text: str) -> list[Piece]:
    """The pieces of a prompt; nothing is cut within quotation marks and brackets."""
    closed = [found.span() for found in _QUOTED.finditer(text)] if _MARK.search(text) else []
    found: list[Piece] = []
    start, glue = 0, ""
    for cut in _CUT.finditer(text):
        if any(begin < cut.end() and cut.start() < end for begin, end in closed):
            continue
        if piece := text[start : cut.start()].strip():
            found.append(Piece(glue, piece))
            glue = _glue(cut[0])
        start = cut.end()
    if piece := text[start:].strip(" ,;"):
        found.append(Piece(glue, piece))
    return found


def _glue(cut: str) -> str:
    mark = cut.strip()
    if mark in {"、", "，", "。"}:
        return mark
    return f"{mark} " if mark in {",", ";", "."} and not cut[0].isspace() else ", "


@lru_cache(maxsize=1 << 14)
def kind_of(text: str) -> str:
    """What a piece of a prompt is, told by its noun.

    That is the last word before the first “of”, “on”, “with” …: “forest green background” is a background,
    “soft light on green leaves” a light, “a laptop with a green light” neither.
    """
    if quoted(text):
        return "lettering"
    found = words(text)
    begins = bool(found) and found[0] in lexicon().cutters
    if len(found) > 2 * _LONGEST:
        return "action" if begins else ""
    known = lexicon()
    while found and (found[0] in known.stop or found[0] in known.cutters):
        found = found[1:]
    if not found or len(found) > _LONGEST:
        return "action" if begins and found else ""
    end = next(
        (place for place, word in enumerate(found) if place and (word in known.cutters or word in _OF)),
        len(found),
    )
    of = end < len(found) and found[end] in _OF
    kind = _of_craft(found[:end]) or (_of_craft(found[: end + 3], whole=False) if of else "")
    return kind or ("action" if begins else "")


def _of_craft(found: list[str], *, whole: bool = True) -> str:
    """The kind of the last term; of those before it only nouns count. A term is one to three words."""
    known = lexicon()
    for end in range(len(found), 0 if whole else len(found) - 1, -1):
        terms = ["-".join(found[start:end]) for start in range(max(0, end - 3), end)]
        for kind in CRAFT if end == len(found) else _NOUNS:
            if any(term in known.kinds[kind] for term in terms):
                return kind
    if found[0] in known.leading:
        return next(kind for kind in CRAFT if found[0] in known.kinds[kind])
    ending = next((kind for ending, kind in known.endings.items() if found[-1].endswith(ending)), "")
    if ending:
        return ending
    if found[-1] in known.forms:
        return "form"
    return "palette" if all(word in known.colours or word in known.stop for word in found) else ""

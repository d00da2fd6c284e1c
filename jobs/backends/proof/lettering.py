"""Words on a poster: the two typefaces, and which signs they have."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from PIL import ImageFont

Face = tuple[str, str]
SERIF: Face = ("font_source_serif_pro", "SourceSerifPro-Regular.otf")
SERIF_BLACK: Face = ("font_source_serif_pro", "SourceSerifPro-Black.otf")
SANS: Face = ("font_source_sans_pro", "SourceSansPro-Regular.otf")
SANS_BOLD: Face = ("font_source_sans_pro", "SourceSansPro-Semibold.otf")

PLACEHOLDER = "☐"
"""The empty box that Source Serif has, drawn for each sign that it lacks."""

_JOINER = "\u200d"


@lru_cache(maxsize=64)
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """A face at a size in pixels.

    Plain layout: the other kind depends on a library that some machines lack, and equal rows shall give equal
    pixels on all. It also makes widths add up: a line is as wide as its words and spaces.
    """
    package, name = face
    return ImageFont.truetype(
        str(files(package) / "files" / name), size, layout_engine=ImageFont.Layout.BASIC
    )


@cache
def _unknown(face: Face) -> bytes:
    """How a face draws a code point that no face has."""
    return bytes(font(face, 32).getmask("\U0010ffff"))


@lru_cache(maxsize=4096)
def has(face: Face, character: str) -> bool:
    """Whether the face has a shape for this character."""
    return bytes(font(face, 32).getmask(character)) != _unknown(face)


def _silent(character: str) -> bool:
    """Joiners, direction marks, variation selectors, control characters: they only steer their neighbours."""
    return unicodedata.category(character) in {"Cc", "Cf"} or "\ufe00" <= character <= "\ufe0f"


def _clings(character: str, held: str) -> bool:
    """Whether a person counts this character as part of the sign before it."""
    flag = "\U0001f1e6" <= character <= "\U0001f1ff"
    if flag:
        return len(held) == 1 and "\U0001f1e6" <= held <= "\U0001f1ff"
    skin = "\U0001f3fb" <= character <= "\U0001f3ff"
    return (
        held.endswith(_JOINER)
        or skin
        or _silent(character)
        or unicodedata.category(character).startswith("M")
    )


def signs(text: str) -> Iterator[str]:
    """The text by what a person counts as one sign: a letter with its accents, an emoji with its joiners."""
    held = ""
    for character in text:
        if held and not held.isspace() and not character.isspace() and _clings(character, held):
            held += character
            continue
        if held:
            yield held
        held = character
    if held:
        yield held


def drawable(text: str) -> tuple[str, tuple[str, ...]]:
    """The text as SERIF can draw it, on one line, and the signs it lacks, each once, in order."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lacked: dict[str, None] = {}
    drawn: list[str] = []
    for sign in signs(unicodedata.normalize("NFC", " ".join(whole.split()))):
        loud = "".join(character for character in sign if not _silent(character))
        if not all(has(SERIF, character) for character in loud):
            lacked[sign] = None
            loud = PLACEHOLDER
        drawn.append(loud)
    return " ".join("".join(drawn).split()), tuple(lacked)

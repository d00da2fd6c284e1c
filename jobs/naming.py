"""What a sheet is called: a name as a person or a file gave it, made fit to be read on one line."""

from __future__ import annotations

import unicodedata
from pathlib import PurePath

from jobs.errors import Invalid

LONGEST = 120
"""Characters; longer names are cut, a file's before its ending."""

_JOINERS = "\u200c\u200d"
"""Invisible, and part of words (Persian) and of emoji; other invisible signs can turn a name round."""

_UNFIT = ("Cc", "Cf", "Cs", "Co", "Cn")


def clean(text: str) -> str:
    """One line without control characters and without signs that change the direction of what follows."""
    spaced = (" " if sign.isspace() else sign for sign in unicodedata.normalize("NFC", text))
    kept = (sign for sign in spaced if sign in _JOINERS or unicodedata.category(sign) not in _UNFIT)
    return " ".join("".join(kept).split())


def file_name(text: str) -> str:
    """An uploaded file's name: without its folder, clean, at most LONGEST characters with its ending kept."""
    path = PurePath(clean(text.replace("\\", "/")))
    name, ending = path.name, path.suffix if len(path.suffix) <= 10 else ""
    return name if len(name) <= LONGEST else name[: LONGEST - len(ending) - 1] + "…" + ending


def title(file: str) -> str:
    """A sheet's name at first: that of its file, without the ending."""
    return PurePath(file_name(file)).stem.strip() or "Untitled sheet"


def given(text: str) -> str:
    """A name that a person typed. Raises Invalid where it is empty or too long."""
    name = clean(text)
    if not name:
        raise Invalid("A sheet needs a name, or you will not find it again.")
    if len(name) > LONGEST:
        raise Invalid(f"A name has {LONGEST} characters at most; this one has {len(name):,}.")
    return name

"""Bytes of a text file decoded: which encoding it is in, and whether that is known or guessed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from schema.refusals import refusal

_SAMPLE = 500
"""Places with letters beyond ASCII that a guess is made from, each with what stands round it."""
_ROUND = 40
_LIKELY = ("cp1252", "mac_roman")
"""Tried before all others: what Excel writes on Windows and on a Mac in Western Europe and America."""


@dataclass(frozen=True)
class Decoded:
    """The text without byte order mark, the name of its encoding, and whether that was guessed."""

    text: str
    encoding: str
    guessed: bool = False


def decode(data: bytes, name: str) -> Decoded:
    """UTF-8, else UTF-16 by its mark or its zeros, else a guess that is told. Raises Unreadable."""
    decoded = _utf8(data) or _utf16(data) or _guess(data)
    if decoded is None:
        raise refusal("unknown-encoding", name)
    if "\0" in decoded.text:
        raise refusal("not-a-sheet", name, what="not text but binary data")
    return decoded


def _utf8(data: bytes) -> Decoded | None:
    if _looks_utf16(data):
        return None
    try:
        return Decoded(data.decode("utf-8-sig"), "utf-8")
    except UnicodeDecodeError:
        return None


def _utf16(data: bytes) -> Decoded | None:
    encoding = _looks_utf16(data)
    try:
        return Decoded(data.decode(encoding).removeprefix("\ufeff"), encoding) if encoding else None
    except UnicodeDecodeError:
        return None


def _looks_utf16(data: bytes) -> str | None:
    """The byte order by the mark, or by where the zeros of plain letters stand."""
    if data.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if data.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    head = data[:2000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 100 < len(head) or min(even, odd) * 4 > max(even, odd):
        return None  # commas and line ends alone give one unit in a hundred, all zeros on one side
    return "utf-16-le" if odd > even else "utf-16-be"


def _odd_places(data: bytes) -> Iterator[bytes]:
    """Bytes beyond ASCII, each run with its neighbours: the encoding shows there and nowhere else."""
    end = 0
    for found in re.finditer(rb"[\x80-\xff]+", data):
        if found.start() >= end:
            end = found.end() + _ROUND
            yield data[max(0, found.start() - _ROUND) : end]


def _guess(data: bytes) -> Decoded | None:
    """What charset-normalizer makes of the places that are not plain ASCII."""
    from charset_normalizer import from_bytes  # 30 ms to import, and most files never need it

    odd = b"\n".join(islice(_odd_places(data), _SAMPLE))
    best = from_bytes(odd, cp_isolation=list(_LIKELY)).best() or from_bytes(odd).best()
    if best is None:
        return None
    try:
        return Decoded(data.decode(best.encoding), best.encoding, guessed=True)
    except UnicodeDecodeError:
        return None

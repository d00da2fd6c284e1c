"""What the body of an error says, in whatever shape a server puts it."""

from __future__ import annotations

import json
from dataclasses import dataclass

_MOST_WORDS = 300  # characters of a server's own words that a sentence repeats


@dataclass(frozen=True, slots=True)
class Told:
    """What an error body says. `fields`: it lists fields of the request, as servers built on FastAPI do."""

    words: str
    codes: frozenset[str]
    parameter: str
    fields: bool = False

    @classmethod
    def read(cls, body: bytes | bytearray) -> Told:
        """Read any of the shapes in use: {"error": {…}}, {"error": "…"}, {"detail": …}, {"message": "…"}."""
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            return cls("", frozenset(), "")
        if not isinstance(answer, dict) or not answer:
            return cls("", frozenset(), "")
        error = next(one for one in (answer.get("error"), answer.get("detail"), answer) if _says(one))
        if isinstance(error, list):
            return cls("; ".join(map(_field, error)), frozenset(), "", fields=True)
        if not isinstance(error, dict):
            return cls(str(error), frozenset(), "")
        codes = frozenset(str(error.get(name)).lower() for name in ("code", "type"))
        return cls(str(error.get("message") or ""), codes, str(error.get("param") or ""))


def _says(part: object) -> bool:
    return isinstance(part, dict | list | str) and bool(part)


def _field(item: object) -> str:
    """One entry of FastAPI's list: where and what."""
    if not isinstance(item, dict):
        return str(item)
    place = item.get("loc")
    return f"{place[-1] if isinstance(place, list) and place else 'request'}: {item.get('msg', '')}"


def quoted(words: str) -> str:
    """A server's words as the end of a sentence: `: “…”`; nothing where it had none."""
    line = " ".join(words.split()).rstrip(".")
    if not line:
        return ""
    return f": “{line[:_MOST_WORDS]}…”" if len(line) > _MOST_WORDS else f": “{line}”"

"""Objects out of a stream of text, whatever stands round them: each when its closing brace has come."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

Object = dict[str, Any]

LONGEST = 1 << 15
"""Characters an object may have where nothing else is said: no row of a sheet comes near."""
_AHEAD = 100
"""Characters that are kept back until what follows has come."""
_DIGITS = 18
"""Digits of a whole number that is taken as one; a longer one stays a text, as any number of a cell would."""
_MENDED = 1 << 18
_OPENED = 40
"""Characters of an answer that json-repair may look at, and brackets in one object: nested ones cost most."""
_WRAPPERS = {"rows", "prompts", "items", "data", "results", "strands", "operations"}

_BEGINS = re.compile(r"\{\s*(?:[\"'“}]|[A-Za-z_]\w*\s*:)")
_MAY_BEGIN = re.compile(r"\{\s*(?:[A-Za-z_]\w*\s*)?\Z")
_ENCODED = re.compile(r'\{\s*(?:\\n|\s)*\\+"')
_MAY_BE_ENCODED = re.compile(r"\{\s*(?:\\n|\s)*\\*\Z")
_INSIDE = re.compile(r'["{}\[\]]')
_STRING = re.compile(r'["\\\n]')
_ESCAPES = re.compile(r'(?:\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt]))+')  # in runs: some letters take two
_NEXT_ROW = re.compile(r"\n\s*\{\s*[\"'}]")
_MAY_BE_NEXT = re.compile(r"\n\s*(?:\{\s*)?\Z")


class Scanner:
    """Finds the objects in any stream: an object with a list in it, JSON Lines, a list, fences, prose.

    An object that holds a list of objects is a wrapper: those in the list come out and it does not. Objects
    that are nearly JSON are repaired. The time is linear in the text, and no more than one object is kept, of
    `longest` characters at most.

    too_long  objects that were longer and were left out
    unread    objects that closed and could not be read even with repairs
    loose     whether text stood outside of objects
    """

    def __init__(self, longest: int = LONGEST) -> None:
        self.too_long = 0
        self.unread = 0
        self.loose = False
        self._longest = longest
        self._carry = ""  # text that waits for what follows it
        self._stack: list[str] = []  # the brackets that are open
        self._base = 0  # how many of them were open where the object in hand began
        self._parts: list[str] | None = None  # of the object in hand, None between two
        self._size = 0
        self._quoted = False  # inside a string
        self._encoded: list[str] | None = None  # an answer that is JSON within a JSON string
        self._mended = 0  # characters given to json-repair

    def feed(self, text: str) -> list[Object]:
        """The objects that were closed by this piece."""
        if self._encoded is not None:
            self._encoded.append(text)
            return []
        text, self._carry = self._carry + text, ""
        found: list[Object] = []
        at = 0
        while at < len(text):
            if self._quoted:
                at = self._string(text, at, found)
            elif self._stack:
                at = self._inside(text, at, found)
            else:
                at = self._outside(text, at)
        return found

    def rest(self, *, whole: bool = False) -> list[Object]:
        """What json-repair makes of the unfinished end, without its last object unless it is `whole`.

        `whole` says that the answer was finished (its finish reason was stop) and only badly written.
        """
        carry, self._carry = self._carry, ""
        if self._encoded is not None:
            return self._decoded("".join(self._encoded), whole=whole)
        if self._parts is None or self._size > self._longest:
            return []
        found = list(_objects(self._mend("".join((*self._parts, carry)))))
        self._stack, self._parts, self._quoted = [], None, False
        return found if whole else found[:-1]

    @property
    def running_away(self) -> bool:
        """Whether the object in hand is longer than any may be."""
        return self._parts is not None and self._size > self._longest

    def _outside(self, text: str, at: int) -> int:
        """Between objects: look for the next one."""
        start = text.find("{", at)
        start = len(text) if start < 0 else start
        self.loose = self.loose or bool(text[at:start].strip(" \t\r\n,[]"))
        if start == len(text):
            return start
        ahead = text[start : start + _AHEAD]
        if _BEGINS.match(ahead):
            self._begin(0)
            self._stack.append("{")
            self._keep("{")
            return start + 1
        if _ENCODED.match(ahead):
            self._encoded = [text[start:]]
            return len(text)
        waits = len(ahead) < _AHEAD and (_MAY_BEGIN.match(ahead) or _MAY_BE_ENCODED.match(ahead))
        return self._wait(text, start, waits) or start + 1

    def _inside(self, text: str, at: int, found: list[Object]) -> int:
        """Inside an object, outside of its strings: brackets count."""
        sign = _INSIDE.search(text, at)
        if not sign:
            self._keep(text[at:])
            return len(text)
        start, end = sign.span()
        self._keep(text[at:start])
        match sign[0]:
            case '"':
                self._quoted = True
            case "[":
                self._stack.append("[")
            case "{":
                if self._stack[-1] == "[":
                    self._begin(len(self._stack))  # what is round it was a wrapper
                self._stack.append("{")
        self._keep(sign[0])
        if sign[0] in "]}":
            self._close(sign[0], found)
        return end

    def _string(self, text: str, at: int, found: list[Object]) -> int:
        """Inside a string: only its end, escapes, and a line that begins another object count."""
        sign = _STRING.search(text, at)
        if not sign:
            self._keep(text[at:])
            return len(text)
        start, end = sign.span()
        self._keep(text[at:start])
        if sign[0] == "\\":
            if end == len(text):
                self._carry = text[start:]
                return end
            self._keep(text[start : end + 1])
            return end + 1
        ahead = text[start : start + _AHEAD]
        if sign[0] == "\n" and _NEXT_ROW.match(ahead):
            return self._broken(text, start, found)
        if sign[0] == "\n" and len(ahead) < _AHEAD and _MAY_BE_NEXT.match(ahead):
            self._carry = text[start:]
            return len(text)
        self._quoted = sign[0] != '"'
        self._keep(sign[0])
        return end

    def _broken(self, text: str, at: int, found: list[Object]) -> int:
        """A string that was never closed has run into the next object: end the one in hand before it."""
        self._quoted = False
        found += self._take()
        del self._stack[self._base :]
        return text.index("{", at)

    def _close(self, sign: str, found: list[Object]) -> None:
        opened = "{" if sign == "}" else "["
        while self._stack and self._stack[-1] != opened and sign == "}":
            self._stack.pop()  # a list that was never closed
        if not self._stack or self._stack[-1] != opened:
            return
        self._stack.pop()
        if self._parts is not None and len(self._stack) == self._base and sign == "}":
            found += self._take()

    def _begin(self, base: int) -> None:
        self._base, self._parts, self._size = base, [], 0

    def _keep(self, text: str) -> None:
        """Keep a part of the object in hand; of one that is too long nothing but its brackets counts."""
        if self._parts is None:
            return
        self._size += len(text)
        if self._size <= self._longest:
            self._parts.append(text)
        else:
            self._parts.clear()

    def _take(self) -> list[Object]:
        """The object in hand, or those that it wraps."""
        parts, self._parts = self._parts, None
        if parts is None:
            return []
        if self._size > self._longest:
            self.too_long += 1
            return []
        value = self._read("".join(parts))
        if not isinstance(value, dict):
            self.unread += 1
            return []
        return self._unwrapped(value)

    def _read(self, text: str) -> Any:
        """The value a text stands for, repaired where it is nearly JSON; None where that cannot be told."""
        try:
            return _DECODER.decode(text)
        except (ValueError, RecursionError):
            return self._mend(text)

    def _mend(self, text: str) -> Any:
        """What json-repair makes of a text, within bounds: some nonsense costs it seconds."""
        self._mended += len(text)
        if self._mended > _MENDED or text.count("{") + text.count("[") > _OPENED:
            return None
        return _repaired(text)

    def _unwrapped(self, value: Object) -> list[Object]:
        """An object is itself, unless all it holds are objects, or it holds them encoded as texts."""
        inner = list(value.values())
        if len(inner) == 1 and _WRAPPERS.intersection(value):
            inner = inner[0] if isinstance(inner[0], list) else inner
            if inner and all(isinstance(text, str) and "{" in text for text in inner):
                nested = Scanner(self._longest)
                return [row for text in inner for row in (*nested.feed(text), *nested.rest(whole=True))]
            if not any(isinstance(part, dict | str | int | float) for part in inner):
                return []
        if inner and all(isinstance(part, dict) for part in inner):
            return [part for part in inner if part]
        return [value] if value else []

    def _decoded(self, text: str, *, whole: bool) -> list[Object]:
        """The objects of an answer that is JSON within a JSON string."""
        self._encoded = None
        plain = _ESCAPES.sub(lambda run: str(json.loads(f'"{run[0]}"')), text)
        return [*self.feed(plain), *self.rest(whole=whole)]

    def _wait(self, text: str, at: int, reason: object) -> int | None:
        """Keep the text back from `at` on, where there is a reason to."""
        if not reason:
            return None
        self._carry = text[at:]
        return len(text)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits.lstrip("-")) <= _DIGITS else digits


_DECODER = json.JSONDecoder(strict=False, parse_int=_whole, parse_constant=lambda _: None)


def _repaired(text: str) -> Any:
    import json_repair  # 20 ms to import, and most answers never need it

    try:
        return json_repair.loads(text, skip_json_loads=True)
    except (ValueError, RecursionError, IndexError, TypeError, AttributeError):
        return None


def _objects(value: Any) -> Iterator[Object]:
    """The objects in a value that repairing gave: itself, or those in its lists."""
    if isinstance(value, dict) and value:
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _objects(part)

"""The lowest way of asking: a list that the model goes on with, a prompt a line, without other shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.model.ladder import Message

_NUMBER = re.compile(r"\s*(?:\*\*)?(?:\(?\d{1,4}[.):]|[-*•])\s*(?:\*\*)?\s*")
AGAIN = 3
"""Lines that are too long, or stand already, after which a list is broken off."""
_UNSAID = re.compile(r"^[\W\d_]*$")


@dataclass(frozen=True)
class List:
    """A list as far as it is written.

    heading  what it is a list of, in a sentence
    lines    those that stand, which the model goes on after
    more     how many are wanted
    longest  characters of a line; a longer one is none
    """

    heading: str
    lines: Sequence[str]
    more: int
    longest: int

    @property
    def whole(self) -> str:
        """The list as a text that ends with the next line's number."""
        return f"{self._text}{len(self.lines) + 1}."

    @property
    def messages(self) -> list[Message]:
        """The same as a chat, for servers that cannot go on with a text."""
        asked = f"{self._text}\nWrite the next {self.more} lines of this list, numbered, and nothing else."
        return [{"role": "user", "content": asked}]

    @property
    def _text(self) -> str:
        begun = "".join(f"{number}. {' '.join(line.split())}\n" for number, line in enumerate(self.lines, 1))
        return f"{self.heading}\n\n{begun}"


class Lines:
    """The lines of a list out of a stream, without their numbers, none that stands already.

    `over` says that no more are wanted of this answer: all came, or the model writes the same again.
    """

    def __init__(self, begun: List) -> None:
        self.over = False
        self._list = begun
        self._left = ""
        self._given = self._again = 0
        self._known = {_key(line) for line in begun.lines}

    def feed(self, text: str) -> list[str]:
        """The lines that this piece completes."""
        if self.over:
            return []
        *whole, self._left = (self._left + text).split("\n")
        if len(self._left) > 2 * self._list.longest:
            whole, self._left = [*whole, self._left], ""
        return [line for each in whole if (line := self._line(each))]

    def rest(self) -> list[str]:
        """The unfinished last line, where it reads as one."""
        line = "" if self.over else self._line(self._left)
        self._left = ""
        return [line] if line else []

    def _line(self, text: str) -> str:
        if self.over:
            return ""
        line = _NUMBER.sub("", text, count=1).strip(' \t"“”*')
        if _UNSAID.match(line):
            return ""
        if len(line) > self._list.longest or _key(line) in self._known:
            self._again += 1
            self.over = self._again >= AGAIN
            return ""
        self._known.add(_key(line))
        self._given += 1
        self.over = self._given >= self._list.more
        return line


def _key(line: str) -> str:
    return " ".join(line.casefold().split())

"""Server-sent events out of bytes, as chat endpoints use them: their data, and where the stream is over."""

from __future__ import annotations

import re

DONE = "[DONE]"
_LINE_END = re.compile(rb"\r\n|\n|\r")


class Events:
    """Splits a stream of bytes into the data of its events; comments and other fields are left out.

    The client's own reader makes objects of every chunk, which costs forty times as much: most of a draft's
    CPU was that. Raises UnicodeDecodeError for bytes that are no UTF-8.
    """

    def __init__(self) -> None:
        self.done = False
        self._left = bytearray()
        self._returned = False  # whether the last part ended in a carriage return
        self._data: list[str] = []

    def feed(self, part: bytes) -> list[str]:
        """The data of the events that this part completes; none after the one that ends the stream."""
        if self._returned and part.startswith(b"\n"):
            part = part[1:]  # the other half of a line's end
        self._returned = part.endswith(b"\r")
        self._left += part
        end = max(self._left.rfind(b"\n"), self._left.rfind(b"\r")) + 1
        if not end or self.done:
            return []
        lines = _LINE_END.split(bytes(self._left[:end]))
        del self._left[:end]
        return self._read(lines[:-1])

    def finish(self) -> list[str]:
        """The data of an event that no empty line followed, before the stream ended."""
        lines, self._left = [bytes(self._left), b""], bytearray()
        return [] if self.done else self._read(lines)

    def _read(self, lines: list[bytes]) -> list[str]:
        found: list[str] = []
        for line in lines:
            if line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" ").decode())
            elif not line and self._data:
                data, self._data = "\n".join(self._data), []
                if data.startswith(DONE):
                    self.done = True
                    break
                found.append(data)
        return found

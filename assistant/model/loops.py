"""Loops, recognised while an answer streams: the same again and again, or white space without end."""

from __future__ import annotations

SPACE = 400
"""White space in a row after which nothing else will come: no form of an answer has so much."""
TURNS = 5
"""Times that a stretch of text must stand, one right after the other, to be a loop."""
STRETCH = 160
"""Characters of the longest stretch that is looked for."""
_EVERY = 200
"""Characters between two looks."""


class Loops:
    """Looks at an answer as it comes; `feed` says whether it has begun to loop."""

    def __init__(self) -> None:
        self._tail = ""
        self._unseen = 0

    def feed(self, text: str) -> bool:
        self._tail = (self._tail + text)[-STRETCH * TURNS :]
        self._unseen += len(text)
        if self._unseen < _EVERY:
            return False
        self._unseen = 0
        end = self._tail[-SPACE:]
        return (len(end) == SPACE and end.isspace()) or _repeats(self._tail)


def _repeats(tail: str) -> bool:
    """Whether the end of a text is one stretch of at most STRETCH characters, TURNS times."""
    back = tail[::-1]
    borders = [0] * len(back)  # of each beginning, the longest end that is its beginning too
    longest = 0
    for place in range(1, len(back)):
        while longest and back[place] != back[longest]:
            longest = borders[longest - 1]
        longest += back[place] == back[longest]
        borders[place] = longest
        period = place + 1 - longest
        if period <= STRETCH and place + 1 >= max(period * TURNS, _EVERY):
            return any(sign.isalnum() for sign in back[:period])
    return False

"""Ctrl-C and SIGTERM as a request: the first lets what is on its way finish, the second does not wait."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Asked:
    """While it is entered, signals are counted and not obeyed. From the second on, `again` is called."""

    def __init__(self) -> None:
        self.times = 0
        self.again: Callable[[], None] = lambda: None

    def __bool__(self) -> bool:
        return self.times > 0

    def __enter__(self) -> Self:
        heard = [number for number in SIGNALS if not _kept_away(number)]
        self._before: dict[int, Any] = {number: signal.signal(number, self._hear) for number in heard}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _hear(self, _signal: int, _frame: FrameType | None) -> None:
        """Nothing is printed here: the signal may have come in the middle of a print."""
        self.times += 1
        if self.times > 1:
            self.again()


def _kept_away(number: int) -> bool:
    """Whether `nohup` has said that the end of the terminal is to be survived."""
    return signal.Signals(number).name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN

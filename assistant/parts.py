"""Processes that are kept alive: started, started again when they end, and ended together with us."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from assistant import logs
from jobs import lifeline
from jobs.errors import PromptsheetError

LOOK = 0.2
"""Seconds between two looks at the parts."""

LONGEST_PAUSE = 5.0
"""Seconds at most before a part that ends again and again is started once more: work waits no longer, and
a start each time costs a tenth of a core."""

SETTLED = 60.0
"""Seconds after which a part that lived counts as well again."""

ASK_AGAIN = 1.2
"""Seconds between two askings of a part that is to end at once."""

Start = Callable[[], "subprocess.Popen[bytes]"]


class Part:
    """A process that is started again when it ends. One with an `end` of its own `lasts` the longest."""

    def __init__(self, name: str, start: Start, end: Callable[[], None] | None = None) -> None:
        self.name = name
        self._start, self._pause, self._not_before = start, 0.5, 0.0
        self._end = end
        self.lasts = end is not None
        self._begin()

    def tend(self) -> bool:
        """Start it again if it ended, after a pause that doubles while it keeps ending. True: it did."""
        if self.process.poll() is None or time.monotonic() < self._not_before:
            return False
        if time.monotonic() - self._begun > SETTLED:
            self._pause = 0.5
        self._not_before = time.monotonic() + self._pause
        self._pause = min(LONGEST_PAUSE, self._pause * 2)
        try:
            self._begin()
        except PromptsheetError:  # a Redis that does not come up is tried again
            return False
        return True

    def end(self) -> None:
        """Ask it to end; a worker finishes the rows on their way first. Asked twice, it ends at once."""
        if self._end:
            self._end()
        elif self.process.poll() is None:
            self.process.terminate()

    def _begin(self) -> None:
        self._begun = time.monotonic()
        self.process = self._start()


class Parts:
    """The parts of one machine, whose logs stand in the data folder. Use it as a context, and call `tend`
    every LOOK seconds; what was added last is ended first.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._parts: list[Part] = []
        self._hurried = False
        self._undo = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._line, theirs = os.pipe()
        for handle in (self._line, theirs):
            self._undo.callback(os.close, handle)
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    @property
    def broken(self) -> str | None:
        """The last words of a part that is not running now, which `tend` starts again; None where all run."""
        ended = [part for part in self._parts if part.process.poll() is not None]
        return logs.last_words(self._data, ended[0].name) if ended else None

    def add(self, name: str, start: Start, end: Callable[[], None] | None = None) -> None:
        """Start a part. Raises what `start` raises."""
        part = Part(name, start, end)
        self._parts.append(part)
        self._undo.callback(self._wait, part)
        self._undo.callback(part.end)

    def add_module(self, name: str, module: Sequence[str], *handles: int) -> None:
        """Start a part that is a module of ours, with its arguments and the handles it is to inherit."""
        self.add(name, lambda: self._child(name, module, handles))

    def tend(self) -> list[str]:
        """Start again what ended; what is to be said about it, a sentence for each."""
        return [self._restarted(part) for part in self._parts if part.tend()]

    def hurry(self) -> None:
        """End without waiting for what is on its way."""
        self._hurried = True
        for part in self._parts:
            if not part.lasts:
                part.end()

    def _restarted(self, part: Part) -> str:
        where = logs.place(self._data, part.name)
        name = part.name.capitalize()
        return f"{name} ended and was started again; nothing is lost. What it said is in {where}."

    def _child(self, name: str, module: Sequence[str], handles: Sequence[int]) -> subprocess.Popen[bytes]:
        """A process in a session of its own, so that Ctrl-C reaches it through us and not past us."""
        with logs.opened(self._data, name) as log:
            return subprocess.Popen(
                [sys.executable, "-m", *module],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(self._line, *handles),
                env=os.environ | {lifeline.VARIABLE: str(self._line)},
                start_new_session=True,
            )

    def _wait(self, part: Part) -> None:
        """Until it is gone. In a hurry it is asked again: RQ takes a second asking only after a second."""
        while part.process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                part.process.wait(ASK_AGAIN)
            if self._hurried and not part.lasts:
                part.end()

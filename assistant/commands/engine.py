"""Who does the work of a command: the parts that `up` runs on the same data folder, else our own."""

from __future__ import annotations

import contextlib
import time
from typing import Self

from assistant.supervisor import Stack, owned
from jobs.errors import Conflict
from jobs.hints import IMAGES, Line
from jobs.settings import Settings

LOOK_FOR_UP = 2.0
"""Seconds between two looks whether `up` still runs; each look takes its lock for a moment."""


class Engine:
    """A line's workers for as long as it is entered. Where `up` ends meanwhile, our own parts take over."""

    def __init__(self, settings: Settings, line: Line = IMAGES) -> None:
        self._settings, self._line = settings, line
        self._own: Stack | None = None
        self._exit = contextlib.ExitStack()
        self._next_look = 0.0

    def __enter__(self) -> Self:
        self.tend()
        return self

    def __exit__(self, *details: object) -> None:
        self._exit.close()

    def tend(self) -> list[str]:
        """Keep the workers alive; call it several times a second. Returns what is to be said about them.

        Raises NotConfigured where our own parts cannot start.
        """
        if self._own:
            return self._own.tend()
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + LOOK_FOR_UP
            if not owned(self._settings.data):
                self._start()
        return []

    def hurry(self) -> None:
        """End without waiting for the rows on their way; those of `up` are its own affair."""
        if self._own:
            self._own.hurry()

    def _start(self) -> None:
        with contextlib.suppress(Conflict):  # somebody was faster: then theirs will do
            self._own = self._exit.enter_context(Stack(self._settings, web=False, lines=(self._line,)))

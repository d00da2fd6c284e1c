"""What runs on one machine and data folder: our own Redis, the workers, the web; begun and ended together."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from assistant.listening import address, listen
from assistant.parts import Parts
from jobs import embedded, hints
from jobs.errors import Conflict, NotConfigured
from jobs.hints import LINES, Line
from jobs.services import open_services
from jobs.settings import Settings


class Stack:
    """The parts on one data folder, which only one stack at a time may own.

    `url` is what to open in a browser, None for a stack without a web. Use it as a context, and call `tend`
    every LOOK seconds (assistant/parts.py).
    """

    def __init__(
        self, settings: Settings, *, web: bool, lines: Sequence[Line] = tuple(LINES.values())
    ) -> None:
        self.settings = settings
        self.url: str | None = None
        self._web, self._lines = web, lines
        self._lock = FileLock(settings.data / "up.lock", timeout=0)
        self._parts = Parts(settings.data)

    def __enter__(self) -> Self:
        """Raises Conflict where another stack owns the folder, NotConfigured where a part cannot start."""
        with contextlib.ExitStack() as undo:
            self._own(undo)
            self._start(undo)
            self._undo = undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    @property
    def broken(self) -> str | None:
        """The last words of a part that is not running now; None where all run."""
        return self._parts.broken

    def tend(self) -> list[str]:
        """Start again what ended; what is to be said about it, a sentence for each."""
        return self._parts.tend()

    def hurry(self) -> None:
        """End without waiting for the rows on their way."""
        self._parts.hurry()

    def _own(self, undo: contextlib.ExitStack) -> None:
        try:
            self.settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            undo.enter_context(self._lock)
        except Timeout:
            where = running(self.settings.data) or "in another terminal"
            raise Conflict(
                f"Promptsheet already runs on this data folder, {where}. "
                "Use that one, or set PROMPTSHEET_DATA to another folder."
            ) from None
        except OSError as reason:
            why = f"{self.settings.data} cannot be used ({reason.strerror})"
            raise NotConfigured(f"PROMPTSHEET_DATA: {why}. Choose another folder.") from reason

    def _start(self, undo: contextlib.ExitStack) -> None:
        data = self.settings.data
        listening = undo.enter_context(listen(self.settings)) if self._web else None
        parts = undo.enter_context(self._parts)
        if not self.settings.redis_url:
            parts.add("redis", lambda: embedded.start(data), lambda: embedded.end(data))
        self._prepare()
        for line in self._lines:
            parts.add_module(line.name, ["jobs.worker", line.name])
        if listening:
            handle = listening.fileno()
            parts.add_module("web", ["assistant.serve", str(handle)], handle)
            self.url = address(listening)
        note(data, self.url)
        undo.callback(note, data, None)

    def _prepare(self) -> None:
        services = open_services(self.settings)
        try:
            services.database.migrate()
            hints.on_start(services)
        finally:
            services.close()


def running(data: Path) -> str | None:
    """The address of the stack that owns a data folder, None where none does or it has no web."""
    try:
        url: str | None = json.loads((data / "up.json").read_text())["url"]
    except (OSError, ValueError, KeyError):
        return None
    return url


def owned(data: Path) -> bool:
    """Whether a stack runs on this data folder now."""
    if not data.is_dir():
        return False
    lock = FileLock(data / "up.lock", timeout=0)
    try:
        with lock:
            return False
    except Timeout:
        return True


def note(data: Path, url: str | None) -> None:
    """Leave word in the data folder of where the web is."""
    file = data / "up.json"
    if url is None:
        file.unlink(missing_ok=True)
    else:
        file.write_text(json.dumps({"pid": os.getpid(), "url": url}))

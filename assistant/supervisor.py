"""What runs on one machine: our own Redis, a worker, the web; started, kept alive and ended together."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from assistant import logs
from assistant.listening import address, listen
from jobs import embedded, hints, lifeline
from jobs.errors import Conflict, NotConfigured, PromptsheetError
from jobs.services import open_services
from jobs.settings import Settings

LOOK = 0.2
"""Seconds between two looks at the parts."""

LONGEST_PAUSE = 30.0
"""Seconds at most before a part that ends again and again is started once more."""

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


class Stack:
    """The parts on one data folder, which only one stack at a time may own.

    `url` is what to open in a browser, None for a stack without a web. Use it as a context, and call `tend`
    every LOOK seconds.
    """

    def __init__(self, settings: Settings, *, web: bool) -> None:
        self.settings = settings
        self.url: str | None = None
        self._with_web = web
        self._lock = FileLock(settings.data / "up.lock", timeout=0)
        self._parts: list[Part] = []
        self._hurried = False

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
        """The last words of a part that is not running now, which `tend` starts again; None where all run."""
        ended = [part for part in self._parts if part.process.poll() is not None]
        return logs.last_words(self.settings.data, ended[0].name) if ended else None

    def tend(self) -> list[str]:
        """Start again what ended; what is to be said about it, a sentence for each."""
        return [self._restarted(part) for part in self._parts if part.tend()]

    def hurry(self) -> None:
        """End without waiting for the rows on their way."""
        self._hurried = True
        for part in self._parts:
            if not part.lasts:
                part.end()

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
        listening = undo.enter_context(listen(self.settings)) if self._with_web else None
        if not self.settings.redis_url:
            self._add(undo, "redis", lambda: embedded.start(data), lambda: embedded.end(data))
        self._prepare()
        ours, theirs = os.pipe()
        for handle in (ours, theirs):
            undo.callback(os.close, handle)
        self._add(undo, "worker", lambda: self._child("worker", ["jobs.worker"], ours))
        if listening:
            handle = listening.fileno()
            serve = ["assistant.serve", str(handle)]
            self._add(undo, "web", lambda: self._child("web", serve, ours, handle))
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

    def _restarted(self, part: Part) -> str:
        where = logs.place(self.settings.data, part.name)
        name = part.name.capitalize()
        return f"{name} ended and was started again; nothing is lost. What it said is in {where}."

    def _add(
        self, undo: contextlib.ExitStack, name: str, start: Start, end: Callable[[], None] | None = None
    ) -> None:
        part = Part(name, start, end)
        self._parts.append(part)
        undo.callback(self._wait, part)
        undo.callback(part.end)

    def _child(self, name: str, module: list[str], line: int, *handles: int) -> subprocess.Popen[bytes]:
        """A process in a session of its own, so that Ctrl-C reaches it through us and not past us."""
        with logs.opened(self.settings.data, name) as log:
            return subprocess.Popen(
                [sys.executable, "-m", *module],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(line, *handles),
                env=os.environ | {lifeline.VARIABLE: str(line)},
                start_new_session=True,
            )

    def _wait(self, part: Part) -> None:
        """Until it is gone. In a hurry it is asked again: RQ takes a second asking only after a second."""
        while part.process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                part.process.wait(ASK_AGAIN)
            if self._hurried and not part.lasts:
                part.end()


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

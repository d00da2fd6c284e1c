"""A batch watched from a terminal: a bar where there is one, else a line every few seconds."""

from __future__ import annotations

import time
from typing import Protocol, Self

import click
from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bars

from assistant.commands.asked import Asked
from assistant.commands.engine import Engine
from assistant.commands.folder import Folder
from assistant.supervisor import LOOK
from assistant.words import count, span
from jobs import control, credits
from jobs.progress import Progress, progress
from jobs.services import LOCAL, Services

EVERY = 5.0
"""Seconds between two lines where the output is no terminal."""

STOPPING = "Stopping: the rows on their way are finished and kept. Ctrl-C again does not wait."


class Shown(Protocol):
    """What shows how far a batch has come, while it is entered."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def show(self, now: Progress) -> None: ...
    def say(self, words: str) -> None: ...


def follow(services: Services, engine: Engine, asked: Asked, folder: Folder, batch_id: str) -> None:
    """Take the images as they come, until nothing of the batch changes by itself any more.

    Asked once, the batch is stopped and its rows on their way are waited for; asked twice, they are not.
    """
    stopping = False
    with _shown(Console()) as screen:
        while True:
            for sentence in engine.tend():
                screen.say(sentence)
            now = progress(services, LOCAL, batch_id)
            folder.take(services, now.batch)
            screen.show(now)
            if not now.live or asked.times > 1:
                return
            if asked and not stopping:
                stopping = True
                control.stop(services, LOCAL, batch_id)
                screen.say(STOPPING)
            time.sleep(LOOK)


def _shown(console: Console) -> Shown:
    return Bar(console) if console.is_terminal else Lines()


class Bar:
    """A bar of the rows that are through, with the figures beside it."""

    def __init__(self, console: Console) -> None:
        self._bars = Bars(BarColumn(), TextColumn("{task.description}", markup=False), console=console)
        self._task = self._bars.add_task("", total=None)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def show(self, now: Progress) -> None:
        rows = now.batch.rows
        self._bars.update(self._task, completed=now.settled, total=rows, description=figures(now))

    def say(self, words: str) -> None:
        self._bars.console.print(words, markup=False)


class Lines:
    """A line when the figures have changed, at most one every few seconds."""

    def __init__(self) -> None:
        self._next, self._last = 0.0, ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held open."""

    def show(self, now: Progress) -> None:
        line = figures(now)
        if line != self._last and time.monotonic() >= self._next:
            self._next, self._last = time.monotonic() + EVERY, line
            self.say(line)

    def say(self, words: str) -> None:
        click.echo(words)


def figures(now: Progress) -> str:
    """12 of 499 rows, 48 images, 1 row failed, 4 to 6 min left, 12.5 credits."""
    parts = [f"{now.settled:,} of {count(now.batch.rows, 'row')}", count(now.made, "image")]
    if now.waiting:
        parts.append(f"{count(now.waiting, 'row')} failed")
    if now.left:
        parts.append(f"{span(now.left)} left")
    if now.spent:
        parts.append(f"{credits.spoken(now.spent)} credits")
    return ", ".join(parts)

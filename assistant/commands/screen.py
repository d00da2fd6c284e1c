"""How far something is, in a terminal: a bar where there is one, else a line every few seconds."""

from __future__ import annotations

import time
from typing import Protocol, Self

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

EVERY = 5.0
"""Seconds between two lines where the output is no terminal."""


class Screen(Protocol):
    """What shows how far something is, while it is entered: `done` of `total`, and the figures in words."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def show(self, done: int, total: int, words: str) -> None: ...
    def say(self, words: str) -> None: ...


def screen() -> Screen:
    console = Console()
    return Bar(console) if console.is_terminal else Lines()


class Bar:
    """A bar of what is through, with the figures beside it."""

    def __init__(self, console: Console) -> None:
        self._bars = Progress(BarColumn(), TextColumn("{task.description}", markup=False), console=console)
        self._task = self._bars.add_task("", total=None)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def show(self, done: int, total: int, words: str) -> None:
        self._bars.update(self._task, completed=done, total=total, description=words)

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

    def show(self, done: int, total: int, words: str) -> None:  # noqa: ARG002 (as Screen)
        if words != self._last and time.monotonic() >= self._next:
            self._next, self._last = time.monotonic() + EVERY, words
            self.say(words)

    def say(self, words: str) -> None:
        click.echo(words)

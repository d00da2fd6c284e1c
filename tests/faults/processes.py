"""A stack that is looked after while parts of it are killed."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil

from assistant.parts import LOOK
from assistant.supervisor import Stack
from jobs.settings import Settings


@contextmanager
def running(settings: Settings, *, web: bool = False) -> Iterator[Stack]:
    """A stack that is looked after, as `up` does it."""
    over = threading.Event()
    with Stack(settings, web=web) as stack:

        def tend() -> None:
            while not over.wait(LOOK):
                stack.tend()

        keeper = threading.Thread(target=tend)
        keeper.start()
        try:
            yield stack
        finally:
            over.set()
            keeper.join()


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "the condition was waited for in vain"
        threading.Event().wait(0.02)


def ours(command: str) -> list[psutil.Process]:
    """Our children, and theirs, whose command line holds a word."""
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if command in " ".join(process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def horse() -> list[psutil.Process]:
    return [child for worker in ours("jobs.worker") for child in worker.children()]


TARGETS: dict[str, Callable[[], list[psutil.Process]]] = {
    "horse": horse,
    "worker": lambda: [one for one in ours("jobs.worker") if one.ppid() == os.getpid()],
    "web": lambda: ours("assistant.serve"),
    "valkey": lambda: ours("valkey-server"),
    "all": lambda: [*ours("jobs.worker"), *ours("assistant.serve"), *ours("valkey-server")],
}


def kill(target: str) -> None:
    for process in TARGETS[target]():
        try:
            process.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue

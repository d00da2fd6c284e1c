"""The stack that `make run` starts, started for a measurement: its address, its processes, its memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests import live


@contextmanager
def up(data: Path) -> Iterator[tuple[psutil.Process, str]]:
    """`promptsheet up` on a free port: its process and its address, once it answers."""
    with live.up(data) as running:
        yield psutil.Process(running.process.pid), running.url


def tree(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def pss(process: psutil.Process) -> float:
    """Megabytes of a process and all below it, shared pages counted once."""
    return float(sum(one.memory_full_info().pss for one in tree(process)) / 1e6)


def rss(process: psutil.Process) -> float:
    return float(process.memory_info().rss / 1e6)


def settle(process: psutil.Process, seconds: float = 3.0) -> None:
    """Wait until the processes have been idle for a moment."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.2)
        if sum(one.cpu_percent(None) for one in tree(process)) > 5:
            end = time.monotonic() + seconds

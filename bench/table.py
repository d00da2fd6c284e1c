"""One table of docs/BENCHMARKS.md, and how to take a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """`promise` is the sentence that the figures answer; `rows` are cells as they shall stand."""

    title: str
    promise: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        lines = [self.head, tuple("---" for _ in self.head), *self.rows]
        body = "\n".join("| " + " | ".join(line) + " |" for line in lines)
        return f"## {self.title}\n\n{self.promise}\n\n{body}\n"


def seconds(work: Callable[[], object], repeat: int = 5) -> float:
    """The best of `repeat` runs: the one least disturbed by whatever else the machine did."""
    best = float("inf")
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best

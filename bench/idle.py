"""The whole stack at rest: its memory, and how fast a second start answers."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.stack import pss, settle, tree, up
from bench.table import Table

PROMISE = "The whole idle stack needs at most 350 MB (PSS); started a second time it answers in under 5 s."


def measure() -> tuple[Table, ...]:
    with tempfile.TemporaryDirectory() as folder:
        with up(Path(folder)):
            pass
        start = time.perf_counter()
        with up(Path(folder)) as (process, _):
            answered = time.perf_counter() - start
            settle(process)
            parts = [(_name(one.cmdline()), one.memory_full_info().pss / 1e6) for one in tree(process)]
            total = pss(process)
    lines = [(name, f"{size:.0f} MB") for name, size in parts]
    rows = (*lines, ("all", f"{total:.0f} MB"), ("second start answers after", f"{answered:.1f} s"))
    return (Table("Idle stack", PROMISE, ("part", "PSS or time"), rows),)


def _name(command: list[str]) -> str:
    line = " ".join(command)
    for word, name in (
        ("valkey", "Valkey"),
        ("jobs.worker", "worker"),
        ("assistant.serve", "web"),
        (" up", "up"),
    ):
        if word in line:
            return name
    return line[:40]

"""A real language model, the smallest there is, drafts a sheet in a terminal, alone on the machine."""

from __future__ import annotations

import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

import requests

from bench.table import Table
from tests.cli.terminal import Terminal
from tests.real_model.drafted import EXAMPLES, GOAL, ROWS, Drafted, draft
from tests.real_model.server import serving, settings

PROMISE = f"""\
{ROWS} rows of a model of 135 million weights take at most 60 s on two cores; every row is valid, none nearly another.

SmolLM2 is behind llama.cpp's server, which has one core of its own. The time is that of the whole command, a new one each
time, which finds out how such a model has to be asked; of the counts the worst is told."""

TIMES, PATIENCE, TOKENS = 3, 300, 200


def measure() -> tuple[Table, ...]:
    with serving() as address:
        drafts = [_drafted(address) for _ in range(TIMES)]
        speed = _speed(address)
    took = [one.seconds for one in drafts]
    rows = (
        (
            f"{ROWS} rows, median and longest of {TIMES}",
            f"{median(took):.0f} and {max(took):.0f} s",
            "≤ 60 s",
        ),
        ("of them valid", str(min(one.valid for one in drafts)), str(ROWS)),
        ("nearly another", str(max(one.repeats for one in drafts)), "0"),
        ("the same server, asked by a bare client", f"{speed:.0f} tokens a second", ""),
    )
    return (Table("A real model, the smallest", PROMISE, ("what", "measured", "asked"), rows),)


def _drafted(address: str) -> Drafted:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with closing(Terminal(folder, folder / "data")) as terminal:
            return draft(terminal, PATIENCE, **settings(address))


def _speed(address: str) -> float:
    """Tokens a second that the server writes of a list like the draft's, for a client that only waits."""
    order: dict[str, Any] = {"prompt": "\n".join((GOAL, *EXAMPLES)), "max_tokens": TOKENS, "ignore_eos": True}
    began = time.perf_counter()
    requests.post(f"{address}/v1/completions", json=order, timeout=PATIENCE).raise_for_status()
    return TOKENS / (time.perf_counter() - began)

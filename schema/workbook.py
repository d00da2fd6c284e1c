"""Workbooks (.xlsx, .xls, .xlsb, .ods) read in a limited child process: bytes in, sheets of text out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from schema.refusals import refusal
from schema.table import COLUMNS, HEAD, Record

_LOADER = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
"""All that the child sees of the environment: what an interpreter may need to start. No keys."""
_PROGRAM = "import sys; sys.path.append(sys.argv[2]); from schema.reading_child import main; main()"
_ROOT = str(Path(__file__).parents[1])


@dataclass(frozen=True)
class Limits:
    """What the child may take: address space in bytes, processor seconds, characters of text in a sheet.

    100,000 rows of eleven columns take 130 MB, 1 s and 20 million characters.
    """

    memory: int = 420 << 20
    seconds: int = 25
    characters: int = 64_000_000


_LIMITS = Limits()


@dataclass
class Sheet:
    """One sheet. `left` is the number of empty columns before the first cell of `records`.

    `whole` is false where only the first rows were read, enough to see what its header is.
    """

    name: str
    visible: bool
    whole: bool
    left: int
    records: list[Record] = field(default_factory=list)


def sheets(
    data: bytes, name: str, most: int, limit: int, only: str | None = None, limits: Limits = _LIMITS
) -> list[Sheet]:
    """The sheets of a workbook, visible ones first; one of them whole: `only`, or the first with cells.

    `most` is the number of rows that are read at all, `limit` what a sentence names. Raises Unreadable.
    """
    found: list[Sheet] = []
    shared: dict[str, str] = {}  # one object for equal cells: a column of 100,000 “private” is one word
    request = {"task": "rows", "sheet": only, "rows": most + 1, "head": HEAD}
    for answer in _ask(request, data, name, limits, hard=most, limit=limit):
        if isinstance(answer, dict):
            found.append(Sheet(**answer))
            continue
        for number, *cells in answer:
            if len(cells) > COLUMNS:
                raise refusal("too-many-columns", name, count=len(cells), limit=COLUMNS)
            found[-1].records.append((number, tuple(map(shared.setdefault, cells, cells))))
    return found


def shown(data: bytes, name: str, sheet: str, cells: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """What openpyxl finds in cells (row, column; from 1) that came back empty: `#NAME?`, or a bare `=…`.

    Raises Unreadable.
    """
    request = {"task": "look", "sheet": sheet, "cells": list(cells)}
    return {(row, column): text for row, column, text in _ask(request, data, name, _LIMITS)}


def _ask(request: dict[str, Any], data: bytes, name: str, limits: Limits, **facts: int) -> Iterator[Any]:
    """Run the child and give its answers. However it ends, a bad end is one sentence."""
    request |= {**asdict(limits), "path": _packages()}
    environment = {key: os.environ[key] for key in _LOADER if key in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _PROGRAM, json.dumps(request), _ROOT],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds + 5,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise refusal("timed-out", name, seconds=limits.seconds) from None
    *answers, last, _ = [b"", b"", *done.stdout.split(b"\n")]
    reason = json.loads(last)["end"] if last.startswith(b'{"end"') else _cause(done.returncode)
    if reason:
        raise refusal(reason, name, characters=limits.characters, seconds=limits.seconds, **facts)
    return map(json.loads, answers[2:])


def _cause(status: int) -> str:
    """Why a child died without a last word, by its exit status."""
    if status == -getattr(signal, "SIGXCPU", 24):
        return "timed-out"
    return "out-of-memory" if status in (-signal.SIGABRT, -signal.SIGSEGV) else "reader-failed"


@cache
def _packages() -> list[str]:
    """The folders in which the child finds its readers, found without importing them."""
    specs = (find_spec(package) for package in ("python_calamine", "openpyxl", "et_xmlfile", "defusedxml"))
    return sorted({str(Path(spec.origin).parents[1]) for spec in specs if spec and spec.origin})

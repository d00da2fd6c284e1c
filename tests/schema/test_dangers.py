"""Files built to harm a reader: each ends in a sentence, and the process that asked lives on."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from schema.errors import Unreadable
from schema.reader import read
from schema.workbook import Limits, sheets
from tests.machine import ROOT
from tests.schema import made

DANGERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "two cells a world apart": (made.far_apart, "too-many-cells"),
    "the same in apostrophes": (lambda: made.far_apart(b"'"), "too-many-cells"),
    "one string of a gigabyte": (lambda: made.one_long_string(1024), "too-many-parts"),
    "one string just below the limit": (lambda: made.one_long_string(195), "out-of-memory"),
    "shared strings of 500 MB": (lambda: made.shared_strings(500, made.MIB), "too-many-parts"),
    "one string shown in 90,000 cells": (
        lambda: made.shared_strings(1, b"B" * 30_000, 90_000),
        "out-of-memory",
    ),
    "a billion laughs": (made.entities, "damaged"),
    "an entity from a file": (lambda: made.outside_entity(__file__), "damaged"),
    "a million rows": (lambda: made.many_rows(1_000_000), "too-many-rows"),
    "half a million rows without places": (lambda: made.many_rows(500_000, places=False), "too-many-rows"),
    "tags that never end": (made.slow_for_patterns, "damaged"),
    "60,000 parts": (lambda: made.many_parts(60_000), "too-many-parts"),
    "a panic in the reader": (made.panic, "reader-failed"),
}


made_once = cache(lambda name: DANGERS[name][0]())


@pytest.mark.parametrize("name", DANGERS)
def test_a_hostile_file_ends_in_a_sentence(name: str) -> None:
    data = made_once(name)
    start = time.perf_counter()
    with pytest.raises(Unreadable) as refused:
        read(data, "gift.xlsx")
    assert refused.value.code == DANGERS[name][1]
    assert str(refused.value).startswith("gift.xlsx ")
    assert refused.value.steps
    assert time.perf_counter() - start < 10


def test_no_hostile_file_takes_more_than_500_mb_of_the_child_or_100_of_us(tmp_path: Path) -> None:
    """In a process of its own: the system counts the largest child that a process ever had."""
    for number, name in enumerate(DANGERS):
        (tmp_path / str(number)).write_bytes(made_once(name))
    program = """
import pathlib, re, resource, sys
from schema.errors import Unreadable
from schema.reader import read
from schema.workbook import Limits, sheets
for path in pathlib.Path(sys.argv[1]).iterdir():
    try:
        read(path.read_bytes(), path.name)
    except Unreadable:
        pass
own = re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, int(own) // 1024)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    child, parent = map(int, done.stdout.split())
    assert child < 500
    assert parent < 100


def test_an_entity_from_a_file_shows_nothing_of_the_file() -> None:
    with pytest.raises(Unreadable) as refused:
        read(made.outside_entity(__file__), "gift.xlsx")
    assert "def test" not in str(refused.value)


def test_a_far_cell_that_is_only_formatted_does_no_harm() -> None:
    near = b'<row r="1">' + made.text_cell("A1", b"prompt") + b"</row>"
    far = b'<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert read(made.raw_xlsx([near, far]), "a.xlsx").headers == ("prompt",)


def test_a_reader_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(Unreadable, match="takes too long to open") as refused:
        sheets(made.many_rows(300_000), "slow.xlsx", 10**6, 500, limits=Limits(seconds=0))
    assert refused.value.code == "timed-out"


def test_a_sheet_with_more_text_than_fits_says_so() -> None:
    with pytest.raises(Unreadable, match="over 1,000 characters") as refused:
        sheets(made.shared_strings(1, b"B" * 100, 11), "novel.xlsx", 500, 500, limits=Limits(characters=1000))
    assert refused.value.code == "too-much-text"


def test_the_child_sees_no_keys_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    spy = tmp_path / "python"
    spy.write_text(f'#!/bin/sh\nenv > {tmp_path}/seen\nexec {sys.executable} "$@"\n')
    spy.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(spy))
    assert read(made.prompts(1), "a.xlsx").headers
    assert "secret" not in (tmp_path / "seen").read_text()

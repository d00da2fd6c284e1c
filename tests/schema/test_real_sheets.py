"""Every real, awkward sheet ends as its index says: in rows, or in one sentence."""

from __future__ import annotations

import csv
import re
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from schema.encoding import decode
from schema.errors import Unreadable
from schema.sheet import Examined, examine
from tests.machine import missing, shared

pytestmark = pytest.mark.skipif(missing("shared") is not None, reason=str(missing("shared")))


def _index() -> list[dict[str, str]]:
    folder = shared()
    if folder is None:
        return []
    with (folder / "sheets" / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _path(file: str) -> Path:
    folder = shared()
    assert folder is not None
    return folder / "sheets" / file


def _outcome(line: dict[str, str]) -> str:
    """What is expected of us, who do allow .ods and .xlsb."""
    return line["expected_outcome"].rpartition("or, if allowed, ")[2]


def _may(outcome: str) -> set[type[Any]]:
    """Which of the two ends an expected outcome allows."""
    if outcome.startswith(("rows", "decode")):
        return {Examined}
    if "rows or clear error" in outcome or "with line number" in outcome or "on it (fastexcel)" in outcome:
        return {Examined, Unreadable}
    return {Unreadable}


@pytest.mark.parametrize("line", _index(), ids=lambda line: line["file"])
def test_a_real_sheet_ends_as_its_index_says(line: dict[str, str]) -> None:
    data = _path(line["file"]).read_bytes()
    outcome = _outcome(line)
    start = time.perf_counter()
    try:
        end: Examined | Unreadable = examine(data, Path(line["file"]).name)
    except Unreadable as refused:
        end = refused
    assert time.perf_counter() - start < 5
    assert type(end) in _may(outcome)
    if isinstance(end, Unreadable):
        _is_a_sentence(end, outcome, line["file"])
    else:
        _counts_fit(end, outcome, line, data)
        _says_what_is_missing(end)


def _is_a_sentence(refused: Unreadable, outcome: str, file: str) -> None:
    assert str(refused).startswith(Path(file).name)
    assert str(refused).endswith(".")
    assert refused.steps
    if "password-protected" in outcome:
        assert refused.code == "password-protected"
    if "not a CSV file" in outcome:
        assert refused.code == "not-a-sheet"
    if "line number" in outcome:
        assert re.search(r"line \d+", str(refused))


def _counts_fit(end: Examined, outcome: str, line: dict[str, str], data: bytes) -> None:
    table = end.table
    counts = re.search(r"rows (\d+)x(\d+)(?:-(\d+))?", outcome)
    if line["file"].startswith("csv/"):
        assert table.delimiter
        records = list(csv.reader(StringIO(decode(data, "").text, newline=""), delimiter=table.delimiter))
        filled = [number for number, cells in enumerate(records, 1) if any(map(str.strip, cells))]
        assert [table.header_row, *(row.number for row in table.rows)] == filled
        if "must be detected" in outcome:
            assert table.delimiter != ","
        elif counts:
            assert len(records) == int(counts[1])
            assert len(table.headers) <= int(counts[3])
    elif counts and int(counts[1]) and "error cells" not in line["what_is_awkward"]:
        last = table.rows[-1].number if table.rows else table.header_row
        assert (last - table.header_row + 1, len(table.headers)) == (int(counts[1]), int(counts[2]))


def _says_what_is_missing(end: Examined) -> None:
    """None of these files is about prompts, so each says which headers it has instead."""
    (said,) = [problem for problem in end.problems if problem.code == "missing-column" and not problem.fixes]
    named = next((header for header in end.table.headers if header.strip()), None)
    assert said.level == "error"
    assert ("headers found are" in said.message) is (named is not None)

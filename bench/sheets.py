"""Reading and checking sheets, beside a program that reads with openpyxl and checks with jsonschema."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
from openpyxl import Workbook, load_workbook

from bench.table import Table, seconds
from schema.check import Checker
from schema.columns import Column, Value, load
from schema.sheet import examine

USUAL, LARGE = 499, 100_000
_SUBJECTS = ("fox", "owl", "hare", "badger", "deer", "wolf cub", "otter", "hedgehog", "robin", "squirrel")
_PLACES = ("in falling snow", "on a milestone", "by a frozen lake", "under a low moon", "in a felt slipper")


def measure() -> tuple[Table, ...]:
    return _usual(), _large()


def _usual() -> Table:
    data = _workbook(USUAL)
    assert not examine(data, "sheet.xlsx").problems
    validator = jsonschema.Draft202012Validator(load().document)
    ours = seconds(lambda: examine(data, "sheet.xlsx"), repeat=15)
    reused = seconds(lambda: [list(validator.iter_errors(row)) for row in _peer(data)], repeat=9)
    each = seconds(lambda: [jsonschema.validate(row, load().document) for row in _peer(data)], repeat=2)
    ways = (
        ("examine: child process, repairs and all", ours),
        ("openpyxl read_only, one validator reused", reused),
        ("openpyxl read_only, jsonschema.validate a row", each),
    )
    return Table(
        f"Read and check a sheet of {USUAL} rows",
        f"An .xlsx of {USUAL} rows and eleven columns is read and checked at least 10 times faster than with "
        "openpyxl and jsonschema.validate for each row, and 1.5 times faster than with one validator reused.",
        ("way", "time", "times ours"),
        tuple((way, f"{taken * 1000:,.0f} ms", f"{taken / ours:.1f}") for way, taken in ways),
    )


def _large() -> Table:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "large.xlsx")
        path.write_bytes(_workbook(LARGE))
        command = [sys.executable, "-m", "bench.sheets", str(path)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    taken, own, child = map(float, done.stdout.split())
    return Table(
        f"Read and check {LARGE:,} rows",
        f"{LARGE:,} rows take at most 8 s and 500 MB, the peaks of both processes added.",
        ("time", "peak of the process", "peak of its child", "added"),
        ((f"{taken:.1f} s", f"{own:.0f} MB", f"{child:.0f} MB", f"{own + child:.0f} MB"),),
    )


def _alone(path: Path) -> None:
    """One large sheet in a process of its own, since the system tells the peak of a whole life only."""
    import resource

    data = path.read_bytes()
    start = time.perf_counter()
    found = examine(data, path.name, max_rows=LARGE + 1, max_bytes=len(data))
    taken = time.perf_counter() - start
    assert len(found.values) == LARGE
    assert not found.problems
    peaks = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(taken, *peaks)


def _peer(data: bytes) -> Iterator[dict[str, Any]]:
    """The rows as openpyxl gives them, empty cells left out."""
    rows = (
        load_workbook(BytesIO(data), read_only=True, data_only=True).worksheets[0].iter_rows(values_only=True)
    )
    header = next(rows)
    for row in rows:
        yield {str(name): value for name, value in zip(header, row, strict=False) if value is not None}


def _workbook(rows: int) -> bytes:
    """A sheet as people make them: prompts all different, settings from the lists, a third left empty."""
    columns, checker, chance = load(), Checker(load()), random.Random(7)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet")
    sheet.append(columns.names)
    for number in range(rows):
        cells = {column.name: _cell(column, number, chance) for column in columns.all}
        while checker.row({name: str(cell) for name, cell in cells.items() if cell is not None}).problems:
            cells = {column.name: _cell(column, number, chance) for column in columns.all}
        sheet.append(list(cells.values()))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(column: Column, number: int, chance: random.Random) -> Value | None:
    """Any value that the column takes, now and then none."""
    if column.required and not column.choices:
        subject, place = chance.choice(_SUBJECTS), chance.choice(_PLACES)
        return (
            f"A sticker design of a cheerful {subject} {place}, number {number}, thick white die-cut border"
        )
    if not column.required and chance.random() < 1 / 3:
        return None
    if column.whole_number:
        return chance.randint(column.minimum or 0, column.maximum or 0)
    return chance.choice([*column.choices, *column.examples])


if __name__ == "__main__":
    _alone(Path(sys.argv[1]))

"""The program that opens workbooks: a short-lived process with limits, started by schema/workbook.py.

Whatever a hostile file does to the reader, it does here: an abort, a panic or a full memory ends this process
and nothing else. It is started without site packages and imports little, since it starts for every upload.

In: the request as JSON in the first argument, the file's bytes on standard input.
Out: a JSON value a line, and `{"end": reason}` as the last, the reason null when all went well. Without that
line the process has died. Task `rows`: an object a sheet, `{"name", "visible", "whole", "left"}`, followed by
lists of its non-empty rows, `[number, cell, …]`, cells as text. Task `look`: `[row, column, what is there]`.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice

TYPE_CHECKING = False  # as typing has it; importing typing would cost every upload 4 ms
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

BATCH = 500
"""Rows in one line of the answer."""


class Over(Exception):
    """A limit of the request is passed; the text is the reason's word."""


def main() -> None:
    request = json.loads(sys.argv[1])
    limit(request["memory"], request["seconds"])
    sys.path += request["path"]
    data = sys.stdin.buffer.read()
    task = {"rows": rows, "look": look}[request["task"]]
    reason = None
    try:
        for answer in task(data, request):
            say(answer)
    except BaseException as error:  # noqa: BLE001 - a panic of the Rust reader is no Exception
        reason = reason_of(error)
    say({"end": reason})


def limit(memory: int, seconds: int) -> None:
    """Bound address space (bytes) and processor time; write no files, dump no core."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is the only limit
        return
    # The lower limit of the time ends the process with a signal of its own, by which the parent knows why.
    wanted = {"CORE": (0, 0), "FSIZE": (0, 0), "AS": (memory, memory), "CPU": (seconds, seconds + 1)}
    for what, bounds in wanted.items():
        try:
            resource.setrlimit(getattr(resource, f"RLIMIT_{what}"), bounds)
        except (
            OSError,
            ValueError,
        ):  # a stricter limit holds already, or macOS, which bounds no address space
            continue


def say(answer: object) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")


def reason_of(error: BaseException) -> str:
    if isinstance(error, Over):
        return str(error)
    if isinstance(error, MemoryError):
        return "out-of-memory"
    if type(error).__name__ == "PasswordError":
        return "password-protected"
    return "damaged" if isinstance(error, Exception) else "reader-failed"


def rows(data: bytes, request: dict[str, Any]) -> Iterator[object]:
    """The sheet asked for, or the first one with cells, whole; of the others the first rows.

    Visible sheets come before hidden ones. Once one was sent whole, another that is damaged is passed over.
    """
    from python_calamine import CalamineError, load_workbook

    book = load_workbook(BytesIO(data))
    sent = False
    for name, visible in worksheets(book.sheets_metadata):
        if request["sheet"] not in (None, name):
            continue
        try:
            sheet = book.get_sheet_by_name(name)
        except CalamineError:
            if sent:
                continue
            raise
        whole = sheet.start is not None and not sent
        sent = sent or whole
        yield {"name": name, "visible": visible, "whole": whole, "left": sheet.start[1] if sheet.start else 0}
        lines = texts(sheet)
        yield from batches(within(lines, request) if whole else islice(lines, request["head"]))


def worksheets(metadata: list[Any]) -> list[tuple[str, bool]]:
    """Name and visibility of each sheet that may hold cells, visible ones first."""
    found = [
        (meta.name, str(meta.visible).endswith(".Visible"))
        for meta in metadata
        if str(meta.typ).endswith(".WorkSheet")
    ]
    return sorted(found, key=lambda sheet: not sheet[1])


def texts(sheet: Any) -> Iterator[list[Any]]:
    """The non-empty rows as `[number, cell, …]`, empty cells at the end left out."""
    for number, values in enumerate(sheet.iter_rows(), 1):
        row: list[Any] = [value if type(value) is str else text(value) for value in values]
        while row and not row[-1].strip():
            row.pop()
        if row:
            yield [number, *row]


def within(lines: Iterator[list[Any]], request: dict[str, Any]) -> Iterator[list[Any]]:
    """The same rows as long as they keep to the request's limits of rows and characters."""
    characters = 0
    for count, line in enumerate(lines, 1):
        characters += sum(map(len, line[1:]))
        if count > request["rows"]:
            raise Over("too-many-rows")
        if characters > request["characters"]:
            raise Over("too-much-text")
        yield line


def batches(lines: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    while batch := list(islice(lines, BATCH)):
        yield batch


def text(value: float | bool | time | timedelta | date) -> str:
    """A cell as a person would type it: no needless .0, TRUE, HH:MM:SS also over 24 hours, ISO dates."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float | int):
        return str(int(value)) if value == value // 1 and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second or value.microsecond)
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        value = timedelta(
            hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
        )
    minutes, seconds = divmod(abs(round(value.total_seconds())), 60)
    return f"{'-' if value < timedelta() else ''}{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def look(data: bytes, request: dict[str, Any]) -> Iterator[object]:
    """What openpyxl shows in cells that looked empty: an error value, or a formula that has no result."""
    from openpyxl import load_workbook

    asked = {(row, column) for row, column in request["cells"]}
    bottom, right = max(row for row, _ in asked), max(column for _, column in asked)
    for results in (True, False):
        sheet = load_workbook(BytesIO(data), read_only=True, data_only=results)[request["sheet"]]
        area = sheet.iter_rows(min_row=1, max_row=bottom, min_col=1, max_col=right, values_only=True)
        for row, values in enumerate(area, 1):
            for column, value in enumerate(values, 1):
                if (row, column) in asked and isinstance(value, str) and value[:1] in ("#", "="):
                    asked.remove((row, column))
                    yield [row, column, value]

"""What is said about a cell, a row or a file: a Problem, with the fixes it offers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "fixed"]
Op = Literal["set", "set-all", "delete-row"]


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing that can be done about a problem with one click.

    `set` writes `value` into `column` of the problem's row, `set-all` into that column of every row,
    `delete-row` removes the row (column and value are None).
    """

    label: str
    op: Op
    column: str | None = None
    value: str | None = None

    def to_json(self) -> dict[str, str | None]:
        return {"label": self.label, "op": self.op, "column": self.column, "value": self.value}


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of a check's result, in the shape the command line and the HTTP API promise.

    row     number of the row as a spreadsheet program shows it, None for the whole file
    column  the column's name, or None
    value   the cell as it was read, or None
    level   error: cannot run · warning: may run · fixed: was repaired
    code    stable word in kebab-case
    message the sentence for the person
    fix     the first value that would repair the cell (level fixed: the value it was repaired to), or None
    fixes   everything that is offered
    row_id  the row's id for life, where the row lives in a sheet; only the HTTP API adds it
    """

    row: int | None
    column: str | None
    value: str | None
    level: Level
    code: str
    message: str
    fix: str | None = None
    fixes: tuple[Fix, ...] = ()
    row_id: str | None = None

    def to_json(self) -> dict[str, object]:
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "level": self.level,
            "code": self.code,
            "message": self.message,
            "fix": self.fix,
            "fixes": [fix.to_json() for fix in self.fixes],
        }


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Those that keep a sheet from running."""
    return [problem for problem in problems if problem.level == "error"]

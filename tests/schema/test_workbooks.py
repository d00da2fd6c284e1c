"""Workbooks: the right sheet, the rows' true numbers, and cells as a person would type them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from schema.reader import read
from schema.sheet import examine
from tests.schema import made
from tests.schema.made import saved, workbook

HEADER = ("prompt", "visibility", "aspect_ratio")


def test_rows_have_the_numbers_that_a_spreadsheet_program_shows() -> None:
    book = Workbook()
    for column, header in zip("CDE", HEADER, strict=True):
        book.active[f"{column}4"] = header
    book.active["C6"], book.active["D6"] = "a fox", "private"
    book.active["C9"] = "an owl"
    table = read(saved(book), "a.xlsx")
    assert (table.headers, table.header_row, table.left) == (HEADER, 4, 2)
    assert [(row.number, row.cells) for row in table.rows] == [
        (6, ("a fox", "private", "")),
        (9, ("an owl", "", "")),
    ]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (3.0, "3"),
        (3, "3"),
        (2147483647, "2147483647"),
        (0.0854, "0.0854"),
        (2 / 24 + 3 / 1440, "0.08541666666666667"),
        (1e300, "1e+300"),
        (True, "TRUE"),
        (False, "FALSE"),
        (time(2, 3), "02:03:00"),
        (timedelta(hours=40, minutes=50), "40:50:00"),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 10, 30), "2026-03-02 10:30:00"),  # noqa: DTZ001 - a cell has no zone
        ("  2:3 ", "  2:3 "),
        ("a\nb", "a\nb"),
    ],
)
def test_a_cell_reads_as_a_person_would_type_it(typed: Any, text: str) -> None:
    table = read(saved(workbook([HEADER, ["a fox", "private", typed]])), "a.xlsx")
    assert table.rows[0].cells[2] == text


def test_the_sheet_whose_header_fits_best_is_read_and_named() -> None:
    book = workbook([["Notes"], ["nothing here"]], "Cover")
    wanted = book.create_sheet("Prompts")
    for row in (HEADER, *[(f"fox {number}", "private", "1:1") for number in range(50)]):
        wanted.append(row)
    table = read(saved(book), "a.xlsx")
    assert table.sheet == "Prompts"
    assert len(table.rows) == 50


def test_a_visible_sheet_goes_before_a_hidden_one() -> None:
    book = workbook([HEADER, ["old fox", "private", "1:1"]], "Old")
    book.active.sheet_state = "hidden"
    new = book.create_sheet("New")
    new.append(HEADER)
    new.append(("new fox", "private", "1:1"))
    table = read(saved(book), "a.xlsx")
    assert (table.sheet, table.rows[0].cells[0]) == ("New", "new fox")


def test_a_hidden_sheet_that_alone_fits_is_read_and_that_is_told() -> None:
    book = workbook([["Cover"]], "Cover")
    hidden = book.create_sheet("Data")
    hidden.sheet_state = "hidden"
    hidden.append(HEADER)
    hidden.append(("a fox", "private", "1:1"))
    table = read(saved(book), "a.xlsx")
    assert table.sheet == "Data"
    assert [problem.code for problem in table.problems] == ["other-sheets"]
    assert "hidden sheet “Data”" in table.problems[0].message


def test_a_second_sheet_of_prompts_is_not_left_out_silently() -> None:
    book = workbook([HEADER, ["a fox", "private", "1:1"]], "May")
    june = book.create_sheet("June")
    june.append(HEADER)
    june.append(("an owl", "private", "1:1"))
    table = read(saved(book), "a.xlsx")
    assert table.sheet == "May"
    assert "“June”" in table.problems[0].message


def test_an_empty_workbook_is_a_table_without_rows() -> None:
    table = read(saved(Workbook()), "a.xlsx")
    assert (table.headers, table.rows, table.sheet) == ((), (), "Sheet")


def test_a_text_that_was_taken_for_a_formula_is_told_with_what_to_do() -> None:
    book = workbook([HEADER, ["=a fox", "private", "1:1"], [None, "private", "1:1"]])
    book.active["A3"].value = "#NAME?"
    book.active["A3"].data_type = "e"
    found = [problem for problem in examine(saved(book), "a.xlsx").problems if problem.column == "prompt"]
    assert [(problem.row, problem.code, problem.value) for problem in found] == [
        (2, "formula-error", "=a fox"),
        (3, "formula-error", "#NAME?"),
    ]
    assert all("Format column A as Text" in problem.message for problem in found)


def test_an_empty_needed_cell_without_a_formula_is_only_empty() -> None:
    book = workbook([HEADER, ["a fox", "private", "1:1"], [None, "private", "=1+1"]])
    found = [problem for problem in examine(saved(book), "a.xlsx").problems if problem.column == "prompt"]
    assert [(problem.row, problem.code) for problem in found] == [(3, "required")]


def test_a_hundred_thousand_rows_below_the_header_are_read() -> None:
    table = read(made.many_rows(100_001), "a.xlsx")
    assert (table.header_row, len(table.rows), table.rows[-1].number) == (1, 100_000, 100_001)

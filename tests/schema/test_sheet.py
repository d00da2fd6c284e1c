"""One call from a file to all that is known of it."""

from __future__ import annotations

import time

from schema.sheet import examine
from schema.writer import write
from tests.schema.made import csv, prompts, saved, workbook


def test_a_sheet_is_read_repaired_and_checked_in_one_call() -> None:
    data = csv(
        "Prompt;visibility;aspect ratio;Notes",
        "a fox;Private;02:03:00;mine",
        "an owl;private;2:3;",
        ";pulic;;x",
    )
    found = examine(data, "a.csv")
    assert found.headings.names == ("prompt", "visibility", "aspect_ratio", None)
    assert found.raw[0] == {
        "prompt": "a fox",
        "visibility": "Private",
        "aspect_ratio": "02:03:00",
        "Notes": "mine",
    }
    assert found.cells[0] == {
        "prompt": "a fox",
        "visibility": "private",
        "aspect_ratio": "2:3",
        "Notes": "mine",
    }
    assert found.cells[1] is found.raw[1]
    assert found.values[0] == {"prompt": "a fox", "visibility": "private", "aspect_ratio": "2:3"}
    assert [
        (repair.row, repair.column, repair.before, repair.after, repair.code) for repair in found.repairs
    ] == [
        (2, "visibility", "Private", "private", "case"),
        (2, "aspect_ratio", "02:03:00", "2:3", "excel-time"),
    ]


def test_repairs_are_told_among_the_problems_in_reading_order() -> None:
    found = examine(csv("prompt,visibility,model", ",Private,3", "an owl,pulic,2.0"), "a.csv")
    assert [(problem.row, problem.column, problem.level, problem.code) for problem in found.problems] == [
        (2, "prompt", "error", "required"),
        (2, "visibility", "fixed", "case"),
        (2, "model", "fixed", "excel-number"),
        (3, "visibility", "error", "not-allowed"),
    ]
    fixed = found.problems[1]
    assert (fixed.value, fixed.fix) == ("Private", "private")


def test_what_concerns_the_whole_file_is_told_first_and_once() -> None:
    found = examine(csv("Title", "Prompts,style,notes", "a fox,desing,x"), "a.csv")
    assert [(problem.row, problem.code) for problem in found.problems] == [
        (None, "above-header"),
        (None, "header-fixed"),
        (None, "unknown-column"),
        (None, "missing-column"),
        (3, "not-allowed"),
    ]


def test_columns_of_the_same_name_are_all_kept() -> None:
    found = examine(csv("prompt,prompt,notes,notes,visibility", "a,b,c,d,private"), "a.csv")
    assert found.cells[0] == {
        "prompt": "a",
        "prompt (2)": "b",
        "notes": "c",
        "notes (2)": "d",
        "visibility": "private",
    }


def test_an_error_names_the_row_that_a_spreadsheet_program_shows() -> None:
    book = workbook([[], ["prompt", "visibility"], [], ["a fox", "pulic"]])
    (said,) = examine(saved(book), "a.xlsx").problems
    assert said.row == 4


def test_a_header_alone_is_a_sheet_without_rows() -> None:
    found = examine(csv("prompt,visibility"), "a.csv")
    assert [problem.code for problem in found.problems] == ["no-rows"]
    assert found.cells == ()


def test_the_limit_of_rows_is_the_one_given() -> None:
    assert examine(prompts(499), "a.xlsx", max_rows=500).problems == ()
    (said,) = examine(prompts(500), "a.xlsx", max_rows=500).problems
    assert said.code == "too-many-rows"


def test_public_scripts_headers_in_capitals_are_taken() -> None:
    found = examine(csv("PROMPT,VISIBILITY,ASPECT_RATIO", "a fox,private,1:1"), "a.csv")
    assert [problem.code for problem in found.problems] == ["header-fixed"] * 3


def test_a_long_sheet_of_faults_is_examined_quickly() -> None:
    rows = [[f"fox {number}", "pulic", f"{number}:{number}", "#ggg " * 9] for number in range(3000)]
    data = write(("prompt", "visibility", "aspect_ratio", "color_palette"), rows, "csv")
    start = time.perf_counter()
    found = examine(data, "a.csv", max_rows=5000)
    assert len(found.problems) == 9000 - 1  # 1:1 is a ratio
    assert time.perf_counter() - start < 5

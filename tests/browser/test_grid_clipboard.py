"""The real clipboard: what spreadsheet programs copy is pasted whole, and what is copied is read by them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import GridOf
from tests.browser.gridding import Grid

SHEET = b"""prompt,visibility,aspect_ratio,model
a fox,private,1:1,2.0
a bear,private,2:3,3.0
an owl,private,,2.0
a hare,private,1:1,2.0
"""


@pytest.fixture
def sheet(grid: GridOf) -> Grid:
    made = grid(SHEET)
    made.go(2, "prompt")
    return made


def paste(sheet: Grid, text: str) -> None:
    sheet.copy(text)
    sheet.press("Control+v")
    sheet.saved()


def test_quoted_line_ends_tabs_and_quotes_are_one_cell_each(sheet: Grid) -> None:
    lines = (
        '"a fox\nin a ""red"" scarf"\tprivate\r\n"a\tbear"\tpublic\r\n"Warm Wishes" on a scarf\tprivate\r\n'
    )
    paste(sheet, lines)
    assert sheet.column("prompt") == [
        'a fox\nin a "red" scarf',
        "a\tbear",
        '"Warm Wishes" on a scarf',
        "a hare",
    ]
    assert sheet.column("visibility") == ["private", "public", "private", "private"]
    sheet.says("Pasted into 3 rows.")


def test_empty_cells_empty_what_was_there(sheet: Grid) -> None:
    sheet.go(2, "visibility")
    paste(sheet, "private\t\t\t3.0\nprivate\t16:9\t\t")
    assert sheet.column("aspect_ratio")[:2] == ["", "16:9"]
    assert sheet.column("model")[:2] == ["3.0", ""]


def test_one_value_fills_the_selection_and_a_block_repeats_in_a_multiple_of_it(
    sheet: Grid, page: Page
) -> None:
    sheet.go(3, "aspect_ratio")
    sheet.press("Shift+ArrowDown", "Shift+ArrowDown")
    paste(sheet, "4:5\n")
    assert sheet.column("aspect_ratio") == ["1:1", "4:5", "4:5", "4:5"]
    expect(page.locator("#grid [aria-selected=true]")).to_have_count(3)
    sheet.go(2, "aspect_ratio")
    sheet.press("Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown")
    paste(sheet, "1:2\n2:1")
    assert sheet.column("aspect_ratio") == ["1:2", "2:1", "1:2", "2:1"]


def test_more_rows_than_are_left_are_added_and_one_undo_takes_all_back(sheet: Grid) -> None:
    sheet.go(5, "prompt")
    paste(sheet, "one\tprivate\ntwo\tprivate\nthree\tpublic")
    sheet.says("2 rows were added.")
    assert sheet.column("prompt")[3:] == ["one", "two", "three"]
    assert [cells["visibility"] for cells in sheet.stored()][4:] == ["private", "public"]
    sheet.press("Control+z")
    expect(sheet.cell(6, "prompt")).to_have_count(0)
    sheet.saved()
    assert sheet.column("prompt") == ["a fox", "a bear", "an owl", "a hare"]


def test_a_header_row_names_the_columns_and_what_has_no_place_is_said(sheet: Grid) -> None:
    paste(sheet, "Model\tNotes\tprompt\n1.0\tx\ta cat\n2a\ty\ta dog")
    sheet.says("The first line was read as the header. Not pasted: Notes.")
    assert sheet.column("prompt")[:3] == ["a cat", "a dog", "an owl"]
    assert sheet.column("model")[:2] == ["1.0", "2a"]
    sheet.press("End")
    paste(sheet, "ember\tleft over\tmore")
    sheet.says("2 columns did not fit on the right and were not pasted.")
    assert sheet.column("color_palette")[0] == "ember"


def test_what_is_copied_or_cut_is_quoted_as_spreadsheets_quote(sheet: Grid) -> None:
    paste(sheet, '"a fox\nasleep"\n"""Warm"" words"')
    sheet.go(2, "prompt")
    sheet.press("Shift+ArrowDown", "Shift+ArrowRight", "Control+c")
    sheet.says("Copied 2 rows.")
    assert sheet.clipboard() == '"a fox\nasleep"\tprivate\n"""Warm"" words"\tprivate'
    sheet.go(4, "prompt")
    sheet.press("Control+v")
    sheet.saved()
    assert sheet.column("prompt")[2:] == ["a fox\nasleep", '"Warm" words']
    sheet.press("Escape")  # the note says that these are nearly the same as those above
    sheet.go(5, "prompt")
    sheet.press("Control+x", "Escape")
    sheet.go(2, "prompt")
    sheet.press("Control+v")
    sheet.saved()
    assert sheet.column("prompt")[0] == '"Warm" words'
    assert sheet.column("prompt")[3] == ""


def test_in_an_editor_the_clipboard_is_the_browsers_own(sheet: Grid, page: Page) -> None:
    sheet.copy("with\ta tab")
    sheet.press("Enter", "Control+v")
    expect(page.get_by_label("prompt", exact=True)).to_have_value("a foxwith\ta tab")
    sheet.press("Enter")
    sheet.saved()
    assert sheet.column("prompt")[:2] == ["a foxwith\ta tab", "a bear"]

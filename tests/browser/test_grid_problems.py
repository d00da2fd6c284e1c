"""Problems where they stand: said on the cell, filtered to, walked through and fixed by key."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import GridOf
from tests.browser.gridding import Grid

SHEET = b"""prompt,visibility,aspect_ratio,model,style,num_images
a fox,Private,02:03:00,2.0,design,4
a bear,private,2-Mar-26,2,design,4
an owl,private,1:1,3.0,anime,4
a hare,pulic,1:1,3.0,design,9
a wolf,private,1:1,2.0,,
a wolf,private,1:1,2.0,,
"""


@pytest.fixture
def sheet(grid: GridOf) -> Grid:
    return grid(SHEET)


def test_a_problem_is_said_on_its_cell_with_its_fixes_and_one_click_takes_one(
    sheet: Grid, page: Page
) -> None:
    cell = sheet.cell(3, "aspect_ratio")
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(cell).to_contain_text("Error: Excel made a date of it")
    sheet.go(3, "aspect_ratio")
    note = page.get_by_role("note")
    expect(note).to_contain_text("It was 2:3 or 3:2")
    expect(cell.get_by_role("textbox")).to_have_accessible_name(
        re.compile("row 3: 2-Mar-26. Excel made a date")
    )
    note.get_by_role("button", name="Set 3:2").click()
    sheet.at(3, "aspect_ratio")
    expect(note).to_be_hidden()
    expect(cell).not_to_have_attribute("aria-invalid", "true")
    sheet.saved()
    assert sheet.column("aspect_ratio")[1] == "3:2"


def test_f8_goes_from_problem_to_problem_and_alt_f_takes_the_fix(sheet: Grid, page: Page) -> None:
    sheet.go(2, "prompt")
    sheet.press("F8")
    sheet.at(3, "aspect_ratio")
    sheet.press("F8")
    sheet.at(4, "style")
    sheet.press("Shift+F8", "Shift+F8")
    sheet.at(5, "num_images")
    sheet.press("F8", "F8", "Alt+f")
    expect(sheet.cell(4, "style")).not_to_have_attribute("aria-invalid", "true")
    sheet.press("F8", "Alt+f", "F8", "Alt+f", "F8", "Alt+f")
    expect(page.locator("[data-level=error]")).to_be_hidden()
    sheet.press("F8")
    expect(sheet.row(7).locator("th")).to_contain_text("Warning: The same as row 6")
    sheet.at(7, "prompt")
    sheet.press("Alt+f")
    expect(sheet.row(7)).to_have_count(0)
    expect(page.locator("#details")).to_contain_class("go")


def test_the_counts_filter_and_a_row_that_is_mended_stays_till_the_filter_goes(
    sheet: Grid, page: Page
) -> None:
    errors = page.get_by_role("button", name="4 errors")
    errors.click()
    expect(page.locator("#grid tbody tr")).to_have_count(3)
    expect(page.locator("#shown")).to_have_text("3 rows of 6")
    sheet.go(4, "style")
    sheet.press("Alt+f")
    chip = page.get_by_role("button", name="3 errors")
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#grid tbody tr")).to_have_count(3)
    chip.click()
    expect(page.locator("#grid tbody tr")).to_have_count(6)
    page.get_by_role("button", name="3 fixed").click()
    expect(page.locator("#grid tbody tr")).to_have_count(2)


def test_safe_fixes_are_shown_before_and_after_and_applied_as_one(sheet: Grid, page: Page) -> None:
    sheet.go(2, "visibility")
    sheet.copy("PRIVATE\nPublic")
    sheet.press("Control+v")
    page.get_by_role("button", name="2 safe fixes").click()
    lines = page.locator("#safe-list tbody tr")
    expect(lines).to_have_count(2)
    expect(lines.filter(has_text="PRIVATE")).to_contain_text("small and capital letters as in the list")
    page.get_by_role("button", name="Apply all 2").click()
    sheet.at(2, "visibility")
    expect(sheet.cell(3, "visibility")).to_contain_text("public")
    sheet.press("Control+z")
    expect(sheet.cell(3, "visibility")).to_contain_text("Public")


def test_what_is_typed_is_checked_by_the_server_as_it_is_everywhere(sheet: Grid, page: Page) -> None:
    sheet.go(6, "model")
    sheet.type("3")
    sheet.press("Escape")
    page.get_by_role("note").wait_for(state="hidden")
    sheet.copy("3")
    sheet.press("Control+v")
    expect(sheet.cell(6, "model")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("note").get_by_role("button", name="3.0").first).to_be_visible()


def test_a_problem_of_the_whole_sheet_stands_above_with_its_fix(grid: GridOf, page: Page) -> None:
    sheet = grid(b"prompt\na fox\na bear\n")
    whole = page.get_by_role("list", name="Problems of the whole sheet")
    expect(whole).to_contain_text("There is no column visibility")
    whole.get_by_role("button", name="Set private for all rows").click()
    expect(whole).to_be_hidden()
    sheet.saved()
    assert sheet.column("visibility") == ["private", "private"]


def test_a_locked_cell_is_released_and_shows_where_it_came_from(sheet: Grid, page: Page) -> None:
    sheet.go(2, "prompt")
    sheet.type("a vixen")
    sheet.press("Enter", "ArrowUp")
    page.get_by_role("button", name="Origins").click()
    expect(sheet.cell(2, "prompt").get_by_label("written by you, locked")).to_be_visible()
    expect(sheet.row(2).get_by_label("locked: you wrote in it")).to_be_visible()
    expect(sheet.cell(2, "visibility")).to_contain_text("Repaired:")
    sheet.go(2, "prompt")
    page.get_by_role("note").get_by_role("button", name="Release").click()
    expect(sheet.row(2).get_by_label("locked: you wrote in it")).to_have_count(0)
    expect(sheet.cell(2, "prompt").get_by_label("written by you")).to_be_visible()
    sheet.press("Control+z")
    expect(sheet.row(2).get_by_label("locked: you wrote in it")).to_be_visible()


def test_the_good_rows_run_now_and_the_others_wait_in_a_sheet_of_their_own(sheet: Grid, page: Page) -> None:
    sheet.go(4, "style")
    sheet.press("Alt+f")
    page.get_by_role("button", name="Run the 4 good rows now").click()
    page.wait_for_url("**/details")
    expect(page.locator(".toast")).to_contain_text(
        "2 rows with problems are kept as the sheet “sheet, rest”."
    )
    expect(page.get_by_role("button", name="Start 4 rows")).to_be_visible()


def test_problems_page_and_grid_lead_to_each_other(sheet: Grid, page: Page) -> None:
    page.get_by_role("button", name="File").click()
    page.get_by_role("link", name="Problems by kind").click()
    page.get_by_role("link", name="Open the grid").click()
    expect(sheet.cell(2, "prompt")).to_contain_text("a fox")

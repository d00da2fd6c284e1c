"""Rows and whole columns: filled, found, replaced, set, added, moved, sorted, filtered, hidden."""

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


def numbers(page: Page) -> list[str]:
    return page.locator("#grid tbody th").all_inner_texts()


def test_fill_down_by_key_takes_the_first_row(sheet: Grid) -> None:
    sheet.go(3, "aspect_ratio")
    sheet.press("Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowDown", "Control+d")
    sheet.saved()
    assert sheet.column("aspect_ratio") == ["1:1", "2:3", "2:3", "2:3"]
    assert sheet.column("model") == ["2.0", "3.0", "3.0", "3.0"]


def test_the_handle_is_dragged_over_the_rows_to_fill(sheet: Grid, page: Page) -> None:
    sheet.go(3, "aspect_ratio")
    page.locator("#grid .handle").hover()
    page.mouse.down()
    sheet.cell(5, "aspect_ratio").hover()
    page.mouse.up()
    sheet.says("Filled into 2 rows.")
    sheet.saved()
    assert sheet.column("aspect_ratio") == ["1:1", "2:3", "2:3", "2:3"]
    sheet.press("Control+z")
    expect(sheet.cell(5, "aspect_ratio")).to_contain_text("1:1")


def test_find_and_replace_shows_what_it_will_do_first(sheet: Grid, page: Page) -> None:
    sheet.press("Control+f")
    page.get_by_label("Find", exact=True).fill("A ")
    page.get_by_label("replace with").fill("the ")
    expect(page.locator("#find-preview tbody tr")).to_have_count(3)
    expect(page.locator("#find-preview tbody tr").first).to_contain_text("the fox")
    page.get_by_label("match case").check()
    expect(page.locator("#find-said")).to_have_text("No cell that is shown has this text.")
    page.get_by_label("match case").uncheck()
    page.get_by_role("button", name="Find next").click()
    expect(sheet.cell(3, "prompt")).to_contain_class("active")
    page.get_by_role("button", name="Replace in 3 cells").click()
    sheet.saved()
    assert sheet.column("prompt") == ["the fox", "the bear", "an owl", "the hare"]
    page.keyboard.press("Escape")
    sheet.at(3, "prompt")
    sheet.press("Control+z")
    expect(sheet.cell(2, "prompt")).to_contain_text("a fox")


def test_a_column_is_set_in_selected_shown_or_all_rows(sheet: Grid, page: Page) -> None:
    page.get_by_label("Show only rows with").fill("a ")
    page.get_by_label("Filter in").select_option("prompt")
    expect(page.locator("#shown")).to_have_text("3 rows of 4")
    sheet.go(5, "model")
    page.get_by_role("button", name="Set a column").click()
    for scope, value, after in (
        ("picked", "1.0", ["2.0", "3.0", "2.0", "1.0"]),
        ("shown", "3.0", ["3.0", "3.0", "2.0", "3.0"]),
        ("all", "2a", ["2a", "2a", "2a", "2a"]),
    ):
        page.get_by_label("Rows to set").select_option(scope)
        page.get_by_label("Value", exact=True).fill(value)
        page.get_by_role("button", name="Set it").click()
        sheet.saved()
        assert sheet.column("model") == after


def test_rows_are_added_duplicated_moved_and_deleted_by_key(sheet: Grid) -> None:
    sheet.press("Alt+n")
    sheet.at(3, "prompt")
    sheet.type("a cat")
    sheet.press("Enter", "ArrowUp", "ArrowUp", "Alt+d")
    sheet.at(3, "prompt")
    sheet.saved()
    assert sheet.column("prompt") == ["a fox", "a fox", "a cat", "a bear", "an owl", "a hare"]
    sheet.press("Alt+ArrowDown", "Alt+ArrowDown")
    sheet.at(5, "prompt")
    sheet.press("Alt+ArrowUp")
    sheet.saved()
    assert sheet.column("prompt") == ["a fox", "a cat", "a fox", "a bear", "an owl", "a hare"]
    sheet.press("Shift+ArrowDown", "Alt+Delete")
    sheet.at(4, "prompt")
    sheet.saved()
    assert sheet.column("prompt") == ["a fox", "a cat", "an owl", "a hare"]
    sheet.press(*["Control+z"] * 7)
    expect(sheet.row(6)).to_have_count(0)
    sheet.saved()
    assert sheet.column("prompt") == ["a fox", "a bear", "an owl", "a hare"]


def test_rows_are_picked_one_by_one_and_the_buttons_act_on_them(sheet: Grid, page: Page) -> None:
    sheet.row(2).locator("th").click()
    sheet.row(4).locator("th").click(modifiers=["Control"])
    page.get_by_role("button", name="Rows", exact=True).click()
    expect(page.locator("[data-rows]")).to_have_text("Rows 2, 4:")
    page.get_by_role("button", name="Delete Alt Del").click()
    sheet.saved()
    assert sheet.column("prompt") == ["a bear", "a hare"]


def test_sorting_and_filtering_keep_each_rows_number_and_place(sheet: Grid, page: Page) -> None:
    page.get_by_role("columnheader", name="aspect_ratio").get_by_role("button").click()
    page.get_by_role("button", name="Sort downwards").click()
    expect(page.get_by_role("columnheader", name="aspect_ratio")).to_have_attribute("aria-sort", "descending")
    assert numbers(page) == ["5", "4", "2", "3"]
    page.locator("#grid tbody tr").last.locator("td[data-label=prompt]").click()
    sheet.type("a cub")
    sheet.press("Enter")
    sheet.saved()
    page.get_by_label("Show only rows with").fill("cub")
    expect(page.locator("#grid tbody tr")).to_have_count(1)
    assert numbers(page) == ["3"]
    page.get_by_role("button", name="Show all rows").click()
    assert numbers(page) == ["2", "3", "4", "5"]
    assert sheet.column("prompt") == ["a fox", "a cub", "an owl", "a hare"]


def test_hidden_columns_keep_their_values_and_stay_hidden(sheet: Grid, page: Page) -> None:
    page.get_by_role("button", name="Columns").click()
    page.get_by_label("visibility", exact=True).uncheck()
    expect(page.get_by_role("columnheader", name="visibility")).to_have_count(0)
    expect(sheet.cell(2, "aspect_ratio")).to_have_attribute("aria-colindex", "4")
    sheet.open()
    expect(page.get_by_role("columnheader", name="visibility")).to_have_count(0)
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("button", name="Show all, in the usual order").click()
    expect(sheet.cell(2, "visibility")).to_contain_text("private")


def test_columns_move_and_stay_where_they_were_put(sheet: Grid, page: Page) -> None:
    heads = page.get_by_role("columnheader")
    heads.filter(has_text="aspect_ratio").get_by_role("button").click()
    page.get_by_role("button", name="Move to the left").click()
    assert heads.all_inner_texts()[1:4] == ["prompt", "aspect_ratio", "visibility"]
    sheet.open()
    assert heads.all_inner_texts()[1:4] == ["prompt", "aspect_ratio", "visibility"]
    sheet.go(2, "prompt")
    sheet.press("ArrowRight")
    sheet.at(2, "aspect_ratio")
    expect(sheet.cell(2, "aspect_ratio")).to_have_attribute("aria-colindex", "3")

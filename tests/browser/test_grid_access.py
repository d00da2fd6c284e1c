"""The grid for everybody: no axe violation while it is used, roles and counts, one column more, a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import accessible
from tests.browser.conftest import GridOf
from tests.browser.gridding import Grid

SHEET = b"""prompt,visibility,aspect_ratio,model,style,color_palette
a fox,Private,17:9,2.0,design,ember
a bear,private,2:3,3.0,anime,#1F4D3A #D96B27
a wolf,private,1:1,2.0,,
a wolf,private,1:1,2.0,,
"""


@pytest.fixture
def sheet(grid: GridOf) -> Grid:
    return grid(SHEET)


def test_nothing_is_wrong_with_problems_shown_in_both_schemes(sheet: Grid, page: Page) -> None:
    sheet.go(2, "aspect_ratio")
    page.get_by_role("button", name="Origins").click()
    expect(page.get_by_role("note")).to_be_visible()
    accessible.check(page)


@pytest.mark.parametrize("column", ["prompt", "color_palette"])
def test_nothing_is_wrong_while_a_cell_is_edited(sheet: Grid, page: Page, column: str) -> None:
    sheet.go(3, column)
    sheet.press("Enter")
    expect(page.locator("#editor")).to_be_visible()
    accessible.check(page)


def test_nothing_is_wrong_with_any_panel_or_the_list_of_keys(sheet: Grid, page: Page) -> None:
    for name in ("Rows", "Set a column", "Columns", "File", "Find"):
        page.get_by_role("button", name=name, exact=True).click()
    page.get_by_label("Find", exact=True).fill("wolf")
    accessible.check(page)
    page.get_by_role("button", name="Keys").click()
    accessible.check(page)


def test_roles_counts_and_selection_are_told(sheet: Grid, page: Page) -> None:
    table = page.get_by_role("grid", name="Sheet: sheet")
    expect(table).to_have_attribute("aria-rowcount", "5")
    expect(table).to_have_attribute("aria-colcount", "12")
    expect(table).to_have_attribute("aria-multiselectable", "true")
    expect(table.get_by_role("row")).to_have_count(5)
    expect(table.get_by_role("columnheader")).to_have_count(12)
    expect(table.get_by_role("rowheader")).to_have_count(4)
    expect(table.get_by_role("gridcell")).to_have_count(44)
    sheet.go(3, "model")
    sheet.press("Shift+ArrowDown")
    expect(table.get_by_role("gridcell", selected=True)).to_have_count(2)
    expect(sheet.cell(3, "model")).to_have_attribute("aria-colindex", "6")
    expect(page.locator("#grid td[tabindex], #grid tr[tabindex]")).to_have_count(0)


def test_nothing_in_a_sheet_becomes_markup(grid: GridOf, page: Page) -> None:
    bad = "<img src=x onerror=\"window.broken=['x']\">"
    quoted = bad.replace('"', '""')
    sheet = grid(f'prompt,visibility,style,"{quoted}"\n"{quoted}",private,"{quoted}","{quoted}"\n'.encode())
    sheet.go(2, "style")
    expect(page.get_by_role("note")).to_be_visible()
    sheet.press("Enter", "Escape", "Control+f")
    page.get_by_label("Find", exact=True).fill("img")
    expect(page.locator("#find-preview tbody tr")).to_have_count(3)
    page.get_by_role("button", name="Columns", exact=True).click()
    assert page.locator("main img, .editor img, .cellnote img").count() == 0


def test_at_360_pixels_a_row_is_a_card_and_a_tap_edits(grid: GridOf, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    sheet = grid(SHEET)
    cell = sheet.cell(2, "aspect_ratio")
    cell.scroll_into_view_if_needed()
    expect(sheet.cell(2, "magic_prompt")).to_be_hidden()
    cell.click()
    expect(sheet.cell(2, "magic_prompt")).to_be_visible()
    page.get_by_role("note").get_by_role("button", name=re.compile("16:9")).first.click()
    expect(cell).to_contain_text("16:9")
    sheet.cell(3, "prompt").dblclick()
    page.get_by_label("prompt", exact=True).fill("a cub")
    page.get_by_label("prompt", exact=True).press("Enter")
    sheet.saved()
    assert sheet.column("prompt")[1] == "a cub"
    assert not page.evaluate(accessible.WIDER_THAN_WINDOW)


def test_a_finger_taps_once_to_select_and_again_to_edit(grid: GridOf, page: Page, site: str) -> None:
    sheet = grid(SHEET)
    browser = page.context.browser
    assert browser
    context = browser.new_context(has_touch=True, viewport={"width": 360, "height": 740})
    phone = Grid(context.new_page(), site, sheet.sheet_id).open()
    cell = phone.cell(2, "prompt")
    cell.tap()
    phone.at(2, "prompt")
    expect(phone.page.locator("#editor")).to_be_hidden()
    cell.tap()
    phone.page.get_by_label("prompt", exact=True).fill("a vixen")
    phone.cell(3, "visibility").tap()
    expect(cell).to_contain_text("a vixen")
    phone.saved()
    context.close()


def test_wide_and_narrow_are_both_the_whole_page(sheet: Grid, page: Page) -> None:
    """The grid scrolls in its own box where there is room, and as the page where there is not."""
    page.set_viewport_size({"width": 1280, "height": 500})
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    sheet.go(2, "color_palette")
    expect(sheet.cell(2, "prompt")).to_be_in_viewport()

"""The grid by keyboard alone: moving, selecting, editing each kind of column, leaving."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import GridOf
from tests.browser.gridding import Grid

SHEET = b"""prompt,visibility,aspect_ratio,model,num_images,color_palette
a fox,private,1:1,2.0,4,
a bear,private,2:3,3.0,,ember
an owl,private,,2.0,,#1F4D3A #D96B27
a hare,private,1:1,2.0,,
"""


@pytest.fixture
def sheet(grid: GridOf) -> Grid:
    made = grid(SHEET)
    made.go(2, "prompt")
    return made


def test_arrows_tab_home_end_and_pages_move_the_active_cell(sheet: Grid) -> None:
    sheet.press("ArrowDown", "ArrowRight", "ArrowRight")
    sheet.at(3, "aspect_ratio")
    sheet.press("Tab", "Shift+Tab", "Shift+Tab")
    sheet.at(3, "visibility")
    sheet.press("End")
    sheet.at(3, "color_palette")
    sheet.press("Tab")
    sheet.at(4, "prompt")
    sheet.press("Control+End")
    sheet.at(5, "color_palette")
    sheet.press("Control+Home")
    sheet.at(2, "prompt")
    sheet.press("PageDown")
    sheet.at(5, "prompt")
    sheet.press("PageUp", "Control+ArrowDown")
    sheet.at(5, "prompt")
    sheet.press("Home", "Control+ArrowRight")
    sheet.at(5, "aspect_ratio")


def test_shift_stretches_the_selection_and_says_how_far(sheet: Grid, page: Page) -> None:
    sheet.press("Shift+ArrowDown", "Shift+ArrowRight")
    expect(page.locator("#grid [aria-selected=true]")).to_have_count(4)
    expect(page.locator("#picked")).to_have_text("2 rows, 2 columns selected")
    sheet.press("Control+a")
    expect(page.locator("#grid [aria-selected=true]")).to_have_count(4 * 11)
    sheet.press("ArrowDown")
    expect(page.locator("#grid [aria-selected=true]")).to_have_count(1)
    sheet.press("Shift+Space")
    expect(page.locator("#grid [aria-selected=true]")).to_have_count(11)


def test_typing_replaces_a_cell_enter_opens_it_and_escape_leaves_it(sheet: Grid, page: Page) -> None:
    sheet.type("a vixen")
    sheet.press("Enter")
    sheet.at(3, "prompt")
    expect(sheet.cell(2, "prompt")).to_contain_text("a vixen")
    sheet.press("ArrowUp", "F2")
    sheet.type(" asleep")
    expect(page.locator("[data-count]")).to_have_text("14 characters")
    sheet.press("Shift+Enter")
    sheet.type("in snow")
    sheet.press("Tab")
    sheet.at(2, "visibility")
    sheet.press("ArrowDown", "Home", "Enter")
    sheet.type(" never written")
    sheet.press("Escape")
    sheet.at(3, "prompt")
    sheet.saved()
    assert sheet.column("prompt")[:2] == ["a vixen asleep\nin snow", "a bear"]


def test_a_choice_is_searched_and_any_other_text_is_kept_and_marked(sheet: Grid, page: Page) -> None:
    sheet.press("ArrowRight", "ArrowRight", "Enter")
    options = page.locator("#choices").get_by_role("option")
    expect(options).to_have_count(16)
    sheet.type("16:")
    expect(options).to_have_count(2)
    sheet.press("ArrowDown", "Enter")
    sheet.at(3, "aspect_ratio")
    expect(sheet.cell(2, "aspect_ratio")).to_have_text("16:9")
    sheet.type("17:9")
    expect(options).to_contain_text("Enter writes it all the same")
    sheet.press("Enter")
    expect(sheet.cell(3, "aspect_ratio")).to_have_attribute("aria-invalid", "true")
    sheet.press("ArrowUp", "Enter", "Enter")
    sheet.saved()
    assert sheet.column("aspect_ratio")[:3] == ["16:9", "17:9", ""]


def test_a_choice_goes_back_to_its_default(sheet: Grid, page: Page) -> None:
    sheet.press("ArrowRight", "ArrowRight", "Enter")
    page.get_by_role("option", name="1:1, the default").click()
    expect(sheet.cell(2, "aspect_ratio")).to_contain_class("is-default")
    sheet.at(2, "aspect_ratio")


def test_numbers_step_within_their_range(sheet: Grid) -> None:
    sheet.go(2, "num_images")
    sheet.press("Enter", "ArrowUp", "ArrowDown", "ArrowDown", "Enter")
    sheet.type("7")
    sheet.press("Enter")
    expect(sheet.cell(3, "num_images")).to_have_attribute("aria-invalid", "true")
    sheet.saved()
    assert sheet.column("num_images")[:2] == ["2", "7"]


def test_a_palette_is_a_preset_or_colours_that_are_picked(sheet: Grid, page: Page) -> None:
    sheet.go(2, "color_palette")
    sheet.press("Enter")
    page.get_by_role("button", name="melon").click()
    expect(page.locator("#editor")).to_contain_text("approximate")
    sheet.press("Enter")
    sheet.go(4, "color_palette")
    sheet.press("Enter")
    page.get_by_role("button", name="Add a colour").click()
    page.get_by_label("Colour 3").fill("#c0ffee")
    page.get_by_label("color_palette", exact=True).press("Enter")
    sheet.saved()
    assert sheet.column("color_palette")[:3] == ["melon", "ember", "#1F4D3A #D96B27 #C0FFEE"]


def test_delete_empties_the_selection_and_undo_and_redo_bring_it_back(sheet: Grid) -> None:
    sheet.press("Shift+ArrowDown", "Delete")
    sheet.saved()
    assert sheet.column("prompt")[:3] == ["", "", "an owl"]
    sheet.press("Control+z")
    expect(sheet.cell(2, "prompt")).to_contain_text("a fox")
    sheet.press("Control+y")
    expect(sheet.cell(2, "prompt")).not_to_contain_text("a fox")
    sheet.press("Control+Shift+z", "Control+z")
    expect(sheet.cell(3, "prompt")).to_contain_text("a bear")


def test_the_grid_is_left_by_escape_and_tab_and_keys_are_listed(sheet: Grid, page: Page) -> None:
    sheet.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("fill down")
    sheet.press("Escape")
    sheet.at(2, "prompt")
    sheet.press("Escape", "Tab")
    expect(page.locator("#grid textarea:focus")).to_have_count(0)
    expect(page.locator(":focus")).to_have_count(1)


def test_what_an_input_method_composes_is_one_edit_and_its_enter_is_its_own(sheet: Grid, page: Page) -> None:
    session = page.context.new_cdp_session(page)
    compose = {"selectionStart": 2, "selectionEnd": 2, "text": "きつ"}
    session.send("Input.imeSetComposition", compose)
    expect(page.locator("#grid .catch")).to_contain_class("seen")
    session.send("Input.insertText", {"text": "狐"})
    expect(page.get_by_label("prompt", exact=True)).to_have_value("狐")
    session.send("Input.imeSetComposition", {"selectionStart": 1, "selectionEnd": 1, "text": "ゆ"})
    session.send(
        "Input.dispatchKeyEvent", {"type": "keyDown", "key": "Process", "windowsVirtualKeyCode": 229}
    )
    session.send("Input.insertText", {"text": "雪"})
    page.keyboard.insert_text(" 🦊")
    sheet.press("Enter", "ArrowUp")
    sheet.saved()
    assert sheet.column("prompt")[0] == "狐雪 🦊"
    sheet.press("ArrowDown")
    page.keyboard.insert_text("ثعلب في الثلج")
    sheet.press("Enter")
    expect(sheet.cell(3, "prompt").locator("[dir=auto]")).to_have_text("ثعلب في الثلج")

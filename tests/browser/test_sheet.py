"""A sheet in a browser: every problem solved by clicking, each act taken back, the page left where it is."""

from __future__ import annotations

import contextlib
import re

import pytest
from playwright.sync_api import APIResponse, Error, Page, Route, expect

from tests.browser import accessible
from tests.browser.conftest import Upload

BAD = b"""Notes of Ann,,,,
prompt,Visibility,aspect_ratio,model,style,color_palette,num_images
a fox,Private,02:03:00,2.0,design,,4
a bear,private,2-Mar-26,2,design,#1F4D3A #D96B27 #B3312C #F5EFE3 #D9A441 #27445C,4
an owl,private,1:1,3.0,anime,,4
a hare,private,1:1,3.0,anime,,4
,private,1:1,2.0,,,9
a <img src=x onerror=alert(1)> wren,pulic,1:1,2.0,,,
a wolf,private,1:1,2.0,,,
a wolf,private,1:1,2.0,,,
"""


def solve(page: Page, where: str, button: str) -> None:
    """Click one answer of one line, and wait until that line is gone."""
    line = page.locator(".problem").filter(has_text=where)
    label = line.locator(".what").inner_text()
    line.get_by_role("button", name=button).click()
    expect(page.locator(".problem .what").get_by_text(label, exact=True)).to_have_count(0)


def test_every_problem_is_solved_without_leaving_the_page(page: Page, upload: Upload) -> None:
    upload("christmas, FINAL (3).csv", BAD)
    expect(page.get_by_role("heading", level=1)).to_have_text("christmas, FINAL (3)")
    accessible.check(page)
    expect(page.get_by_text("Solve the 7 problems first.")).to_be_visible()
    solve(page, "Row 3 aspect_ratio", "Set 3:2")
    solve(page, "Row 3 color_palette", "Keep the first five")
    solve(page, "Rows 4–5", "Set model 2.0")
    solve(page, "Row 6 num_images", "Set 4")
    line = page.locator(".problem").filter(has_text="Row 6 prompt")
    line.locator("summary").click()
    line.get_by_label("prompt of row 6").fill("a badger\nwith a candle")
    line.get_by_role("button", name="Write it").click()
    expect(page.locator("#row-6")).to_contain_text("a badger with a candle")
    solve(page, "Row 7 visibility", "Set private")
    expect(page.get_by_text("rows are ready")).to_be_visible()
    page.get_by_role("link", name="Details").last.click()
    expect(page.get_by_role("button", name="Start 8 rows")).to_be_visible()
    accessible.check(page)


def test_what_was_done_is_said_and_taken_back_and_done_again(page: Page, upload: Upload) -> None:
    upload("bad.csv", BAD)
    solve(page, "Row 6 prompt", "Delete the row")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("Row 6 deleted.")
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".problem").filter(has_text="Row 6 prompt")).to_be_visible()
    toast.get_by_role("button", name="Do it again").click()
    expect(page.locator(".problem").filter(has_text="Row 6 prompt")).to_have_count(0)
    toast.get_by_role("button", name="Close").click()
    expect(toast).to_have_count(0)


def test_repairs_are_undone_by_kind_and_all_and_made_again_after_they_were_shown(
    page: Page, upload: Upload
) -> None:
    upload("bad.csv", BAD)
    page.get_by_role("button", name="Undo visibility, Private").click()
    expect(page.locator("#row-2")).to_contain_text("Private")
    page.get_by_role("button", name=re.compile("Undo all|Undo the repair")).click()
    expect(page.locator("#row-2")).to_contain_text("02:03:00")
    shown = page.get_by_role("table").filter(has_text="Now")
    expect(shown.get_by_role("row").filter(has_text="02:03:00")).to_contain_text("2:3")
    accessible.check(page)
    page.get_by_role("button", name="Apply all 3 repairs").click()
    expect(page.locator("#row-2")).to_contain_text("private")
    expect(page.get_by_role("button", name="Undo all 3")).to_be_visible()


def test_rows_of_a_group_can_be_mended_one_by_one(page: Page, upload: Upload) -> None:
    upload("bad.csv", BAD)
    line = page.locator(".problem").filter(has_text="Rows 4–5")
    line.locator("summary", has_text="Row by row").click()
    accessible.check(page)
    line.get_by_role("button", name="Set style auto (row 5)").click()
    expect(page.locator(".problem").filter(has_text="Row 4 style")).to_be_visible()
    expect(page.locator("#row-5")).to_contain_text("auto")


def test_mending_moves_neither_the_page_nor_the_focus_away(page: Page, upload: Upload) -> None:
    upload("bad.csv", BAD)
    page.set_viewport_size({"width": 1280, "height": 500})
    button = page.locator(".problem").filter(has_text="Row 6 num_images").get_by_role("button", name="Set 4")
    button.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    button.click()
    expect(page.locator(".problem").filter(has_text="Row 6 num_images")).to_have_count(0)
    assert abs(page.evaluate("scrollY") - before) < 2
    expect(page.locator(".problem :focus")).to_have_count(1)


def test_a_problem_leads_to_its_cell_and_the_cell_back(page: Page, upload: Upload) -> None:
    upload("bad.csv", BAD)
    page.get_by_role("link", name="Row 7").first.click()
    expect(page.locator("#row-7")).to_be_in_viewport()
    flag = page.locator("#row-7").get_by_role("link", name="“pulic” is not allowed")
    flag.click()
    expect(page.locator(".problem:target")).to_contain_text("pulic")


def test_of_two_quick_acts_the_page_shows_the_state_after_both(page: Page, upload: Upload) -> None:
    address = upload("bad.csv", BAD)
    sent: list[Route] = []
    answered: list[APIResponse] = []

    def answer_the_first_when_the_second_is_sent(route: Route) -> None:
        sent.append(route)
        if len(sent) == 1:
            answered.append(route.fetch())
        else:
            with contextlib.suppress(Error):  # the page may have given the first one up
                sent[0].fulfill(response=answered[0])
            route.continue_()

    page.route(f"{address}/fix", answer_the_first_when_the_second_is_sent)
    page.get_by_role("button", name="Set 4 (row 6)").click()
    while not answered:
        page.evaluate("() => new Promise(requestAnimationFrame)")
    page.get_by_role("button", name="Set private (row 7)").click()
    expect(page.locator(".toast")).to_contain_text("Row 7")
    expect(page.locator("#row-6 .bad")).to_have_count(1)
    expect(page.locator("#row-7 .bad")).to_have_count(0)


def test_show_more_keeps_going_and_stays_after_a_change(page: Page, upload: Upload) -> None:
    rows = "".join(f"prompt {number},private\n" for number in range(250))
    upload("long.csv", f"prompt,visibility\n,private\n{rows}".encode())
    expect(page.locator("#row-102")).to_have_count(0)
    page.get_by_role("link", name="Show 100 more rows").click()
    page.get_by_role("link", name="Show 51 more rows").click()
    expect(page.locator("#row-252")).to_be_visible()
    expect(page.locator("#more")).to_have_count(0)
    page.get_by_role("button", name="Delete the row").click()
    expect(page.get_by_text("rows are ready")).to_be_visible()
    expect(page.locator("#row-251")).to_be_visible()


def test_a_second_tab_that_is_behind_is_told_and_changes_nothing(page: Page, upload: Upload) -> None:
    address = upload("bad.csv", BAD)
    other = page.context.new_page()
    other.goto(address)
    solve(page, "Row 7 visibility", "Set private")
    other.locator(".problem").filter(has_text="Row 7 visibility").get_by_role(
        "button", name="Set public"
    ).click()
    expect(other.locator(".toast")).to_contain_text("solved already")
    other.reload()
    expect(other.locator("#row-7")).to_contain_text("private")


def test_refresh_back_and_forward_show_the_sheet_as_it_is(page: Page, upload: Upload) -> None:
    upload("bad.csv", BAD)
    solve(page, "Row 7 visibility", "Set private")
    page.reload()
    expect(page.locator(".problem").filter(has_text="Row 7 visibility")).to_have_count(0)
    page.go_back()
    expect(page.get_by_text("Choose a file")).to_be_visible()
    page.go_forward()
    expect(page.locator(".problem").filter(has_text="Row 7 visibility")).to_have_count(0)


def test_a_file_takes_the_place_of_another_and_gives_it_back(page: Page, upload: Upload) -> None:
    upload("bad.csv", BAD)
    page.get_by_label("Replace file").set_input_files(
        {"name": "good.csv", "mimeType": "text/csv", "buffer": b"prompt,visibility\na lynx,private\n"}
    )
    expect(page.locator(".toast")).to_contain_text("Replaced by good.csv: 1 row.")
    expect(page.get_by_role("cell", name="a lynx")).to_be_visible()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Solve the 7 problems first.")).to_be_visible()


def test_a_sheet_is_renamed_deleted_and_brought_back(page: Page, upload: Upload) -> None:
    upload("to be renamed.csv", BAD)
    page.goto("/sheets")
    line = page.get_by_role("row").filter(has_text="to be renamed")
    line.locator("summary", has_text="Rename").click()
    page.get_by_label("New name of to be renamed").fill("Robins <i>&</i> wrens")
    page.get_by_role("row").filter(has_text="to be renamed").get_by_role("button", name="Save").click()
    line = page.get_by_role("row").filter(has_text="Robins <i>&</i> wrens")
    expect(line).to_contain_text("7 problems")
    accessible.check(page)
    line.get_by_role("button", name="Delete").click()
    expect(line).to_have_count(0)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(line).to_have_count(1)


def test_nothing_in_a_sheet_becomes_markup(page: Page, upload: Upload) -> None:
    heard: list[str] = []
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    upload("<b onmouseover=alert(1)>.csv", BAD)
    expect(page.locator("#row-7")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("main img, h1 b").count() == 0
    assert not heard


@pytest.mark.parametrize("width", [640])
def test_at_twice_the_size_nothing_is_cut(page: Page, upload: Upload, width: int) -> None:
    """1280 pixels at 200 % are 640."""
    address = upload("bad.csv", BAD)
    page.set_viewport_size({"width": width, "height": 400})
    for path in (address, "/", "/sheets", "/expected-values", "/notices"):
        page.goto(path)
        assert not page.evaluate(accessible.WIDER_THAN_WINDOW), path

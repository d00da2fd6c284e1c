"""The conversation beside the grid in a browser: keyboard, focus, undo, narrow screens, both schemes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import accessible
from tests.browser.conftest import Upload
from tests.fakes.chat_server import ChatServer
from tests.live import up

ROWS = "".join(f"A sticker of fox number {number},private,1:1\n" for number in range(2, 22))
SHEET = f"prompt,visibility,aspect_ratio\n{ROWS}".encode()


def put(rows: str, value: str) -> dict[str, object]:
    return {"op": "set", "rows": rows, "column": "aspect_ratio", "values": [value]}


SAYS = {
    "all 2:3 except the last 5": [put("2-16", "2:3")],
    "make rows 5 to 9 moodier": [{"op": "rewrite", "rows": "5-9", "text": "moodier"}],
    "these": [put("selected", "2:3")],
    "the shown": [put("shown", "3:1")],
    "the other way": [{"op": "undo"}, put("all", "3:1")],
    "half": [{"op": "set", "rows": "all", "column": "aspect_ratio", "values": ["1:1", "2:3"]}],
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Promptsheet with a language model that takes its time."""
    with (
        ChatServer(pace=0.2, says=SAYS) as server,
        up(tmp_path_factory.mktemp("written") / "data", **server.environment()) as live,
    ):
        yield live.url


@pytest.fixture
def grid(page: Page, upload: Upload) -> str:
    """A sheet of twenty rows, with its grid open; its address."""
    address = re.sub(r"/details$", "", upload("talked.csv", SHEET))
    page.goto(f"{address}/grid")
    return address


@pytest.fixture
def talked(page: Page, written: str) -> None:
    """The same where there is a language model."""
    sheet = {"file": {"name": "foxes.csv", "mimeType": "text/csv", "buffer": SHEET}}
    made = page.request.post(f"{written}/api/v1/sheets", multipart=sheet).json()
    page.goto(f"{written}/sheets/{made['id']}/grid")


def ask(page: Page, text: str) -> None:
    page.get_by_label("Ask for a change").fill(text)
    page.get_by_label("Ask for a change").press("Enter")


def tall(page: Page, rows: str = "in all rows") -> None:
    """Set a column by the button that needs no model."""
    page.locator("#chat").get_by_label("Column to set").select_option("aspect_ratio")
    page.locator("#chat").get_by_label("Its value").fill("2:3")
    page.get_by_label("In which rows").first.select_option(rows)
    page.get_by_role("button", name="Set the column").click()


@pytest.mark.usefixtures("talked")
def test_a_proposal_that_a_later_turn_withdrew_can_no_longer_be_taken(page: Page) -> None:
    ask(page, "half")
    expect(page.get_by_role("button", name=re.compile("^Accept all"))).to_have_count(1)
    ask(page, "no, the other way round")
    expect(page.get_by_text("Withdrawn: what was proposed for “half”.")).to_be_visible()
    expect(page.locator("#turn-1").get_by_role("button", name=re.compile("^Accept"))).to_have_count(0)
    expect(page.locator("#turn-2").get_by_role("button", name=re.compile("^Accept"))).not_to_have_count(0)


@pytest.mark.usefixtures("talked")
def test_a_proposal_is_taken_row_by_row_with_the_keyboard(page: Page) -> None:
    ask(page, "all 2:3 except the last 5")
    expect(page.get_by_role("heading", name="Proposal: 15 changed")).to_be_visible()
    expect(page.get_by_label("Ask for a change")).to_have_value("")
    expect(page.get_by_label("Ask for a change")).to_be_focused()
    page.get_by_role("button", name="Accept Row 2, aspect_ratio").press("Enter")
    expect(page.get_by_role("button", name="Accept Row 3, aspect_ratio")).to_be_focused()
    expect(page.get_by_text("1 accepted and 14 to decide.")).to_be_visible()
    page.get_by_role("button", name="Reject Row 3, aspect_ratio").press("Enter")
    expect(page.get_by_role("button", name="Reject Row 4, aspect_ratio")).to_be_focused()
    expect(page.locator("#grid tbody tr").first).to_contain_text("2:3")
    page.get_by_role("link", name="Show 11 more rows").click()
    expect(page.get_by_role("button", name="Accept Row 16, aspect_ratio")).to_be_visible()
    page.get_by_role("button", name="Accept all 13").click()
    expect(page.locator(".toast").filter(has_text="13 rows changed.")).to_be_visible()
    expect(page.locator("#grid tbody tr").nth(2)).to_contain_text("2:3")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast").filter(has_text="Taken back")).to_be_visible()
    expect(page.locator("#grid tbody tr").nth(2)).to_contain_text("1:1")
    expect(page.locator("#grid tbody tr").first).to_contain_text("2:3")


@pytest.mark.usefixtures("talked")
def test_what_is_selected_and_shown_is_what_these_and_the_shown_mean(page: Page) -> None:
    rows = page.locator("#grid tbody tr")
    rows.nth(1).locator("th").click()
    rows.nth(3).locator("th").click(modifiers=["Shift"])
    ask(page, "these in portrait")
    expect(page.get_by_role("heading", name="Proposal: 3 changed")).to_be_visible()
    expect(page.get_by_role("button", name="Accept Row 5, aspect_ratio")).to_be_visible()
    page.get_by_role("button", name="Reject all").click()
    page.get_by_label("Show only rows with").fill("number 1")
    expect(rows).to_have_count(10)
    ask(page, "the shown very wide")
    expect(page.get_by_role("heading", name="Proposal: 10 changed")).to_be_visible()


def test_the_conversation_stays_after_a_refresh_and_can_be_put_away(page: Page, grid: str) -> None:
    tall(page)
    expect(page.get_by_role("button", name="Accept all 20")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Accept all 20")).to_be_in_viewport()
    marks = page.evaluate("JSON.parse(document.querySelector('[data-marks]').dataset.marks)")
    assert {mark["op"] for mark in marks.values()} == {"change"}
    page.get_by_role("button", name="Close the chat").click()
    expect(page.get_by_role("button", name="Refine by talking")).to_be_focused()
    expect(page.get_by_label("Ask for a change")).to_be_hidden()
    page.reload()
    expect(page.get_by_label("Ask for a change")).to_be_hidden()
    page.get_by_role("button", name="Refine by talking").click()
    expect(page.get_by_label("Ask for a change")).to_be_visible()


@pytest.mark.usefixtures("talked")
def test_the_conversation_is_accessible_beside_the_grid_and_alone(page: Page) -> None:
    ask(page, "half and half")
    expect(page.get_by_role("button", name="Accept all 10")).to_be_visible()
    ask(page, "all 2:3 except the last 5")
    expect(page.get_by_role("button", name="Accept all 15")).to_be_visible()
    ask(page, "what now?")
    expect(page.get_by_text("What should be different?")).to_be_visible()
    page.get_by_text("Without words").click()
    page.get_by_role("button", name="Accept all 10").click()
    expect(page.locator("details.cs")).to_be_visible()
    accessible.check(page)
    page.goto(page.url.replace("/grid", "/chat"))
    page.locator("details.cs summary").click()
    accessible.check(page)


def test_everything_works_without_a_script_and_without_a_model(page: Page, grid: str, base_url: str) -> None:
    browser = page.context.browser
    assert browser
    with browser.new_context(java_script_enabled=False, base_url=base_url) as context:
        plain = context.new_page()
        plain.goto(f"{grid}/chat")
        tall(plain)
        plain.get_by_role("link", name="Show 16 more rows").click()
        plain.get_by_role("button", name="Reject Row 21, aspect_ratio").click()
        plain.get_by_role("button", name="Accept all 19").click()
        expect(plain.get_by_text("accepted", exact=True).first).to_be_visible()
        plain.get_by_role("button", name="Undo").first.click()
        expect(plain.get_by_text("Taken back.").first).to_be_visible()
        plain.get_by_role("button", name="Show rows that are too similar").click()
        expect(plain.get_by_text("there is nothing to delete")).to_be_visible()


@pytest.mark.usefixtures("talked")
def test_rows_that_a_model_rewords_arrive_one_by_one_and_take_no_focus(page: Page) -> None:
    ask(page, "make rows 5 to 9 moodier")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.get_by_label("Ask for a change").fill("what I write meanwhile")
    expect(page.get_by_role("heading", name="Proposal: 5 changed")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("button", name="Accept all 5")).to_be_visible(timeout=15_000)
    expect(page.get_by_label("Ask for a change")).to_be_focused()
    expect(page.get_by_label("Ask for a change")).to_have_value("what I write meanwhile")
    expect(page.locator(".cs ins").first).to_contain_text("moodier")
    page.get_by_role("button", name="Accept all 5").click()
    expect(page.locator("#grid tbody tr").nth(3)).to_contain_text("moodier")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#grid tbody tr").nth(3)).not_to_contain_text("moodier")

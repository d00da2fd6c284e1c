"""Drafting in a browser: from a goal to rows that stream in, stopped, taken up again, or pasted."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import accessible
from tests.fakes.chat_server import ChatServer

EXAMPLES = """A sticker design of a cheerful red fox in a scarf, thick white border, forest green background
A sticker design of a {hedgehog|badger|snow hare} in __coat__, oatmeal background
A sticker design of an owl with a golden star, thick white border, night blue background"""

ANSWER = """Here are your rows:

```csv
prompt,visibility,style
"A sticker of a hare, mid-leap",Private,design
"A sticker of a bear with a lantern",private,Design
```
"""
LAST = '{"rows": [{"prompt": "A sticker of an otter", "visibility": "private"}]}'


def begin(page: Page, goal: str, rows: int) -> None:
    """A brief from the start page on."""
    page.goto("/")
    page.get_by_label("What do you want to make?").fill(goal)
    page.get_by_role("button", name="Write a brief").click()
    page.get_by_label("How many rows?").fill(str(rows))


def test_combinations_become_a_sheet_without_a_model(page: Page) -> None:
    begin(page, "Christmas stickers of woodland animals", 8)
    expect(page.get_by_role("link", name="Use your chat app")).to_be_visible()
    page.get_by_label("Prompts that worked before").fill(EXAMPLES)
    page.get_by_label("coat, one value a line").fill("a green blanket\na striped shawl")
    expect(page.locator("#examples-said")).to_contain_text("6 rows from these")
    expect(page.get_by_text("Costs nothing. You can close the page.")).to_be_visible()
    accessible.check(page)
    page.get_by_role("button", name="Make all 6 rows").click()
    page.wait_for_url("**/sheets/*/grid")
    expect(page.locator("#draft-count")).to_contain_text("6 of 8", timeout=20_000)
    expect(page.locator("#draft-bar")).to_contain_text("combined from the examples")
    expect(page.locator("#draft-bar")).to_contain_text("The examples make 6 rows and no more.")
    expect(page.locator("#draft-told")).to_contain_text("6 of 8 rows")
    page.get_by_role("link", name="Brief", exact=True).click()
    expect(page.get_by_label("What are you making?")).to_have_value("Christmas stickers of woodland animals")
    expect(page.get_by_text("Drafting again makes a new sheet")).to_be_visible()


def test_the_answers_of_a_chat_app_become_one_sheet(page: Page) -> None:
    begin(page, "Stickers", 3)
    page.get_by_label("Paste its answer here").fill("I am sorry, I cannot do that.")
    page.get_by_role("button", name="Read the rows").click()
    expect(page.get_by_label("Paste its answer here")).to_be_focused()
    expect(page.get_by_label("Paste its answer here")).to_have_value("I am sorry, I cannot do that.")
    accessible.check(page)
    page.get_by_label("Paste its answer here").fill(ANSWER)
    page.get_by_role("button", name="Read the rows").click()
    expect(page.get_by_role("heading", name="2 of 3 came. Ask for the other 1:")).to_be_visible()
    assert "A sticker of a hare, mid-leap" in page.get_by_label("The instruction").input_value()
    accessible.check(page)
    page.get_by_label("Paste its answer here").fill(LAST)
    page.get_by_role("button", name="Read the rows").click()
    page.wait_for_url("**/sheets/*/grid")
    expect(page.locator("#draft-count")).to_contain_text("3 of 3")
    expect(page.locator("#draft-bar")).to_contain_text("from a chat app")


@pytest.fixture
def model(page: Page) -> Iterator[ChatServer]:
    """A model that writes two rows a second, connected on its page."""
    with ChatServer(pace=0.5) as server:
        page.goto("/model")
        page.get_by_label("Address of the endpoint").fill(server.url)
        page.get_by_label("Key").fill(server.key)
        page.get_by_label("Model", exact=True).fill(server.model)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text(f"{server.model} drafts from now on.")).to_be_visible()
        yield server
        page.goto("/model")
        page.get_by_role("button", name="Forget this model").click()
        expect(page.get_by_text("None.", exact=True)).to_be_visible()


def test_a_draft_is_stopped_by_keys_seen_in_a_second_tab_and_taken_up_again(
    page: Page, model: ChatServer
) -> None:
    begin(page, "Posters of harbours", 12)
    expect(page.get_by_text(f"Drafted by {model.model}")).to_be_visible()
    page.get_by_role("button", name="Draft 12 rows").click()
    page.wait_for_url("**/sheets/*/grid")
    stop = page.get_by_role("button", name=re.compile("^Stop"))
    stop.focus()
    expect(page.locator("#draft-count")).to_contain_text(re.compile(r"^[1-9]\d? of 12"), timeout=20_000)
    expect(stop).to_be_focused()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("#draft-count")).to_contain_text("of 12")
    page.bring_to_front()
    page.keyboard.press("Enter")
    for tab in (page, other):
        expect(tab.locator("#draft-bar")).to_contain_text("Stopped by you.")
    expect(page.locator("#draft-bar")).to_be_focused()
    accessible.check(page)
    model.behave(pace=0)
    page.get_by_role("button", name="with chat-large").click()
    expect(page.locator("#draft-count")).to_contain_text("12 of 12", timeout=20_000)
    expect(page.locator("#draft-bar")).to_contain_text("tokens")


def test_a_plan_is_changed_in_two_tabs_while_rows_come_and_after(page: Page, model: ChatServer) -> None:
    model.behave(pace=0.4)
    begin(page, "Posters of harbours", 60)
    page.get_by_role("button", name="Draft 60 rows").click()
    page.wait_for_url("**/sheets/*/grid")
    page.locator("#draft-plan > summary").click(timeout=30_000)
    name = page.get_by_label("Name of strand 1")
    second = page.get_by_label("Name of strand 2").input_value()
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#draft-plan > summary").click()
    typed = other.get_by_label("Another strand")
    typed.fill("Lighthouses in fog")
    name.fill("Boats at dawn")
    name.press("Enter")
    for tab in (page, other):
        expect(tab.locator("#draft-strands")).to_contain_text("Boats at dawn")
    expect(name).to_be_focused()
    accessible.check(page)
    expect(typed).to_have_value("Lighthouses in fog")
    other.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#draft-plan")).to_have_attribute("open", "")
    expect(page.locator("#draft-strands")).to_contain_text("Lighthouses in fog")
    expect(page.locator("#draft-count")).to_contain_text("of 70")
    page.get_by_role("button", name=f"Drop {second}").click()
    expect(page.get_by_role("button", name=f"Drop {second}")).to_have_count(0)
    rows = page.get_by_label("Boats at dawn: rows")
    rows.fill("0")
    rows.press("Enter")
    expect(rows).to_have_value("0")
    page.get_by_role("button", name=re.compile("^Stop")).click()
    model.behave(pace=0)
    page.get_by_role("button", name="10 more of Lighthouses in fog").click()
    expect(page.locator("#draft-count")).to_contain_text("80 of 80", timeout=30_000)
    page.get_by_label("Rows stand").select_option("strands")
    page.reload()
    expect(page.get_by_label("Filter by strand")).to_be_visible()

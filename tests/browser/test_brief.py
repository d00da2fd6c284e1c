"""A brief in a browser: saved as it is typed, mended where it is wrong, copied for a chat app, by keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from assistant.web.brief.form import begun
from jobs.services import LOCAL
from jobs.store import briefs, endpoints
from tests.browser import accessible
from tests.browser.table import Table, laid
from tests.browser.test_start import DROP

GOAL = "60 Christmas stickers of woodland animals"


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    with laid(tmp_path / "data") as laid_out:
        yield laid_out


@pytest.fixture
def address(table: Table) -> str:
    """The address of a new brief's page."""
    here = table.services
    with here.database.write() as connection:
        endpoints.save(connection, LOCAL, "http://127.0.0.1:9/v1", "", "small-1", here.clock())
        brief_id = briefs.add(connection, LOCAL, begun(GOAL, here.settings.max_rows), here.clock())
    return f"{table.url}/briefs/{brief_id}"


@pytest.fixture
def brief(page: Page, address: str) -> Page:
    page.goto(address)
    return page


def test_what_is_typed_is_there_after_a_reload_without_saving(brief: Page) -> None:
    with brief.expect_response(lambda answer: answer.request.method == "POST"):
        brief.get_by_label("Prompts that worked before").fill("A fox\nA {hare|owl}")
    expect(brief.locator("#examples-said")).to_contain_text("2 rows from these")
    brief.get_by_label("Anything it must keep to?").fill("kind")
    brief.get_by_label("style", exact=True).select_option("spread")
    brief.locator("#set-style").get_by_label("anime").check()
    brief.reload()  # at once: the page sends what is not saved yet while it goes
    expect(brief.get_by_label("Anything it must keep to?")).to_have_value("kind")
    expect(brief.get_by_label("Prompts that worked before")).to_have_value("A fox\nA {hare|owl}")
    expect(brief.locator("#set-style").get_by_label("anime")).to_be_checked()


def test_what_is_typed_before_the_page_has_its_scripts_is_saved_too(page: Page, address: str) -> None:
    held: list[Route] = []
    page.route("**/static/brief.js", lambda route: held.append(route))
    with page.expect_request("**/static/brief.js"):
        page.goto(address, wait_until="commit")
    page.get_by_label("How many rows?").fill("12")
    held[0].continue_()
    expect(page.get_by_role("button", name="Draft 12 rows")).to_be_visible()


def test_a_server_that_is_away_is_told_of_and_nothing_typed_is_lost(brief: Page, table: Table) -> None:
    goal = brief.get_by_label("What are you making?")
    table.off()
    goal.fill("Cups")
    expect(brief.get_by_text("Not saved since: Promptsheet does not answer.")).to_be_visible()
    table.on()
    expect(brief.get_by_text("Not saved since: Promptsheet does not answer.")).to_be_hidden(timeout=10_000)
    brief.reload()
    expect(goal).to_have_value("Cups")


def test_a_page_older_than_its_session_says_that_it_cannot_save(brief: Page) -> None:
    brief.context.clear_cookies()
    brief.get_by_label("What are you making?").fill("Cups")
    expect(brief.get_by_text("copy your words and load the page again")).to_be_visible()


def test_what_is_wrong_stands_at_its_field_with_the_focus_and_goes_when_it_is_mended(brief: Page) -> None:
    goal = brief.get_by_label("What are you making?")
    goal.fill("")
    brief.get_by_label("color_palette", exact=True).select_option("spread")
    brief.get_by_label("Your own, one a line").fill("reddish\n#123456")
    brief.get_by_role("button", name="Draft 60 rows").click()
    expect(brief.get_by_text("It is empty. Say in a sentence")).to_be_visible()
    expect(goal).to_be_focused()
    expect(goal).to_have_attribute("aria-invalid", "true")
    expect(brief.get_by_text("“reddish” is no colour.")).to_be_visible()
    brief.get_by_text("Use a chat app you have").click()
    accessible.check(brief)
    goal.fill("Cups")
    expect(brief.get_by_text("It is empty. Say in a sentence")).to_have_count(0)
    expect(goal).not_to_have_attribute("aria-invalid", "true")
    expect(brief.get_by_text("“reddish” is no colour.")).to_be_visible()


def test_examples_are_dropped_as_a_file(brief: Page) -> None:
    brief.evaluate(DROP, ["#examples", [["prompts.txt", "1. A cup\n2. A saucer\n"]]])
    expect(brief.get_by_label("Prompts that worked before")).to_have_value("A cup\nA saucer")
    expect(brief.get_by_text("2 prompts added from prompts.txt.")).to_be_visible()


def test_the_instruction_is_copied_with_the_words_typed_last(brief: Page) -> None:
    brief.context.grant_permissions(["clipboard-read", "clipboard-write"])
    brief.get_by_text("Use a chat app you have").click()
    brief.get_by_label("What are you making?").fill("Teapots in the snow")
    brief.get_by_role("button", name="Copy the instruction").click()
    expect(brief.get_by_text("Copied")).to_be_visible()
    assert "Teapots in the snow" in brief.evaluate("navigator.clipboard.readText()")


def test_by_keys_alone_a_list_opens_its_choices_and_enter_in_a_field_drafts_nothing(brief: Page) -> None:
    brief.get_by_label("How many rows?").focus()
    brief.keyboard.press("Control+a")
    brief.keyboard.type("7")
    brief.keyboard.press("Enter")
    expect(brief.get_by_role("button", name="Draft 7 rows")).to_be_visible()
    expect(brief).to_have_url(re.compile(r"/briefs/\w+$"))
    aspect = brief.get_by_label("aspect_ratio", exact=True)
    aspect.focus()
    brief.keyboard.type("Spread")
    expect(aspect).to_have_value("spread")
    brief.keyboard.press("Tab")
    brief.keyboard.press("Space")
    expect(brief.locator("#set-aspect_ratio input").first).to_be_checked()
    expect(brief.get_by_label("aspect_ratio", exact=True)).to_be_visible()


def test_without_scripts_the_form_saves_and_says_what_is_wrong(address: str, browser: Browser) -> None:
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(address)
    plain.get_by_label("What are you making?").fill(" ")
    plain.get_by_label("Anything it must keep to?").fill("kind")
    plain.get_by_role("button", name="Draft 60 rows").click()
    expect(plain.get_by_text("It is empty. Say in a sentence")).to_be_visible()
    expect(plain.get_by_label("Anything it must keep to?")).to_have_value("kind")
    plain.context.close()

"""The page of the language model in a browser: tried before it is saved, looked for only on a click."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import accessible
from tests.fakes.chat_server import ChatServer


def fill(page: Page, address: str, key: str, model: str) -> None:
    page.get_by_label("Address of the endpoint").fill(address)
    page.get_by_label("Key").fill(key)
    page.get_by_label("Model", exact=True).fill(model)


def test_a_connection_is_tried_before_it_is_saved_and_says_what_is_wrong(page: Page, fresh: str) -> None:
    page.goto(f"{fresh}/model")
    accessible.check(page)
    with ChatServer(persona="deaf") as server:
        fill(page, server.url, "sk-wrong", server.model)
        page.get_by_role("button", name="Test connection").click()
        expect(page.locator("#result .note.error")).to_contain_text("key")
        page.get_by_label("Key").fill(server.key)
        page.get_by_role("button", name="Test connection").click()
        expect(page.locator("#result .note:not(.error)")).to_be_visible()
        accessible.check(page)
        page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("drafts from now on")).to_be_visible()
    assert server.key not in page.content()
    accessible.check(page)


def test_nothing_is_looked_for_before_the_button_is_pressed(page: Page, fresh: str) -> None:
    page.goto(f"{fresh}/model")
    expect(page.locator("#found")).to_be_empty()
    page.get_by_role("button", name="Look for a server on this machine").click()
    expect(page.locator("#found")).not_to_be_empty(timeout=15_000)
    accessible.check(page)

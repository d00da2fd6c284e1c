"""The page of image back ends in a browser: tested where one stands, and answered in place."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import accessible


def test_a_test_is_answered_in_place(page: Page, fresh: str) -> None:
    page.goto(f"{fresh}/")
    page.get_by_role("link", name="What makes the images").click()
    accessible.check(page)
    page.get_by_text("Settings").first.click()
    page.get_by_role("button", name="Test Ideogram").click()
    expect(page.locator("#tested-ideogram .note")).to_contain_text("IDEOGRAM_API_KEY")
    page.get_by_role("button", name="Test proof").click()
    expect(page.locator("#tested-proof .note")).to_contain_text("Nothing was spent.")
    expect(page.get_by_role("button", name="Test proof")).to_be_focused()
    accessible.check(page)

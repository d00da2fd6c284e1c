"""Notices in a browser: one toast in each tab, one browser notification in all of them, gone when read."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import accessible
from tests.browser.conftest import Upload

RECORD = """() => {
  const sent = () => JSON.parse(localStorage.getItem("sent-by-test") ?? "[]");
  window.Notification = class extends EventTarget {
    static permission = "granted";
    static requestPermission() { return Promise.resolve("granted"); }
    constructor(title, { body }) {
      super();
      localStorage.setItem("sent-by-test", JSON.stringify([...sent(), body]));
    }
  };
}"""
"""Headless browsers show no notifications: what would be shown is written down."""


@pytest.fixture
def recorded(context: BrowserContext) -> None:
    context.add_init_script(f"({RECORD})()")


def start(page: Page, upload: Upload, name: str) -> None:
    upload(f"{name}.csv", b"prompt,visibility\na fox,private\n")
    page.get_by_role("button", name="Start 1 row").click()
    page.wait_for_url("**/batches/**")


@pytest.mark.usefixtures("recorded")
def test_each_tab_shows_a_toast_once_and_one_notification_is_sent(page: Page, upload: Upload) -> None:
    upload("asked.csv", b"prompt,visibility\na fox,private\n")
    page.get_by_label("also by browser notice").check()
    other = page.context.new_page()
    other.goto("/expected-values")
    start(page, upload, "told-once")
    for tab in (page, other):
        expect(tab.locator(".toast").filter(has_text="told-once is finished")).to_have_count(
            1, timeout=20_000
        )
    page.goto("/expected-values")
    expect(page.locator("#bell .dot")).to_be_visible()
    expect(page.locator(".toast").filter(has_text="told-once")).to_have_count(0)
    sent = page.evaluate("localStorage.getItem('sent-by-test')")
    assert sent.count("told-once is finished") == 1


@pytest.mark.usefixtures("recorded")
def test_a_notice_leads_to_its_batch_and_is_read_when_the_person_says_so(page: Page, upload: Upload) -> None:
    start(page, upload, "listed")
    address = page.url
    expect(page.locator(".toast").filter(has_text="listed is finished")).to_have_count(1, timeout=20_000)
    expect(page.locator("#bell .dot")).to_be_visible()
    assert page.evaluate("localStorage.getItem('sent-by-test')") is None, "nobody asked for it"
    page.locator("#bell").click()
    expect(page.get_by_role("heading", name="Notices")).to_be_visible()
    accessible.check(page)
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)
    expect(page.locator("#bell .dot")).to_have_count(0, timeout=20_000)
    page.get_by_role("link", name="listed is finished").click()
    assert page.url == address

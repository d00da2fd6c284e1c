"""From a goal to a batch that runs, by keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

EXAMPLES = (
    "A sticker design of a {fox|hedgehog|badger} in a {red scarf|green blanket}, thick white border",
    "A sticker design of an owl with a golden star, night blue background",
)
FARTHEST = 120
"""Presses of Tab within which everything on a page has to be reached."""


def reach(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until it has the focus."""
    wanted.wait_for(state="attached")
    for _ in range(FARTHEST):
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} cannot be reached by {key}")


def test_the_way_from_a_brief_to_a_started_batch_needs_no_mouse(page: Page, site: str) -> None:
    keys = page.keyboard
    page.goto(site)
    reach(page, page.get_by_label("What do you want to make?"))
    keys.type("Stickers of woodland animals")
    reach(page, page.get_by_role("button", name="Write a brief"))
    keys.press("Enter")
    reach(page, page.get_by_label("Prompts that worked before"))
    for line in EXAMPLES:
        keys.type(line)
        keys.press("Enter")
    reach(page, page.get_by_label("How many rows?"))
    keys.press("Control+a")
    keys.type("6")
    reach(page, page.get_by_role("button", name="Make all 6 rows"))
    keys.press("Enter")
    page.wait_for_url("**/sheets/*/grid")
    rows = page.locator("#grid tbody tr[data-id]")
    expect(rows).to_have_count(6, timeout=20_000)
    expect(page.locator("#grid")).not_to_have_attribute("aria-busy", "true")

    reach(page, page.locator("#grid .catch"))
    keys.press("ArrowDown")
    keys.type("A sticker design of a snow hare with a lantern")
    keys.press("Enter")
    keys.press("ArrowRight")
    keys.press("Control+ArrowUp")
    keys.press("Shift+Control+ArrowDown")
    keys.press("Delete")
    expect(page.locator("[data-level=error] b")).to_have_text("6")
    for _ in range(6):
        keys.press("F8")
        expect(page.get_by_role("note")).to_be_visible()
        keys.press("Alt+f")
        expect(page.get_by_role("note")).to_be_hidden()
    expect(page.locator("#saved[data-state=saved]")).to_be_visible()
    expect(page.locator("#details")).to_contain_class("go")
    keys.press("Escape")
    reach(page, page.locator("#details"), "Shift+Tab")
    keys.press("Enter")
    start = page.get_by_role("button", name=re.compile("^Start 6 rows"))
    reach(page, start)
    keys.press("Enter")
    page.wait_for_url("**/batches/**")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

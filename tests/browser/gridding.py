"""The grid's page as a test drives it: cells by row number and column, the clipboard, what was saved."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page, expect

ERRORS = "window.addEventListener('error', (event) => { (window.broken ??= []).push(event.message); });"

DRAWN = "() => performance.getEntriesByName('grid-drawn').length"
"""Whether every row is in the page: those in sight come first."""


class Grid:
    """A page of the grid. Rows are named by their number on screen, columns by their name."""

    def __init__(self, page: Page, base: str, sheet_id: str) -> None:
        self.page, self.base, self.sheet_id = page, base, sheet_id

    def open(self) -> Grid:
        self.page.goto(f"{self.base}/sheets/{self.sheet_id}/grid")
        self.page.wait_for_function(DRAWN)
        return self

    def row(self, number: int) -> Locator:
        return self.page.locator(f"#grid tbody tr[aria-rowindex='{number}']")

    def cell(self, number: int, column: str) -> Locator:
        return self.row(number).locator(f"td[data-label='{column}']")

    def go(self, number: int, column: str) -> None:
        """Click on a cell: it has the focus then."""
        self.cell(number, column).click()
        self.at(number, column)

    def at(self, number: int, column: str) -> None:
        """The active cell is this one, and has the focus."""
        expect(self.cell(number, column)).to_contain_class("active")
        expect(self.cell(number, column).locator("textarea:focus")).to_have_count(1)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def saved(self, timeout: float | None = None) -> None:
        """Nothing is on its way any more, and the page says so; within so many milliseconds, or the usual."""
        expect(self.page.locator("#saved[data-state=saved]")).to_be_visible(timeout=timeout)

    def says(self, text: str) -> None:
        expect(self.page.locator("#say")).to_contain_text(text)

    def copy(self, text: str) -> None:
        """Put a text on the clipboard, as another program would."""
        self.page.evaluate("(text) => navigator.clipboard.writeText(text)", text)

    def clipboard(self) -> str:
        found: str = self.page.evaluate("() => navigator.clipboard.readText()")
        return found

    def column(self, column: str) -> list[str]:
        """A column's cells as the server has them."""
        return [cells.get(column, "") for cells in self.stored()]

    def stored(self) -> list[dict[str, str]]:
        feed = self.feed()
        rows = {row["id"]: row["cells"] for row in feed["rows"]}
        return [rows[row_id] for row_id in feed["order"]]

    def feed(self) -> dict[str, Any]:
        answer = self.page.request.get(f"{self.base}/sheets/{self.sheet_id}/feed")
        found: dict[str, Any] = json.loads(answer.text())
        return found

    def texts(self, column: str) -> list[str]:
        """A column's cells as they stand on the page, in its order, without what is only spoken."""
        found: list[str] = self.page.evaluate(
            """(column) => [...document.querySelectorAll(`#grid td[data-label='${column}']`)].map((td) => {
              const copy = td.cloneNode(true);
              copy.querySelectorAll('.vh, textarea').forEach((one) => one.remove());
              return copy.textContent;
            })""",
            column,
        )
        return found

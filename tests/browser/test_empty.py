"""The pages of somebody who has done nothing yet: each teaches, none complains."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser import accessible


@pytest.mark.parametrize("path", ["/", "/sheets", "/expected-values", "/notices", "/nowhere"])
def test_a_page_without_a_past_is_accessible_and_logs_nothing(page: Page, fresh: str, path: str) -> None:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if path not in line.location["url"] else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(fresh + path)
    accessible.check(page)
    assert not said

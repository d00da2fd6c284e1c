"""What every page must be: no violation of the accessibility rules, and never wider than its window."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (1280, 360)
WIDER_THAN_WINDOW = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def check(page: Page) -> None:
    """In light and in dark, wide and narrow; the page is left wide and light."""
    axe = Axe()
    for width in reversed(WIDTHS):
        page.set_viewport_size({"width": width, "height": 800})
        assert not page.evaluate(WIDER_THAN_WINDOW), f"{page.url} is wider than {width} pixels"
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            found = axe.run(page, options={"resultTypes": ["violations"]})
            assert found.violations_count == 0, f"{page.url}, {width}, {scheme}\n{found.generate_report()}"

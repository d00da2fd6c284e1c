"""What every page must be: no violation of the accessibility rules, and never wider than its window."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe, AxeResults
from playwright.sync_api import Page

WIDTHS = (360, 1280)
WIDER_THAN_WINDOW = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
BROKEN = """() => axe.run({ resultTypes: ["violations"], elementRef: false })"""


def check(page: Page) -> None:
    """Narrow and wide, in dark and in light; the page is left wide and light."""
    page.evaluate(Axe().axe_script)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert not page.evaluate(WIDER_THAN_WINDOW), f"{page.url} is wider than {width} pixels"
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            found = AxeResults(page.evaluate(BROKEN))
            assert not found.violations_count, f"{page.url} {width} {scheme}\n{found.generate_report()}"

"""What every page must be: no violation of the accessibility rules, and never wider than its window."""

from __future__ import annotations

from typing import Literal

from axe_playwright_python.sync_playwright import Axe, AxeResults
from playwright.sync_api import Page

LOOKS: tuple[tuple[int, Literal["dark", "light"]], ...] = ((360, "dark"), (1280, "light"))
"""Each width and each scheme once: what is laid out depends on the one, what contrasts on the other."""

WIDER_THAN_WINDOW = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
BROKEN = """() => axe.run({ resultTypes: ["violations"], elementRef: false })"""


def check(page: Page) -> None:
    """Narrow and dark, wide and light; the page is left so."""
    page.evaluate(Axe().axe_script)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert not page.evaluate(WIDER_THAN_WINDOW), f"{page.url} is wider than {width} pixels"
        found = AxeResults(page.evaluate(BROKEN))
        assert not found.violations_count, f"{page.url} {width} {scheme}\n{found.generate_report()}"

"""`python -m tests.pictures` takes the README's pictures of the product as it is now."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.backends.posters import made_prompts
from tests.conftest import QUIET
from tests.live import up
from tests.machine import ROOT, chromium
from tests.waiting import until

PICTURES = ROOT / "docs" / "pictures"
RATIOS = ("1:1", "2:3", "16:9", "4:5")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, up(Path(folder)) as live, sync_playwright() as playwright:
        arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        fill(browser, live.url)
        for scheme in ("light", "dark"):
            page = open_page(browser, live.url, scheme)
            take(page, "/", f"start-{scheme}")
            take(page, "/creations", f"creations-{scheme}")
        browser.close()


def open_page(browser: Browser, url: str, scheme: str) -> Page:
    context = browser.new_context(
        base_url=url,
        viewport={"width": 1280, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    return context.new_page()


def fill(browser: Browser, url: str) -> None:
    """Run the example, then a larger sheet, and take its batch while it runs."""
    page = open_page(browser, url, "light")
    page.goto("/")
    page.get_by_role("button", name="Run the example").click()
    expect(page.get_by_role("link", name="ZIP, 48 images")).to_be_visible(timeout=60_000)
    page.goto("/")
    lines = [
        f'"{prompt}",private,{RATIOS[n % 4]},design,{2 + n % 3}' for n, prompt in enumerate(made_prompts(150))
    ]
    sheet = "\n".join(["prompt,visibility,aspect_ratio,style,num_images", *lines])
    page.locator("input[type=file]").set_input_files(
        {"name": "Woodland posters.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    )
    page.get_by_role("button", name="Start 150 rows").click()
    expect(page.get_by_text(re.compile("^([6-9].|1[01].) of 150"))).to_be_visible(timeout=60_000)
    until(lambda: page.evaluate("[...document.images].slice(0, 20).every(image => image.complete)"))
    page.screenshot(path=PICTURES / "batch-light.png")
    expect(page.get_by_role("link", name=re.compile("^ZIP, 4.. images"))).to_be_visible(timeout=60_000)


def take(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()

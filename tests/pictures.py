"""`python -m tests.pictures` takes the README's pictures of the product as it is now."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

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
            take_grid(page, f"grid-{scheme}")
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


FAULTY = (
    "prompt,visibility,aspect_ratio,style,color_palette,num_images\n"
    '"{0}",Private,2:3,design,#1F4D3A #D96B27,2\n'
    '"{1}",private,17:9,design,ember,4\n"{2}",private,1:1,anime,jungle,4\n"{3}",private,16:9,,,9\n'
    '"{4}",private,4:5,realistic,melon,\n"{5}",private,02:03:00,design,,2\n'
)


def take_grid(page: Page, name: str) -> None:
    """A sheet with problems in the grid: a cell's note with its fix, and where cells came from."""
    data = FAULTY.format(*made_prompts(6)).encode()
    file: FilePayload = {"name": "Woodland stickers.csv", "mimeType": "text/csv", "buffer": data}
    sheet_id = page.request.post("/api/v1/sheets", multipart={"file": file}).json()["id"]
    page.goto(f"/sheets/{sheet_id}/grid")
    page.locator("#grid tbody tr").nth(3).locator("td").nth(9).click()
    page.keyboard.type("general")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Origins").click()
    page.locator("#grid tbody tr").nth(1).locator("td").nth(2).click()
    expect(page.get_by_role("note")).to_be_visible()
    expect(page.locator("#saved[data-state=saved]")).to_be_visible()
    page.screenshot(path=PICTURES / f"{name}.png")


def take(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()

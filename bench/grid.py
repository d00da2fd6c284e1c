"""The grid in Chromium: first render, paste, keys, scrolling, memory, and the size of its scripts."""

from __future__ import annotations

import gzip
import os
import tempfile
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

from bench.table import Table
from schema.columns import load
from schema.writer import write
from tests import live
from tests.backends.posters import made_prompts
from tests.conftest import QUIET
from tests.machine import ROOT, chromium

ROWS = 499
MANY = 5_000
SCRIPTS = ROOT / "assistant" / "static" / "grid"
PROMISE = (
    "499 rows × 11 columns: first render and a paste of all rows within 400 ms to the painted frame, a key "
    "within 50 ms and a frame of scrolling within 50 ms at the 95th percentile, at most 15 MB of JS heap and "
    "25 KB of scripts; 5,000 rows within 3 s."
)

PAINTED = """() => new Promise((resolve) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => resolve(performance.now());
  channel.port2.postMessage(0);
}))"""

RENDERED = """
window.rendered = new Promise((resolve) => {
  const look = new MutationObserver(() => {
    const prompt = document.querySelector("#grid tbody .clamp");
    if (!prompt) return;
    look.disconnect();
    prompt.setAttribute("elementtiming", "first");
    new PerformanceObserver((list) => resolve(list.getEntries()[0].renderTime)).observe({ type: "element", buffered: true });
  });
  look.observe(document, { childList: true, subtree: true });
});"""
"""Milliseconds from the page's address to the frame that shows its first rows, as the browser tells it."""

ALL = """async () => {
  await window.rendered;
  const marks = () => performance.getEntriesByName("grid-drawn");
  while (!marks().length) await new Promise((resolve) => setTimeout(resolve, 10));
  return [await window.rendered, marks()[0].startTime];
}"""

TIMED = f"""(kind) => {{
  window.times = [];
  document.addEventListener(kind, () => {{
    const start = performance.now();
    ({PAINTED})().then((end) => window.times.push(end - start));
  }}, {{ capture: true }});
}}"""

SCROLLED = """async () => {
  const box = document.getElementById("gridbox");
  const frames = [];
  let last = performance.now();
  for (let step = 0; step < 120; step += 1) {
    box.scrollTop += 200;
    await new Promise(requestAnimationFrame);
    frames.push(performance.now() - last);
    last = performance.now();
  }
  box.scrollTop = 0;
  return frames;
}"""

BARE = f"""async () => {{
  const rows = [...document.querySelectorAll("#grid tbody tr")].map((tr) => [...tr.cells].map((cell) => cell.textContent));
  const holder = document.createElement("div");
  document.body.append(holder);
  await ({PAINTED})();
  const start = performance.now();
  holder.innerHTML = `<table>${{rows.map((row) => `<tr>${{row.map((text) => `<td>${{text}}</td>`).join("")}}</tr>`).join("")}}</table>`;
  const end = await ({PAINTED})();
  holder.remove();
  return end - start;
}}"""


def measure() -> tuple[Table, ...]:
    arguments = [*QUIET, "--js-flags=--expose-gc", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with (
        tempfile.TemporaryDirectory() as folder,
        live.up(Path(folder), PROMPTSHEET_MAX_ROWS=str(MANY + 1)) as running,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        lines = [*_small(browser, running.url), *_large(browser, running.url), *_scripts()]
        browser.close()
    return (Table("Grid", PROMISE, ("what", "measured", "asked"), tuple(lines)),)


def _page(browser: Browser, url: str, rows: int) -> Page:
    """A page on the grid of a new sheet of so many rows."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=url)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.add_init_script(RENDERED)
    page = context.new_page()
    data = write(load().names, _rows(rows), "csv")
    file: FilePayload = {"name": "rows.csv", "mimeType": "text/csv", "buffer": data}
    sheet_id = page.request.post("/api/v1/sheets", multipart={"file": file}).json()["id"]
    page.goto(f"/sheets/{sheet_id}/grid")
    page.evaluate(ALL)
    return page


def _rows(count: int) -> list[list[str]]:
    settings = ["private", "2:3", "on", "2.0", "4", "7", "default", "text, watermark", "design", "ember"]
    prompts = made_prompts(ROWS)
    return [[f"{prompts[number % ROWS]}, number {number}", *settings] for number in range(count)]


def _small(browser: Browser, url: str) -> list[tuple[str, str, str]]:
    page = _page(browser, url, ROWS)
    first, whole = map(min, zip(*(_load(page) for _ in range(7)), strict=True))
    bare = min(page.evaluate(BARE) for _ in range(5))
    paste = min(_paste(page, turn) for turn in range(5))
    keys = _keys(page)
    frames = page.evaluate(SCROLLED)
    heap = page.evaluate("() => { gc(); return performance.memory.usedJSHeapSize; }") / 1e6
    page.context.close()
    return [
        ("first render, from the address to the painted frame", f"{first:.0f} ms", "≤ 400 ms"),
        ("until every row is in the page", f"{whole:.0f} ms", ""),
        ("a bare table of the same texts, set by innerHTML", f"{bare:.0f} ms", ""),
        ("paste of 499 × 11 with line ends in cells, to painted", f"{paste:.0f} ms", "≤ 400 ms"),
        ("a key to its painted frame, median and 95th percentile", _two(keys), "≤ 50 ms"),
        ("a frame while scrolling, median and 95th percentile", _two(frames), "≤ 50 ms"),
        ("JS heap after all that", f"{heap:.1f} MB", "≤ 15 MB"),
    ]


def _load(page: Page) -> tuple[float, float]:
    """A page that was empty before goes to the grid; the files that all pages share are in the cache.

    Milliseconds to the first painted frame with rows, and until every row is in the page.
    """
    fresh = page.context.new_page()
    fresh.goto(page.url, wait_until="commit")
    first, whole = fresh.evaluate(ALL)
    rows = fresh.locator("#grid tbody tr").count()
    assert rows in (ROWS, MANY), f"{rows} rows were drawn"
    fresh.close()
    return first, whole


def _paste(page: Page, turn: int) -> float:
    """Other prompts and settings than before, so that every cell is drawn anew; kept by the server at the end."""
    page.reload()
    page.evaluate(ALL)
    others = ["public", "1:1", "off", "3.0", "2", "8", "turbo", "people", "general", "melon"]
    lines = "\n".join(
        "\t".join([f'"{row[0]},\nturn {turn}"', *(row[1:] if turn % 2 else others)]) for row in _rows(ROWS)
    )
    page.evaluate("(text) => navigator.clipboard.writeText(text)", lines)
    page.locator("#grid td").first.click()
    (found,) = _timed(page, "paste", ["Control+v"])
    page.locator("#saved[data-state=saved]").wait_for()
    return found


def _keys(page: Page) -> list[float]:
    """Arrows through the grid, then letters in an editor."""
    page.locator("#saved[data-state=saved]").wait_for()
    page.locator("#grid td").first.click()
    return _timed(
        page, "keydown", [*["ArrowDown"] * 60, *["ArrowRight"] * 9, "Home", "F2", *"abcdefghij" * 6]
    )


def _timed(page: Page, kind: str, keys: list[str]) -> list[float]:
    page.evaluate(TIMED, kind)
    for place, key in enumerate(keys, start=1):
        page.keyboard.press(key)
        page.wait_for_function("(count) => window.times.length >= count", arg=place)
    found: list[float] = page.evaluate("window.times")
    return found


def _large(browser: Browser, url: str) -> list[tuple[str, str, str]]:
    page = _page(browser, url, MANY)
    first, whole = map(min, zip(*(_load(page) for _ in range(3)), strict=True))
    keys = _timed_arrows(page)
    page.context.close()
    return [
        ("5,000 rows: first render", f"{first:.0f} ms", "≤ 3 s"),
        ("5,000 rows: until every row is in the page", f"{whole:.0f} ms", ""),
        ("5,000 rows: an arrow key, median and 95th percentile", _two(keys), ""),
    ]


def _timed_arrows(page: Page) -> list[float]:
    page.locator("#grid td").first.click()
    return _timed(page, "keydown", ["ArrowDown"] * 40)


def _scripts() -> list[tuple[str, str, str]]:
    texts = [path.read_bytes() for path in sorted(SCRIPTS.glob("*.js"))]
    together = len(gzip.compress(b"".join(texts), 9)) / 1024
    singly = sum(len(gzip.compress(text, 9)) for text in texts) / 1024
    return [
        (f"its scripts, {len(texts)} files gzipped together", f"{together:.1f} KB", "≤ 25 KB"),
        ("the same, each file by itself", f"{singly:.1f} KB", ""),
    ]


def _two(times: list[Any]) -> str:
    return f"{median(times):.0f} and {quantiles(times, n=20)[-1]:.0f} ms"

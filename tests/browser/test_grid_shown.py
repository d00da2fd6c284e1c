"""The whole of it: 499 rows out of LibreOffice, twenty cells broken, fixed by key, undone, redone, run."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from schema.columns import load
from schema.writer import write
from tests.browser.conftest import GridOf
from tests.machine import FULL, libreoffice

AS_COPIED = "csv:Text - txt - csv (StarCalc):9,34,76,1"
"""What LibreOffice puts on the clipboard: tabs, quotes where a cell holds a line end, UTF-8."""

ROWS = 499
BROKEN = 20
MANY = 60_000
"""Milliseconds for a run of undos, each of which is asked of the server and answered."""


def copied(folder: Path) -> str:
    """499 rows with line ends in their prompts, as text that LibreOffice wrote."""
    names = load().names
    rows = [
        [f"A sticker of animal {number},\nwith a “scarf” and a\ttail", "private", "2:3"] + [""] * 8
        for number in range(ROWS)
    ]
    source = folder / "sheet.xlsx"
    source.write_bytes(write(names, rows, "xlsx"))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [str(libreoffice()), profile, "--headless", "--convert-to", AS_COPIED, "--outdir", str(folder)]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=120)
    return (folder / "sheet.csv").read_text(encoding="utf-8")


@pytest.mark.skipif(not FULL, reason="a quarter of a minute; PROMPTSHEET_FULL_TESTS=1 make test runs it")
def test_499_rows_from_libreoffice_are_pasted_broken_fixed_undone_redone_and_started(
    grid: GridOf, page: Page, tmp_path: Path
) -> None:
    text = copied(tmp_path)
    assert '"A sticker of animal 7,\nwith' in text
    sheet = grid(b"prompt,visibility\na fox,private\n")
    sheet.go(2, "prompt")
    sheet.copy(text)
    sheet.press("Control+v")
    sheet.says(f"Pasted into {ROWS} rows. 498 rows were added. The first line was read as the header.")
    sheet.saved()
    assert sheet.column("prompt")[7] == "A sticker of animal 7,\nwith a “scarf” and a\ttail"

    sheet.cell(100, "aspect_ratio").click()
    sheet.press(*["Shift+ArrowDown"] * (BROKEN - 1))
    sheet.copy("17:9")
    sheet.press("Control+v")
    page.get_by_role("button", name=f"{BROKEN} errors").click()
    expect(page.locator("#grid tbody tr")).to_have_count(BROKEN)
    sheet.go(100, "prompt")
    for _ in range(BROKEN):
        sheet.press("F8")
        expect(page.get_by_role("note")).to_contain_text("17:9")
        sheet.press("Alt+f")
        expect(page.get_by_role("note")).to_be_hidden()
    expect(page.locator("[data-level=error] b")).to_have_text("0")
    sheet.saved()
    assert sheet.column("aspect_ratio")[98 : 98 + BROKEN] == ["16:9"] * BROKEN
    page.get_by_role("button", name="Show all rows").click()

    undone = BROKEN + 2
    sheet.go(2, "prompt")
    sheet.press(*["Control+z"] * undone)
    expect(page.locator("#grid tbody tr")).to_have_count(1, timeout=MANY)
    sheet.saved(MANY)
    assert sheet.column("prompt") == ["a fox"]
    sheet.press(*["Control+y"] * undone)
    expect(page.locator("#size")).to_contain_text(f"{ROWS} rows", timeout=MANY)
    sheet.saved(MANY)
    sheet.open()
    assert sheet.column("aspect_ratio").count("16:9") == BROKEN
    page.locator("#details").click()
    page.get_by_role("button", name=f"Start {ROWS} rows").click()
    page.wait_for_url("**/batches/**")

"""499 real prompts through the whole product in a browser: uploaded, repaired, run, stopped, taken home."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import time
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from schema import columns
from tests.backends.posters import made_prompts, real_prompts
from tests.live import up

ROWS = 499
PATIENCE = 300_000
"""Milliseconds for a batch of 499 rows, on a machine that does other things as well."""


@pytest.fixture(scope="session")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `promptsheet up`."""
    with up(tmp_path_factory.mktemp("flow") / "data") as live:
        yield live.url


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As Excel leaves it: times for ratios, models without their zero; and a person's three faults."""
    prompts = real_prompts(ROWS) or made_prompts(ROWS)
    ratios = ["1:1", time(2, 3), "16:9", time(4, 5), time(9, 16), "3:1"]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Prompt", "visibility", "aspect_ratio", "model", "num_images", "seed_number"])
    for place, prompt in enumerate(prompts):
        sheet.append(
            [prompt, "Private", ratios[place % 6], (2, 3, "2a")[place % 3], 1 + place % 8 // 7, place]
        )
    sheet["B10"] = "pulic"
    sheet["C20"] = "7:5"
    sheet["E30"] = "many"
    path = tmp_path_factory.mktemp("flow") / "real-prompts.xlsx"
    book.save(path)
    return path


def solve(page: Page) -> None:
    """Write the number that only a person knows, and take the first fix of every other problem."""
    problems = page.locator(".problem")
    expect(problems).to_have_count(3)
    own = problems.filter(has_text="num_images")
    own.get_by_text("Write it yourself").click()
    own.locator("input[type=number]").fill("2")
    own.get_by_role("button", name="Write it", exact=True).click()
    for left in (2, 1):
        expect(problems).to_have_count(left)
        problems.locator("button.fix").first.click()
    expect(problems).to_have_count(0)


def test_499_prompts_go_from_a_workbook_to_a_zip(page: Page, workbook: Path, tmp_path: Path) -> None:
    page.set_default_timeout(PATIENCE)
    page.goto("/")
    page.locator("input[type=file]").set_input_files(workbook)
    expect(page.get_by_role("heading", name="real-prompts")).to_be_visible()
    expect(page.get_by_text("Excel took the ratio for a time of day").first).to_be_visible()
    solve(page)
    page.get_by_role("region", name="Summary").get_by_role("link", name="Details").click()
    page.get_by_role("button", name=f"Start {ROWS} rows").click()

    expect(page.get_by_text(re.compile(r"^[1-9]\d* of 499"))).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("Stopped").first).to_be_visible()
    page.reload()
    page.get_by_role("button", name=re.compile("^Resume")).click()
    expect(page.get_by_role("link", name=re.compile(r"^ZIP, \d+ images"))).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^ZIP,")).click()
    taken = tmp_path / "taken.zip"
    download.value.save_as(taken)
    check(taken)


def check(path: Path) -> None:
    """Every row is in the manifest once for each image, and every image is as large as its ratio says."""
    known = columns.load()
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        lines = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
        returned = openpyxl.load_workbook(io.BytesIO(archive.read("sheet.xlsx")), read_only=True)
        cells = list(returned.worksheets[0].iter_rows(values_only=True))
        head = [str(cell) for cell in cells[0]]
        by_row = {number: dict(zip(head, line, strict=True)) for number, line in enumerate(cells[1:], 2)}
        assert {int(line["row"]) for line in lines} == set(range(2, ROWS + 2))
        assert {line["status"] for line in lines} == {"done"}
        files = {line["file"] for line in lines}
        assert files | {"manifest.csv", "sheet.xlsx"} == set(archive.namelist())
        assert len(files) == len(lines) == sum(int(str(row["num_images"])) for row in by_row.values())
        for line in lines:
            row = by_row[int(line["row"])]
            wanted = known.size({name: str(row[name]) for name in ("model", "aspect_ratio")})
            with Image.open(io.BytesIO(archive.read(line["file"]))) as image:
                assert image.size == wanted == (int(line["width"]), int(line["height"]))
            assert line["file"].startswith(f"{int(line['row']):04d}_{line['image']}_")
            assert line["seed"] == str(row["seed_number"])

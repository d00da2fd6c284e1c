"""LibreOffice, a real program of real people, opens what we write, and we read what it makes of it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from schema.columns import load
from schema.sheet import examine
from schema.writer import template
from tests.machine import libreoffice, missing

pytestmark = pytest.mark.skipif(missing("libreoffice") is not None, reason=str(missing("libreoffice")))

CSV_OF_UTF_8 = "csv:Text - txt - csv (StarCalc):44,34,76,1"
"""Commas, quotes, UTF-8, from the first line: the answers to LibreOffice's own dialogue."""


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives the full template as LibreOffice saves it in a format."""
    folder = tmp_path_factory.mktemp("office")
    source = folder / "template.xlsx"
    source.write_bytes(template(True, "xlsx", max_rows=40))
    program = str(libreoffice())

    def convert(wanted: str) -> Path:
        kind = wanted.partition(":")[0]
        target = folder / kind
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [
            program,
            profile,
            "--headless",
            "--convert-to",
            wanted,
            "--outdir",
            str(target),
            str(source),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return target / f"template.{kind}"

    return convert


@pytest.mark.parametrize(
    "wanted", ["xls", "ods", "xlsx", CSV_OF_UTF_8], ids=lambda wanted: wanted.partition(":")[0]
)
def test_a_template_that_went_through_libreoffice_is_accepted_back(
    converted: Callable[[str], Path], wanted: str
) -> None:
    path = converted(wanted)
    found = examine(path.read_bytes(), path.name)
    assert found.table.headers == load().names
    assert found.values == load().examples
    assert [problem.code for problem in found.problems] == ["example-row"] * 2
    assert found.repairs == ()


def test_drop_downs_notes_and_the_hidden_sheet_survive_libreoffice(converted: Callable[[str], Path]) -> None:
    book = load_workbook(converted("xlsx"))
    sheet = book["Sheet"]
    ours = {column.name for column in load().all if column.choices} | {"num_images"}
    rules = sheet.data_validations.dataValidation
    assert {sheet[f"{str(rule.sqref)[0]}1"].value for rule in rules} == ours
    assert {rule.type for rule in rules} == {"list"}
    assert book["Lists"].sheet_state == "hidden"
    assert "Every row" in sheet["A1"].comment.text or "Needed in every row" in sheet["A1"].comment.text
    assert sheet["C3"].number_format == "@"

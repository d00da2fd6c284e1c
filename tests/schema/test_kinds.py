"""A file is judged by what is in it: another kind is named, whatever the file is called."""

from __future__ import annotations

import gzip
from io import BytesIO
from zipfile import ZipFile

import pytest

from schema.errors import Unreadable
from schema.reader import read
from schema.refusals import REASONS
from tests.schema.made import csv, prompts, saved, workbook


def _zip(*names: str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return out.getvalue()


OTHERS: dict[str, bytes] = {
    "a PNG image": b"\x89PNG\r\n\x1a\n" + bytes(20),
    "a JPEG image": b"\xff\xd8\xff\xe0" + bytes(20),
    "a PDF": b"%PDF-1.7\n",
    "a gzip archive": gzip.compress(b"prompt\n"),
    "a ZIP archive": _zip("images/1.png"),
    "a Word document": _zip("[Content_Types].xml", "word/document.xml"),
    "an Apple Numbers document": _zip("Index/Document.iwa"),
    "a DIF file": b'TABLE\r\n0,1\r\n"EXCEL"\r\n',
    "a SYLK file": b"ID;PWXL;N;E\r\nC;Y1;X1\r\nE\r\n",
    "a spreadsheet in Excel's XML form of 2003": b'<?xml version="1.0"?>\n'
    b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    "a web page saved under a sheet's name": b"<html><table><tr><td>prompt</td></tr></table></html>",
    "a workbook of Excel 2 to 4, from before 1994": b"\x09\x04\x06\x00\x00\x04\x10\x00",
    "not text but binary data": b"prompt\n\0\0\0\1",
}


@pytest.mark.parametrize("what", OTHERS)
def test_another_kind_of_file_is_named(what: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(OTHERS[what], "prompts.xlsx")
    assert refused.value.code == "not-a-sheet"
    assert str(refused.value) == f"prompts.xlsx is {what}, not a spreadsheet we can read."
    assert refused.value.steps


def test_the_name_decides_nothing() -> None:
    assert read(csv("prompt", "a fox"), "prompts.xlsx").delimiter == ","
    assert read(prompts(1), "prompts.csv").sheet == "Sheet"


def test_a_csv_file_may_begin_like_a_sylk_file() -> None:
    assert read(csv("ID;Prompt", "1;a fox"), "a.csv").headers == ("ID", "Prompt")


def test_an_empty_file_says_so() -> None:
    with pytest.raises(Unreadable, match=r"a\.xlsx is empty"):
        read(b"", "a.xlsx")


def test_a_file_that_is_too_big_names_both_sizes() -> None:
    with pytest.raises(Unreadable, match=r"^a\.csv is 10\.1 MB; a file may have 10 MB at most\.$"):
        read(b"x" * ((10 << 20) + 1), "a.csv")


def test_a_broken_workbook_is_called_damaged() -> None:
    data = saved(workbook([["prompt"]]))
    with pytest.raises(Unreadable) as refused:
        read(data[: len(data) // 2], "a.xlsx")
    assert refused.value.code == "damaged"


def test_binary_noise_has_no_encoding() -> None:
    with pytest.raises(Unreadable) as refused:
        read(bytes(range(128, 256)) * 40, "a.csv")
    assert refused.value.code == "unknown-encoding"


def test_more_rows_than_anybody_allows_name_the_limit_that_holds() -> None:
    with pytest.raises(Unreadable, match="more than 100,000 rows; 500 are the most here"):
        read(b"prompt\n" + b"a fox\n" * 100_001, "a.csv")


def test_more_columns_than_anybody_reads_are_refused() -> None:
    with pytest.raises(Unreadable, match="1,001 columns; 1,000 are the most"):
        read(csv(",".join(map(str, range(1001)))), "a.csv")
    with pytest.raises(Unreadable, match="1,001 columns; 1,000 are the most"):
        read(saved(workbook([list(range(1001))])), "a.xlsx")


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_is_a_sentence_with_steps(code: str) -> None:
    sentence, steps = REASONS[code]
    assert sentence.startswith("{name} ")
    assert sentence.endswith(".")
    assert steps
    assert all(step.endswith(".") for step in steps)
    assert "!" not in sentence + "".join(steps)

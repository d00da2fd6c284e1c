"""Files from a browser: taken in, or refused on a page that says how to mend them."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from openpyxl import Workbook

from tests.web.conftest import Person

GOOD = b"prompt,visibility\na fox,private\nan owl,public\n"


def workbook() -> bytes:
    book, data = Workbook(), BytesIO()
    assert book.active
    book.active.title = "Tabelle1"
    book.active.append(["prompt", "visibility"])
    book.active.append(["a fox", "Private"])
    book.save(data)
    return data.getvalue()


def test_a_sheet_without_a_word_to_say_goes_on_to_its_details(person: Person) -> None:
    answer = person.upload(GOOD)
    assert answer.status_code == 303
    assert answer.location.endswith("/details")
    assert "Start 2 rows" in person.page(answer.location)


def test_a_sheet_that_was_repaired_stays_to_be_looked_at(person: Person) -> None:
    answer = person.upload(workbook(), "christmas.xlsx")
    page = person.page(answer.location)
    assert "<h1>christmas</h1>" in page
    assert "1 row read from sheet “Tabelle1” of <bdi>christmas.xlsx</bdi>" in page
    assert "<del>Private</del>" in page


@pytest.mark.parametrize(
    ("data", "name", "sentence", "code"),
    [
        (b"", "empty.csv", "empty.csv is empty", "empty-file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "fox.png", "not a spreadsheet we can read", "not-a-sheet"),
        (b"PK\x03\x04" + bytes(64), "torn.xlsx", "torn.xlsx is damaged", "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_and_how_to_mend_it(
    person: Person, data: bytes, name: str, sentence: str, code: str
) -> None:
    answer = person.upload(data, name)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f"<bdi>{name}</bdi>" in answer.text
    assert f"<code>{code}</code>" in answer.text
    assert re.search("reference <code>[0-9A-F]{6}</code>", answer.text)
    assert '<ol class="how"><li>' in answer.text
    assert 'action="/sheets"' in answer.text
    assert "No sheets yet" in person.page("/sheets")


def test_no_file_is_a_sentence(person: Person) -> None:
    for answer in (person.send("/sheets"), person.upload(GOOD, "")):
        assert answer.status_code == 422
        assert "No file was chosen." in answer.text


def test_a_file_over_the_limit_is_refused_with_the_limit(
    environment: dict[str, str], request: pytest.FixtureRequest
) -> None:
    environment["PROMPTSHEET_MAX_UPLOAD"] = "64 KB"
    person: Person = request.getfixturevalue("person")
    over = person.upload(b"prompt,visibility\n" + b"x" * (65 << 10))
    assert over.status_code == 422
    assert "64 KB at most" in over.text
    far_over = person.upload(bytes(300 << 10))
    assert far_over.status_code == 413
    assert "The file is larger than 64 KB" in far_over.text
    assert "up to 64 KB" in person.page("/")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.csv", "passwd"),
        ("<script>alert(1)</script>.csv", "script&gt;"),
        ("\u202egpj.exe\u202c.csv", "gpj.exe"),
        ("a" * 250 + ".csv", "a" * 115 + "…"),
        ("Ümläut – 絵 🎨.csv", "Ümläut – 絵 🎨"),
    ],
)
def test_whatever_a_file_is_called_its_name_is_safe_on_every_page(
    person: Person, name: str, shown: str
) -> None:
    address = person.sheet(GOOD, name)
    for page in (person.page(address), person.page(f"{address}/details"), person.page("/sheets")):
        assert shown in page
        assert "<script>alert" not in page
        assert "\u202e" not in page
    assert person.get(f"{address}/file?format=csv").status_code == 200


def test_a_file_takes_the_place_of_another_and_an_unreadable_one_does_not(person: Person) -> None:
    address = person.sheet(GOOD)
    refused = person.upload(b"", "empty.csv", f"{address}/file")
    assert refused.status_code == 422
    assert f'action="{address}/file"' in refused.text
    assert "a fox" in person.page(address)
    replaced = person.upload(b"prompt,visibility\na lynx,private\n", "lynx.csv", f"{address}/file")
    assert replaced.status_code == 303
    page = person.page(address)
    assert "a lynx" in page
    assert "Replaced by lynx.csv: 1 row." in page
    undo = re.search(rf'action="({address}/undo/\d+)"', page)
    assert undo
    person.send(undo[1])
    assert "a fox" in person.page(address)

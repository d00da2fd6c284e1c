"""The list of sheets, a sheet's page and its file: found again, renamed, deleted, brought back, one's own."""

from __future__ import annotations

import html
from io import BytesIO

import pytest
from openpyxl import load_workbook

from jobs.intake import take_in
from jobs.services import Services
from tests.web.conftest import Person

GOOD = b"prompt,visibility\na fox,private\nan owl,public\n"


def test_an_upload_is_found_again_with_its_state(person: Person) -> None:
    person.sheet(GOOD, "good.csv")
    person.sheet(b"prompt,visibility\n,pulic\n", "bad.csv")
    page = person.page("/sheets")
    assert page.index(">bad</a>") < page.index(">good</a>")
    assert "2 problems" in page
    assert "ready" in page


def test_without_sheets_the_list_says_how_to_get_one(person: Person) -> None:
    page = person.page("/sheets")
    assert "No sheets yet" in page
    assert "/template?format=xlsx" in page


def test_a_name_is_changed_and_stays_words(person: Person) -> None:
    address = person.sheet(GOOD)
    assert person.send(f"{address}/name", name="  Robins \n<i>&</i> wrens ").status_code == 303
    assert html.escape("Robins <i>&</i> wrens") in person.page("/sheets")


@pytest.mark.parametrize("name", ["", "   ", "\u202e", "x" * 121])
def test_a_name_that_is_none_is_refused(person: Person, name: str) -> None:
    address = person.sheet(GOOD)
    assert person.send(f"{address}/name", name=name).status_code == 422
    assert "stickers" in person.page("/sheets")


def test_a_deleted_sheet_is_gone_and_comes_back(person: Person) -> None:
    address = person.sheet(GOOD)
    assert person.send(f"{address}/delete").status_code == 303
    assert person.send(f"{address}/delete").status_code == 303
    page = person.page("/sheets")
    assert "No sheets yet" in page
    assert f'action="{address}/restore"' in page
    assert person.get(address).status_code == 404
    assert person.send(f"{address}/restore").status_code == 303
    assert "a fox" in person.page(address)


def test_a_long_list_has_a_next_page(person: Person, services: Services) -> None:
    for number in range(52):
        take_in(services, "local", GOOD, f"sheet {number}.csv")
    page = person.page("/sheets")
    assert page.count('class="name"') == 50
    older = html.unescape(page.split("Older sheets")[0].rsplit('href="', 1)[1].split('"')[0])
    assert person.page(older).count('class="name"') == 2


OF_A_SHEET = ("", "/details", "/rows", "/file")
CHANGES = (
    "name",
    "delete",
    "restore",
    "file",
    "fix",
    "cells",
    "column",
    "keep-first",
    "repairs",
    "repairs/undo",
    "undo/1",
)


@pytest.mark.parametrize("part", OF_A_SHEET)
def test_a_sheet_that_is_not_there_and_one_of_somebody_else_are_not_told_apart(
    person: Person, services: Services, part: str
) -> None:
    person.page("/")
    hers = take_in(services, "hers", GOOD, "hers.csv")
    answers = [person.get(f"/sheets/{sheet_id}{part}") for sheet_id in ("nosuchsheet", hers)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert all("There is no such sheet." in answer.text for answer in answers)


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_a_sheet_of_somebody_else(person: Person, services: Services, change: str) -> None:
    hers = take_in(services, "hers", GOOD, "hers.csv")
    assert person.send(f"/sheets/{hers}/{change}", name="mine").status_code == 404


def test_a_sheet_goes_home_as_it_is_now(person: Person) -> None:
    address = person.sheet(b"prompt,Visibility,Notes\na fox,Private,for Ann\n", "Christmas, FINAL.csv")
    answer = person.get(f"{address}/file?format=csv")
    assert answer.mimetype == "text/csv"
    assert 'filename="Christmas, FINAL.csv"' in answer.headers["Content-Disposition"]
    assert answer.text.removeprefix("\ufeff").splitlines() == [
        "prompt,visibility,Notes",
        "a fox,private,for Ann",
    ]
    book = load_workbook(BytesIO(person.get(f"{address}/file?format=xlsx").data))
    assert [cell.value for cell in book.worksheets[0][2]][:2] == ["a fox", "private"]
    assert person.get(f"{address}/file?format=exe").status_code == 404


def test_the_rows_come_in_pages_and_a_default_is_told_from_a_value(person: Person) -> None:
    rows = "".join(f"prompt {number},private,\n" for number in range(150))
    address = person.sheet(f"prompt,visibility,style\n{rows}".encode())
    page = person.page(address)
    assert "prompt 99<" in page
    assert "prompt 100<" not in page
    assert 'is-default">auto' in page
    assert "prompt 100<" in person.page(f"{address}?rows=150")
    part = person.page(f"{address}/rows?start=100")
    assert part.startswith("<tbody>")
    assert "prompt 149<" in part


@pytest.mark.parametrize("query", ["rows=-5", "rows=x", "rows=99999999999"])
def test_a_page_takes_any_number_in_its_address(person: Person, query: str) -> None:
    address = person.sheet(GOOD)
    assert person.get(f"{address}?{query}").status_code == 200
    assert person.get(f"{address}/rows?start=-4").status_code == 200

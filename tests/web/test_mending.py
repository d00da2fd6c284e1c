"""Problems solved on the page: each fix for one row and for all that have it, each taken back."""

from __future__ import annotations

import html
import re

import pytest

from jobs.services import LOCAL, Services
from jobs.sheet import look
from tests.web.conftest import Person

BAD = b"""prompt,visibility,aspect_ratio,model,style
a fox,Private,02:03:00,2.0,
an owl,private,1:1,3.0,anime
a hare,private,1:1,3.0,anime
,private,1:1,2.0,
a <b>wren</b>,pulic,1:1,2.0,
a wolf,private,1:1,2.0,
a wolf,private,1:1,2.0,
"""


@pytest.fixture
def address(person: Person) -> str:
    return person.sheet(BAD)


def line(page: str, where: str) -> str:
    """The problem's line that names these rows and this column."""
    lines = page.split('<li class="problem"')[1:]
    found = [one for one in lines if where in re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", one))]
    assert len(found) == 1, where
    return found[0]


def group(page: str, where: str) -> str:
    return line(page, where).split('id="p-')[1].split('"')[0]


def cells(services: Services, address: str, column: str) -> list[str]:
    rows = look(services, LOCAL, address.rsplit("/", 1)[1]).rows
    return [row.cells.get(column, "") for row in rows]


def undo(person: Person, address: str) -> str:
    """Press the button of the toast; returns the page after it."""
    found = re.search(rf'action="({address}/undo/\d+)"', person.page(address))
    assert found, "there is no toast to undo"
    assert person.send(found[1]).status_code == 303
    return person.page(address)


def test_a_problem_in_several_rows_is_one_line_and_one_click(
    person: Person, services: Services, address: str
) -> None:
    page = person.page(address)
    answer = person.send(f"{address}/fix", problem=group(page, "Rows 3–4"), fix="0")
    assert (answer.status_code, answer.location) == (303, address)
    assert cells(services, address, "style")[1:3] == ["auto", "auto"]
    page = undo(person, address)
    assert cells(services, address, "style")[1:3] == ["anime", "anime"]
    assert "Do it again" in page
    assert "Rows 3–4" in line(page, "Rows 3–4")


def test_one_row_of_a_group_can_be_solved_alone(person: Person, services: Services, address: str) -> None:
    row = look(services, LOCAL, address.rsplit("/", 1)[1]).rows[2]
    person.send(f"{address}/fix", problem=group(person.page(address), "Rows 3–4"), row=row.id, fix="0")
    assert cells(services, address, "style")[1:3] == ["anime", "auto"]


def test_every_fix_that_the_page_offers_solves_what_it_stands_beside(
    person: Person, services: Services, address: str
) -> None:
    def errors() -> int:
        return look(services, LOCAL, address.rsplit("/", 1)[1]).errors

    page = person.page(address)
    for found in re.findall(r'<li class="problem" id="p-(\w+)"', page):
        for fix in range(
            len(re.findall(r'name="fix"', page.split(f'id="p-{found}"')[1].split("</form>")[0]))
        ):
            before = errors(), len(look(services, LOCAL, address.rsplit("/", 1)[1]).problems)
            assert person.send(f"{address}/fix", problem=found, fix=str(fix)).status_code == 303
            after = errors(), len(look(services, LOCAL, address.rsplit("/", 1)[1]).problems)
            assert after < before
            undo(person, address)
            assert (errors(), len(look(services, LOCAL, address.rsplit("/", 1)[1]).problems)) == before


def test_a_cell_is_written_by_hand_as_it_was_typed(person: Person, services: Services, address: str) -> None:
    text = 'a badger, "die-cut"\r\n<i>white</i>'
    person.send(f"{address}/cells", problem=group(person.page(address), "Row 5 prompt"), value=text)
    assert cells(services, address, "prompt")[3] == text.replace("\r\n", "\n")
    assert html.escape("<i>white</i>") in person.page(address)


def test_what_was_solved_meanwhile_is_said_and_left_alone(
    person: Person, services: Services, address: str
) -> None:
    problem = group(person.page(address), "Row 6 visibility")
    person.send(f"{address}/fix", problem=problem, fix="1")
    again = person.send(f"{address}/fix", problem=problem, fix="0")
    assert again.status_code == 409
    assert "solved already" in again.text
    assert cells(services, address, "visibility")[4] == "private"


@pytest.mark.parametrize(
    "form",
    [{}, {"problem": "x"}, {"problem": "", "fix": "0"}, {"problem": "x", "fix": "-1"}, {"fix": "nonsense"}],
)
def test_a_form_that_no_page_has_is_a_sentence(person: Person, address: str, form: dict[str, str]) -> None:
    for act in ("fix", "cells"):
        assert person.send(f"{address}/{act}", **form).status_code == 409


def test_a_fix_that_is_not_offered_is_refused(person: Person, address: str) -> None:
    problem = group(person.page(address), "Row 6 visibility")
    for fix in ("7", "-1", "", "one"):
        assert person.send(f"{address}/fix", problem=problem, fix=fix).status_code == 409


def test_repairs_are_shown_undone_by_kind_and_all_and_made_again(
    person: Person, services: Services, address: str
) -> None:
    form = {"column": "visibility", "before": "Private", "after": "private"}
    person.send(f"{address}/repairs/undo", **form)
    assert cells(services, address, "visibility")[0] == "Private"
    assert cells(services, address, "aspect_ratio")[0] == "2:3"
    person.send(f"{address}/repairs/undo")
    page = person.page(address)
    assert cells(services, address, "aspect_ratio")[0] == "02:03:00"
    assert "Apply all 2 repairs" in page
    assert re.search(r"<del>02:03:00</del>.*<ins>2:3</ins>", page)
    person.send(f"{address}/repairs")
    assert cells(services, address, "visibility")[0] == "private"
    assert person.send(f"{address}/repairs").status_code == 409


def test_a_missing_column_is_set_for_all_rows(person: Person, services: Services) -> None:
    address = person.sheet(b"prompt\na fox\nan owl\n")
    page = person.page(address)
    person.send(f"{address}/fix", problem=group(page, "visibility"), fix="0")
    assert cells(services, address, "visibility") == ["private", "private"]
    undo(person, address)
    assert cells(services, address, "visibility") == ["", ""]


def test_a_header_of_ones_own_is_taken_for_the_prompt(person: Person, services: Services) -> None:
    address = person.sheet(b"Motiv <b>,visibility\na fox,private\n")
    page = person.page(address)
    assert '<option value="Motiv &lt;b&gt;">Motiv &lt;b&gt;: a fox</option>' in page
    person.send(f"{address}/column", column="prompt", key="Motiv <b>")
    assert cells(services, address, "prompt") == ["a fox"]
    undo(person, address)
    assert cells(services, address, "prompt") == [""]
    assert person.send(f"{address}/column", column="prompt", key="x").status_code == 422


def test_too_many_rows_are_cut_and_had_back(person: Person, services: Services) -> None:
    rows = b"".join(b"prompt %d,private\n" % number for number in range(502))
    address = person.sheet(b"prompt,visibility\n" + rows)
    assert "Keep the first 499 rows" in person.page(address)
    person.send(f"{address}/keep-first")
    assert len(cells(services, address, "prompt")) == 499
    assert "Show 100 more rows" in undo(person, address)
    assert len(cells(services, address, "prompt")) == 502


def test_row_numbers_are_those_on_screen_and_the_files_stand_beside(person: Person) -> None:
    address = person.sheet(b"\n\nprompt,visibility\n\na fox,pulic\n\n\nan owl,pulic\n")
    found = line(person.page(address), "Rows 2–3")
    assert "rows 5 and 8 in your file" in found


def test_rows_that_repeat_others_are_one_decision(person: Person, services: Services) -> None:
    rows = b"a fox,private\nan owl,private\n" * 5
    address = person.sheet(b"prompt,visibility\n" + rows)
    person.send(f"{address}/fix", problem=group(person.page(address), "Rows 4–11"), fix="0")
    assert cells(services, address, "prompt") == ["a fox", "an owl"]


def test_more_problems_than_fit_are_counted_and_follow(person: Person) -> None:
    rows = "".join(f"prompt {number},wrong {number}\n" for number in range(130))
    page = person.page(person.sheet(f"prompt,visibility\n{rows}".encode()))
    assert page.count('class="problem"') == 100
    assert "The first 100 of 130" in page


def test_untrusted_words_stay_words_wherever_they_stand(person: Person) -> None:
    evil = "<script>alert(1)</script>"
    data = f'prompt,visibility,"{evil}",color_palette\n"{evil}","{evil}",x,"{evil}"\n'
    address = person.sheet(data.encode(), "evil.csv")
    page = person.page(address)
    assert evil not in page
    assert page.count(html.escape(evil)) >= 4
    person.send(f"{address}/fix", problem=group(page, "Row 2 color_palette"), fix="0")
    assert evil not in person.page(address)

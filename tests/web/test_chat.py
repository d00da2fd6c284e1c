"""The conversation on a page: asked, shown as a diff, taken row by row or whole, taken back."""

from __future__ import annotations

import html
import re

import pytest
from werkzeug.test import TestResponse

from jobs import talk
from jobs.mend import Change, set_cells
from jobs.services import LOCAL, Services
from jobs.sheet import look
from jobs.talk import Answer
from tests.web.conftest import Person

SHEET = b"""prompt,visibility
A sticker of a fox,private
"A sticker of a dog, a brave one",private
A sticker of an owl,private
"""
HTMX = {"HX-Request": "true"}
TALL = {"op": "set", "rows": "all", "column": "aspect_ratio", "value": "2:3"}
"""What the button “Set the column” sends."""


@pytest.fixture
def address(person: Person) -> str:
    """The address of the sheet's conversation."""
    return f"{person.sheet(SHEET)}/chat"


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", " ", page)))


def ids(services: Services, address: str) -> list[str]:
    return [row.id for row in look(services, LOCAL, address.split("/")[2]).rows]


def cells(services: Services, address: str, column: str) -> list[str]:
    rows = look(services, LOCAL, address.split("/")[2]).rows
    return [row.cells.get(column, "") for row in rows]


def by_htmx(person: Person, address: str, **form: str) -> TestResponse:
    return person.client.post(address, data={"csrf_token": person.token} | form, headers=HTMX)


def test_an_empty_conversation_says_what_can_be_asked(person: Person, address: str) -> None:
    page = plain(person.page(address))
    assert "Refine by talking" in page
    assert "Talking needs a language model. None is connected. Connect one in two minutes" in page
    assert "Set the column" in page
    assert "Ask for a change" in page


def test_what_is_asked_is_answered_by_a_proposal_that_stays(
    person: Person, address: str, services: Services
) -> None:
    answer = person.send(address, **TALL)
    assert (answer.status_code, answer.location) == (303, f"{address}#turn-1")
    page = person.page(address)
    assert "aspect_ratio becomes “2:3” in all 3 rows." in plain(page)
    assert "Proposal: 3 changed Nothing changes until you accept." in plain(page)
    assert "Row 2, aspect_ratio" in plain(page)
    assert re.search(r"<del>.*1:1 \(default\)</del>\s*<ins>.*2:3</ins>", page)
    assert "Accept all 3" in page
    assert cells(services, address, "aspect_ratio") == ["", "", ""]


def test_all_is_accepted_with_one_press_and_taken_back_with_another(
    person: Person, address: str, services: Services
) -> None:
    person.send(address, **TALL)
    assert person.send(f"{address}/1", accept="all").location == f"{address}#turn-1"
    page = person.page(address)
    assert "3 rows changed." in plain(page)
    assert "Accepted: 3 changed" in plain(page)
    assert cells(services, address, "aspect_ratio") == ["2:3"] * 3
    assert "Undo" in page
    person.send(f"{address}/1/undo")
    assert cells(services, address, "aspect_ratio") == ["", "", ""]
    page = plain(person.page(address))
    assert "Taken back." in page
    assert "taken back" in page


def test_rows_are_decided_one_by_one(person: Person, address: str, services: Services) -> None:
    person.send(address, **TALL)
    fox, dog, _ = ids(services, address)
    person.send(f"{address}/1", accept=dog)
    person.send(f"{address}/1", reject=fox)
    assert cells(services, address, "aspect_ratio") == ["", "2:3", ""]
    page = plain(person.page(address))
    assert "1 accepted, 1 rejected and 1 to decide." in page
    assert "Accept it" in page
    person.send(f"{address}/1", reject="all")
    assert "Accepted: 3 changed" in plain(person.page(address))


def test_with_htmx_only_the_turn_comes_with_its_toast_and_the_grid_is_told(
    person: Person, address: str
) -> None:
    person.page(address)
    asked = by_htmx(person, address, op="delete", rows="3")
    assert asked.status_code == 200
    assert asked.text.lstrip().startswith('<div class="turn" id="turn-1"')
    assert "HX-Trigger" not in asked.headers, "nothing has changed yet"
    assert '"op": "delete"' in asked.text
    taken = by_htmx(person, f"{address}/1", accept="all")
    assert taken.headers["HX-Trigger"] == "sheet-changed"
    assert 'hx-swap-oob="beforeend:#toasts"' in taken.text
    assert "1 row deleted." in plain(taken.text)
    back = by_htmx(person, f"{address}/1/undo")
    assert (back.headers["HX-Trigger"], "Taken back: the rows are as they were." in back.text) == (
        "sheet-changed",
        True,
    )


def test_words_are_struck_and_put_in(person: Person, address: str) -> None:
    person.send(address, op="swap", text="fox", **{"with": "wolf"})
    page = re.sub(r'<span class="vh">[^<]*</span>', "", person.page(address))
    assert "A sticker of a <del>fox</del> <ins>wolf</ins>" in page


def test_text_in_prompts_and_messages_is_shown_and_never_run(person: Person) -> None:
    bad = "<script>alert(1)</script>"
    sheet = f"prompt,visibility\n{bad},private\n"
    address = f"{person.sheet(sheet.encode())}/chat"
    person.send(address, text=f"{bad} <img src=x onerror=alert(1)>")
    person.send(address, op="delete", rows="2")
    page = person.page(address)
    assert bad not in page
    assert "<img" not in page
    assert html.escape(bad) in page


def test_rows_that_a_person_edited_are_left_alone_and_can_be_released(
    person: Person, address: str, services: Services
) -> None:
    fox = ids(services, address)[0]
    set_cells(services, LOCAL, address.split("/")[2], [Change(fox, "aspect_ratio", "16:9")])
    person.send(address, **TALL)
    page = plain(person.page(address))
    assert "Row 2, left alone" in page
    assert "You edited its aspect_ratio, so it is locked." in page
    assert "Accept all 2" in page
    person.send(f"{address}/1", release=fox)
    page = plain(person.page(address))
    assert "Row 2, left alone" not in page
    assert "Accept all 3" in page


def test_a_long_proposal_shows_its_first_rows_and_the_others_when_asked(person: Person) -> None:
    sheet = "prompt,visibility\n" + "".join(f"fox {number},private\n" for number in range(60))
    address = f"{person.sheet(sheet.encode())}/chat"
    person.send(address, **TALL)
    page = person.page(address)
    assert "aspect_ratio: empty → 2:3" in plain(page)
    assert "Show 56 more rows" in page
    assert "Accept all 60" in page
    assert page.count('name="accept"') == 4 + 1, "a few rows, and the whole"
    whole = person.page(f"{address}?rows=1")
    assert whole.count('name="accept"') == 60 + 1
    answer = person.client.get(f"{address}/1?rows=all", headers=HTMX)
    assert answer.text.count('name="accept"') == 60 + 1
    assert person.get(f"{address}/1").location == f"{address}?talk=all#turn-1"


def test_a_long_proposal_is_decided_part_by_part(person: Person, services: Services) -> None:
    """Three hundred changes are skimmed by what is done, and taken by that."""
    prompts = [f"fox {n} asleep in a hollow tree number {n}" for n in range(300)]
    sheet = "prompt,visibility,style\n" + "".join(
        f"{prompt},private,{('anime', '3d', '')[n % 3]}\n" for n, prompt in enumerate(prompts)
    )
    address = f"{person.sheet(sheet.encode())}/chat"
    person.send(address, op="set", rows="all", column="style", value="design")
    page = person.page(address)
    titles = re.findall(r"<h4[^>]*>(.*?) <span", page)
    assert titles == ["style: anime → design", "style: 3d → design", "style: empty → design"]
    assert page.count("<li id=") == 12
    anime, threed, _ = re.findall(r'name="accept" value="(part:\w+)"', page)
    person.send(f"{address}/1", accept=anime)
    person.send(f"{address}/1", reject=threed)
    assert sorted(cells(services, address, "style")) == [""] * 100 + ["3d"] * 100 + ["design"] * 100
    assert "100 accepted, 100 rejected and 100 to decide." in plain(person.page(address))
    person.send(f"{address}/1", accept="all")
    assert cells(services, address, "style").count("design") == 200
    person.send(f"{address}/1/undo")
    assert sorted(set(cells(services, address, "style"))) == ["", "3d", "anime"], "one press for both steps"


def test_rows_that_are_too_similar_stand_side_by_side_with_the_one_that_is_kept(
    person: Person, services: Services
) -> None:
    sheet = "prompt,visibility\nA red fox asleep,private\nAn owl,private\na red fox asleep.,private\n"
    address = f"{person.sheet(sheet.encode())}/chat"
    person.send(address, op="similar")
    page = plain(person.page(address))
    assert "One row says nearly the same as an earlier one. The first of each is kept." in page
    assert page.index("Like row 2: A red fox asleep") < page.index("Row 4, delete")
    person.send(f"{address}/1", accept="all")
    assert cells(services, address, "prompt") == ["A red fox asleep", "An owl"]


def test_a_turn_that_waits_is_asked_after_and_can_be_stopped(
    person: Person, address: str, services: Services
) -> None:
    sheet_id = address.split("/")[2]
    turn = talk.wait(services, LOCAL, sheet_id, "make row 2 moodier")
    page = person.page(address)
    assert 'hx-trigger="every 1s"' in page
    assert "Redis does not answer." in plain(page), "nobody is there who could answer"
    item = {"id": 1, "op": "change", "row_id": ids(services, address)[0], "number": 2}
    item |= {"cells": {"prompt": ["A sticker of a fox", "A dark fox"]}, "state": "open", "why": None}
    item |= {"after": None, "problems": []}
    talk.arriving(services, turn, [item], [])
    page = person.page(address)
    assert "Row 2, prompt" in plain(page)
    assert 'name="accept"' not in page, "it may still change"
    person.send(f"{address}/1", stop="1")
    page = person.page(address)
    assert "You stopped this before its answer was complete." in plain(page)
    assert 'hx-trigger="every 1s"' not in page
    assert "Accept it" in page


def test_a_failure_is_told_as_one(person: Person, address: str, services: Services) -> None:
    sheet_id = address.split("/")[2]
    turn = talk.wait(services, LOCAL, sheet_id, "moodier")
    talk.settle(services, turn, Answer("The endpoint refuses the key.", source="model", failed=True))
    page = person.page(address)
    assert "The language model" in plain(page)
    assert "The endpoint refuses the key." in plain(page)
    assert 'class="sig error"' in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            {"text": "make row 2 moodier"},
            "Talking needs a language model. None is connected. Without one, the buttons below set columns",
        ),
        (TALL | {"value": "17:9"}, "aspect_ratio: “17:9” is not allowed. Did you mean 16:9?"),
        ({"op": "duplicate", "rows": "selected", "count": "2"}, "No rows are selected."),
        (
            TALL | {"column": "visibility", "value": "private"},
            "visibility: private: nothing to change, what was meant is so already.",
        ),
    ],
)
def test_what_cannot_be_done_is_answered_in_words(
    person: Person, address: str, form: dict[str, str], said: str
) -> None:
    person.send(address, **form)
    page = plain(person.page(address))
    assert said in page
    assert "Proposal:" not in page


@pytest.mark.parametrize("form", [TALL | {"column": "mood"}, {"op": "explode"}, {"op": "add"}])
def test_what_no_button_sends_is_refused_and_nothing_is_kept(
    person: Person, address: str, form: dict[str, str]
) -> None:
    assert person.send(address, **form).status_code == 422
    assert "turn-1" not in person.page(address)


def test_a_button_means_the_rows_that_are_selected(person: Person, address: str, services: Services) -> None:
    _, dog, owl = ids(services, address)
    person.send(address, op="duplicate", rows="selected", count="1", selected=f"{dog} {owl}")
    person.send(f"{address}/1", accept="all")
    assert [text[:16] for text in cells(services, address, "prompt")] == [
        "A sticker of a f",
        *["A sticker of a d"] * 2,
        *["A sticker of an "] * 2,
    ]


def test_what_was_accepted_is_taken_back_however_long_ago(
    person: Person, address: str, services: Services
) -> None:
    person.send(address, **TALL)
    person.send(f"{address}/1", accept="all")
    person.send(address, op="delete", rows="2")
    person.send(f"{address}/2", accept="all")
    person.send(f"{address}/1/undo")
    assert cells(services, address, "aspect_ratio") == ["", ""]
    again = person.send(f"{address}/1/undo")
    assert again.status_code == 409


def test_a_message_without_words_is_refused_and_nothing_is_kept(person: Person, address: str) -> None:
    assert person.send(address, text="  ").status_code == 422
    assert "turn-1" not in person.page(address)


def test_many_messages_are_shown_from_the_newest(person: Person, address: str) -> None:
    for number in range(12):
        person.send(address, text=f"how many images in row {2 + number % 3}?")
    page = person.page(address)
    assert "2 earlier messages" in page
    assert 'id="turn-2"' not in page
    assert 'id="turn-1"' in person.page(f"{address}?talk=all")


@pytest.mark.parametrize("what", ["/9", "/1/undo", ""])
def test_what_is_not_there_is_not_found(person: Person, address: str, what: str) -> None:
    assert person.send(f"/sheets/nobody/chat{what}", text="moodier", accept="all", group=1).status_code == 404


def test_the_grid_has_the_conversation_beside_it(person: Person, address: str) -> None:
    person.send(address, **TALL)
    page = person.page(address.replace("/chat", "/grid"))
    assert 'class="work chatty"' in page
    assert "Accept all 3" in page

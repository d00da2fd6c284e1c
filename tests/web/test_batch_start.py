"""A batch is ordered: once, in sentences, and led to."""

from __future__ import annotations

import pytest

from tests.web.conftest import Person


def test_a_sheet_is_started_once_however_often_its_form_is_sent(person: Person) -> None:
    sheet = person.sheet(b"prompt,visibility\na fox,private\nan owl,private\n").rsplit("/", 1)[1]
    order = {"sheet": sheet, "backend": "proof", "key": "one"}
    first = person.send("/batches", **order)
    assert first.status_code == 303
    assert person.send("/batches", **order).location == first.location
    assert person.send("/batches", **order | {"key": "two"}).location != first.location


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"budget": "abc"}, "“abc” is no number of credits"),
        ({"budget": "-5"}, "“-5” is no number of credits"),
        ({"trial": "some"}, "“some” is no number of rows"),
        ({"trial": "9"}, "A trial takes 1 to 2 rows"),
        ({"backend": "crayon"}, "There is no image back end “crayon”"),
    ],
)
def test_an_order_that_cannot_be_met_ends_in_a_sentence(
    person: Person, wrong: dict[str, str], said: str
) -> None:
    sheet = person.sheet(b"prompt,visibility\na fox,private\nan owl,private\n").rsplit("/", 1)[1]
    answer = person.send("/batches", sheet=sheet, **wrong)
    assert answer.status_code == 422
    assert said in answer.text


def test_an_order_for_no_sheet_is_not_found(person: Person) -> None:
    assert person.send("/batches").status_code == 404


def test_a_batch_started_through_htmx_is_gone_to(person: Person) -> None:
    sheet = person.sheet(b"prompt,visibility\na fox,private\n").rsplit("/", 1)[1]
    answer = person.client.post(
        "/batches", data={"sheet": sheet}, headers={"HX-Request": "true", "X-CSRFToken": person.token}
    )
    assert answer.headers["HX-Redirect"].startswith("/batches/")

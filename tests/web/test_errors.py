"""Every error is a page with a sentence, also where little works."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from jobs.errors import QueueAway
from jobs.services import Services
from tests.web.conftest import Person


@pytest.fixture
def breaking(app: Flask) -> Person:
    """A person at an application with two addresses that fail."""

    def fail() -> str:
        raise ZeroDivisionError("secret of the house")

    def away() -> str:
        raise QueueAway("Redis does not answer. Nothing is lost; try again in a moment.")

    app.add_url_rule("/fails", view_func=fail)
    app.add_url_rule("/away", view_func=away)
    app.testing = False
    return Person(app.test_client())


def test_a_missing_page_says_so(person: Person) -> None:
    answer = person.get("/nowhere")
    assert answer.status_code == 404
    assert "<h1>There is no page at this address.</h1>" in answer.text


def test_a_fault_of_ours_is_a_reference_and_never_a_trace(
    breaking: Person, caplog: pytest.LogCaptureFixture
) -> None:
    answer = breaking.get("/fails")
    assert answer.status_code == 500
    assert "that is a fault of ours" in answer.text
    assert "secret of the house" not in answer.text
    reference = caplog.messages[0].split()[1].rstrip(":")
    assert reference in answer.text


def test_what_may_be_tried_again_offers_it(breaking: Person) -> None:
    answer = breaking.get("/away?page=2")
    assert answer.status_code == 503
    assert 'href="/away?page=2">Try again</a>' in answer.text


def test_htmx_gets_an_error_as_a_toast(breaking: Person) -> None:
    answer = breaking.get("/away", **{"HX-Request": "true"})
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#toasts", "beforeend")
    assert answer.text.startswith('<div class="toast error">')


def test_a_page_that_asks_again_by_itself_is_not_told_of_a_passing_error(breaking: Person) -> None:
    answer = breaking.get("/away", **{"HX-Request": "true", "X-Poll": "1"})
    assert (answer.status_code, answer.text) == (204, "")


@pytest.mark.filterwarnings("ignore")
def test_without_a_database_there_is_still_a_page(breaking: Person, services: Services) -> None:
    with services.database.write() as connection:
        connection.execute(text("DROP TABLE notices"))
    answer = breaking.get("/nowhere")
    assert answer.status_code == 404
    assert "<h1>There is no page at this address." in answer.text


def test_a_method_that_an_address_does_not_take_is_a_page(person: Person) -> None:
    person.page("/")
    answer = person.send("/expected-values")
    assert answer.status_code == 405
    assert "This address does not take what was asked of it." in answer.text

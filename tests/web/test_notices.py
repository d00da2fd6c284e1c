"""Notices: counted at the bell, told once to each page that asks, read when the person says so."""

from __future__ import annotations

import pytest

from jobs.services import LOCAL, Services
from jobs.store import notices
from tests.web.conftest import Person


@pytest.fixture
def batch(person: Person) -> str:
    """The id of a batch that notices can be about."""
    person.page("/")
    return person.send("/example").location.rsplit("/", 1)[1]


def tell(services: Services, batch: str, text: str, owner: str = LOCAL) -> None:
    with services.database.write() as connection:
        notices.add(connection, owner, batch, "fixed", text, services.clock())


def test_the_bell_counts_what_was_not_read(person: Person, services: Services, batch: str) -> None:
    assert 'aria-label="Notices"' in person.page("/")
    tell(services, batch, "one")
    tell(services, batch, "two")
    assert 'aria-label="Notices, 2 unread"' in person.page("/")


def test_a_page_hears_each_notice_once(person: Person, services: Services, batch: str) -> None:
    assert person.get("/notices/new?after=0&unread=0").status_code == 204
    tell(services, batch, "stickers is <b>finished</b>")
    answer = person.get("/notices/new?after=0&unread=0")
    assert answer.text.count("data-notice=") == 1
    assert "&lt;b&gt;finished" in answer.text
    assert f'href="/batches/{batch}"' in answer.text
    assert person.get("/notices/new?after=1&unread=1").status_code == 204


def test_read_in_one_tab_is_read_in_the_other(person: Person, services: Services, batch: str) -> None:
    tell(services, batch, "finished")
    assert "finished" in person.page("/notices")
    assert person.send("/notices/read").status_code == 303
    answer = person.get("/notices/new?after=1&unread=1")
    assert 'aria-label="Notices"' in answer.text
    assert "data-notice=" not in answer.text


def test_nobody_hears_what_is_meant_for_somebody_else(person: Person, services: Services, batch: str) -> None:
    tell(services, batch, "hers alone", owner="hers")
    assert person.get("/notices/new?after=0&unread=0").status_code == 204
    assert "hers alone" not in person.page("/notices")


def test_without_notices_the_page_says_what_will_stand_there(person: Person) -> None:
    assert "Nothing to tell yet" in person.page("/notices")

"""The first page: three ways to begin, an example with real prints, the newest batches."""

from __future__ import annotations

import io
import re

from PIL import Image

from assistant.web.start import example
from jobs.services import LOCAL, Services
from jobs.sheet import look
from jobs.store import sheets
from schema import columns
from schema.wording import counted
from tests.web.conftest import Person


def test_the_limits_on_the_page_are_those_of_the_settings(person: Person) -> None:
    page = person.page("/")
    assert "up to 10 MB and 500 rows" in page
    found = columns.load()
    assert f"{counted(len(found.simple)).capitalize()} columns to begin with" in page
    assert f"or all {counted(len(found.all))}" in page


def test_the_example_is_a_good_sheet_and_its_prints_are_proofs(person: Person, services: Services) -> None:
    page = person.page("/")
    assert "12 rows of woodland Christmas stickers, 48 images" in page
    addresses = re.findall(r"/example/\w+/\d+\.webp", page)
    assert len(addresses) == 6
    seen = set()
    for address in addresses:
        answer = person.get(address)
        assert answer.mimetype == "image/webp"
        assert "immutable" in answer.headers["Cache-Control"]
        with Image.open(io.BytesIO(answer.data)) as proof:
            assert proof.size == (480, 480)
        seen.add(answer.data)
    assert len(seen) == 6


def test_a_print_that_is_not_shown_is_not_drawn(person: Person) -> None:
    for address in (f"/example/{example.edition()}/99.webp", "/example/other/3.webp"):
        assert person.get(address).status_code == 404


def test_the_examples_sheet_is_made_once_and_anew_when_it_was_changed(
    person: Person, services: Services
) -> None:
    person.page("/")
    first = person.send("/example/sheet").location
    assert person.send("/example/sheet").location == first
    view = look(services, LOCAL, first.rsplit("/", 1)[1])
    assert (len(view.rows), view.problems, view.sheet.name) == (12, (), "Woodland stickers")
    person.send(f"{first}/delete")
    assert person.send("/example/sheet").location != first


def test_the_example_is_started_once_however_often_its_form_is_sent(
    person: Person, services: Services
) -> None:
    page = person.page("/")
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    answers = [person.send("/example", key=key[1]) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    with services.database.read() as connection:
        assert len(sheets.listing(connection, LOCAL)) == 1
    page = person.page("/")
    assert "Woodland stickers" in page
    assert answers[0].location in page

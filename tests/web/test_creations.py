"""The gallery: what it shows, how it is narrowed, and that it stays fast with thousands of images."""

from __future__ import annotations

import html
import re

import pytest

from jobs.services import LOCAL, Services
from jobs.store import images
from jobs.store.images import Image
from schema import columns
from tests.jobs import making
from tests.web import rows
from tests.web.conftest import Person


def shown(page: str) -> list[str]:
    """The captions' numbers, in the gallery's order."""
    return re.findall(r"<figcaption><b>([\d.]+)</b>", page)


@pytest.fixture
def made(services: Services, person: Person) -> list[Image]:
    """Four rows of two images: a private fox in 2:3, an owl in design, a fox in 16:9, an otter."""
    items = [
        making.item(2, "a red fox", 2, aspect_ratio="2:3"),
        making.item(3, "an owl", 2, style="design", visibility="public"),
        making.item(4, "a fox and an OWL", 2, aspect_ratio="16:9", visibility="public"),
        making.item(5, "an otter, 100%", 2, visibility="public"),
    ]
    batch_id = rows.of_items(services, items)
    return [image for number in (2, 3, 4, 5) for image in rows.end(services, batch_id, (number,))]


def star(services: Services, image: Image) -> None:
    with services.database.write() as connection:
        images.star(connection, LOCAL, image.id, True)


def test_an_empty_gallery_says_what_will_lie_there(person: Person) -> None:
    page = person.page("/creations")
    assert "Nothing on the table yet" in page
    assert "To the example" in page
    assert 'type="search"' not in page


def test_images_are_newest_first_with_their_shapes_and_their_places_reserved(
    person: Person, made: list[Image]
) -> None:
    page = person.page("/creations")
    assert shown(page) == ["5.2", "5.1", "4.2", "4.1", "3.2", "3.1", "2.2", "2.1"]
    assert "8 images · 0 starred" in page
    assert re.findall(r'<figure class="(\w+)"', page)[2:4] == ["r169", "r169"]
    assert all('width="' in tag and 'height="' in tag for tag in re.findall(r"<img[^>]*>", page))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=fox", ["4.2", "4.1", "2.2", "2.1"]),
        ("q=owl+FOX", ["4.2", "4.1"]),
        ("q=100%25", ["5.2", "5.1"]),
        ("q=_", []),
        ("ratio=2:3", ["2.2", "2.1"]),
        ("style=design", ["3.2", "3.1"]),
        ("private=1", ["2.2", "2.1"]),
        ("starred=1", ["3.1"]),
        ("starred=1&q=owl&style=design", ["3.1"]),
        ("batch=none", []),
    ],
)
def test_the_address_narrows_what_is_shown(
    person: Person, services: Services, made: list[Image], asked: str, found: list[str]
) -> None:
    star(services, made[2])
    page = person.page(f"/creations?{asked}")
    assert shown(page) == found
    assert f"{len(found)} image{'' if len(found) == 1 else 's'} of 8" in page


def test_where_nothing_fits_each_filter_less_is_offered_that_shows_something(
    person: Person, services: Services, made: list[Image]
) -> None:
    star(services, made[0])
    page = html.unescape(person.page("/creations?q=owl&starred=1&ratio=1:1"))
    assert "No starred 1:1 image has “owl” in its prompt" in page
    assert "There are 2 without a star." in page
    assert 'href="/creations?q=owl&ratio=1:1"' in page
    assert "in another ratio" not in page, "with the star there is still none"
    assert "No image has “heron” in its prompt" in person.page("/creations?q=heron")


def test_what_was_drawn_without_an_image_model_says_so(person: Person, made: list[Image]) -> None:
    assert "Drawn by proof, not an image model" in person.page("/creations")


def test_only_some_drawn_so_is_said_so(person: Person, services: Services, made: list[Image]) -> None:
    other = rows.batch(services, 1, backend="openai")
    rows.end(services, other, (2,))
    assert "Some drawn by proof, not an image model" in person.page("/creations")
    assert "not an image model" not in person.page(f"/creations?batch={other}")


def test_the_filters_are_a_plain_form_that_keeps_what_was_chosen(
    person: Person, services: Services, made: list[Image]
) -> None:
    page = person.page("/creations?q=fox&ratio=2:3&style=auto&private=1")
    assert 'name="q" type="search" placeholder="Search in prompts" value="fox"' in page
    assert "<option selected>2:3</option>" in page
    assert "<option selected>auto</option>" in page
    assert 'name="private" value="1" checked' in page
    for ratio in columns.load()["aspect_ratio"].choices:
        assert f">{ratio}</option>" in page


def test_an_old_batch_can_still_be_the_chosen_one(
    person: Person, services: Services, made: list[Image]
) -> None:
    for _ in range(101):
        rows.batch(services, 1, name="Newer")
    page = person.page(f"/creations?batch={made[0].batch_id}")
    assert f'<option value="{made[0].batch_id}" selected>' in page
    assert len(shown(page)) == 8


def test_every_page_of_thousands_of_images_takes_the_same_number_of_queries(
    person: Person, services: Services, queries: list[str]
) -> None:
    batch_id = rows.batch(services, 1)
    rows.shelf(services, 5000, batch_id)
    counts, address, seen = set(), "/creations", 0
    for _ in range(4):
        queries.clear()
        page = person.page(address)
        counts.add(len(queries))
        seen += len(shown(page))
        older = re.search(r'href="(/creations\?before=\d+)"', page)
        assert older
        address = older[1]
    assert seen == 4 * 60
    assert len(counts) == 1, counts
    queries.clear()
    person.page("/creations?before=61")
    assert len(queries) <= max(counts), "the last page of all is no slower"


def test_an_image_that_arrives_while_one_pages_moves_nothing(
    person: Person, services: Services, queries: list[str]
) -> None:
    batch_id = rows.batch(services, 1)
    rows.shelf(services, 130, batch_id)
    page = person.page("/creations")
    rows.shelf(services, 5, batch_id)
    older = re.search(r'href="(/creations\?before=\d+)"', page)
    assert older
    assert "70 older images" in page
    assert shown(person.page(older[1])) == [f"2.{place}" for place in range(70, 10, -1)]


def test_filters_by_htmx_leave_a_clean_address(person: Person, made: list[Image]) -> None:
    answer = person.get(
        "/creations?q=fox&batch=&ratio=&style=", **{"HX-Request": "true", "HX-Target": "shown"}
    )
    assert answer.headers["HX-Replace-Url"] == "/creations?q=fox"


def test_an_odd_address_is_an_empty_gallery_and_no_fault(person: Person, made: list[Image]) -> None:
    assert len(shown(person.page("/creations?before=soon&starred=maybe&image_id=x&_anchor=y"))) == 8
    assert shown(person.page("/creations?before=-1")) == []
    assert shown(person.page("/creations?ratio=" + "9" * 500)) == []

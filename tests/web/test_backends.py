"""The page of image back ends: state, limits, prices, what each lacks, and a test that spends nothing."""

from __future__ import annotations

import re

import pytest

from tests.fakes.ideogram_server import IdeogramServer
from tests.web.conftest import Person
from tests.web.test_details import plain

KEY = "sk-never-to-be-shown"


def section(page: str, name: str) -> str:
    """What the page says of one back end."""
    found = re.search(rf'<section[^>]*aria-labelledby="be-{name}".*?</section>', page, re.DOTALL)
    assert found, name
    return plain(found[0])


def test_each_says_what_it_is_takes_and_asks_for(person: Person) -> None:
    page = person.page("/backends")
    proof = section(page, "proof")
    assert "set up" in proof
    assert "default" in proof
    assert "Price Nothing." in proof
    assert "negative_prompt proof draws plain shapes" in proof
    ideogram = section(page, "ideogram")
    assert "not set up" in ideogram
    assert "Set IDEOGRAM_API_KEY" in ideogram
    assert "10 images, over all batches and workers" in ideogram
    assert "An image of model 3.0: default 1 credit ($0.06), turbo 0.5 credits ($0.03)" in ideogram
    assert "Model 2.0 takes no palette with quality at Ideogram" in ideogram
    assert "4 credits ($0.04) an image." in section(page, "openai")


def test_what_is_set_is_shown_and_a_key_only_as_set(
    environment: dict[str, str], request: pytest.FixtureRequest
) -> None:
    environment["IDEOGRAM_API_KEY"] = KEY
    environment["A1111_BASE_URL"] = f"http://me:{KEY}@127.0.0.1:7860"
    person: Person = request.getfixturevalue("person")
    page = person.page("/backends")
    assert KEY not in page
    assert "IDEOGRAM_API_KEY set" in section(page, "ideogram")
    assert "IDEOGRAM_PLACES 10, default" in section(page, "ideogram")
    assert "http://me:•••@127.0.0.1:7860" in section(page, "a1111")
    assert "PROMPTSHEET_IMAGES_PRICE 4, default" in section(page, "openai")


@pytest.mark.parametrize(
    ("key", "words"),
    [("", "answers and does not refuse the key. Nothing was spent."), ("wrong", "refuses the key (401)")],
)
def test_a_test_spends_nothing_and_says_what_came_of_it(
    environment: dict[str, str], request: pytest.FixtureRequest, key: str, words: str
) -> None:
    with IdeogramServer() as server:
        environment |= server.environment() | ({"IDEOGRAM_API_KEY": key} if key else {})
        person: Person = request.getfixturevalue("person")
        page = person.send("/backends/ideogram/test").text
        assert (server.counts().calls, server.counts().billed) == (0, 0)
    assert words in section(page, "ideogram")
    assert "Nothing was spent" not in section(page, "proof")


def test_one_that_is_not_set_up_says_what_is_missing_and_an_unknown_one_is_not_found(person: Person) -> None:
    assert "A1111_BASE_URL" in section(person.send("/backends/a1111/test").text, "a1111")
    assert person.send("/backends/dall-e/test").status_code == 422

"""The provider's own price before a start: asked for each kind of rows, for nothing, within a time."""

from __future__ import annotations

import pytest

from jobs.batch import Item
from jobs.dry_run import ask
from jobs.services import Services
from tests.fakes.ideogram_server import IdeogramServer
from tests.jobs.making import item


@pytest.fixture
def environment(environment: dict[str, str], server: IdeogramServer) -> dict[str, str]:
    return environment | server.environment()


def rows(count: int, **values: str) -> list[Item]:
    """By turns of one and of four images, at 500 thousandths an image."""
    each = [1 + 3 * (number % 2) for number in range(count)]
    return [
        item(number, images=images, price=500 * images, **values) for number, images in enumerate(each, 2)
    ]


def test_each_kind_of_rows_is_asked_for_once_and_nothing_is_made(
    services: Services, server: IdeogramServer
) -> None:
    told = ask(services, "ideogram", [*rows(40), item(50, images=1, price=1000, model="3.0")])
    counts = server.told()
    assert told
    assert (told.credits, told.dollars, told.most) == (51_000, pytest.approx(0.51), None)
    assert (told.told, told.by_table, told.why) == (41, [], None)
    assert (counts["quotes"], counts["calls"], counts["billed"], counts["complaints"]) == (3, 0, 0, [])


def test_rows_of_the_older_interface_are_reckoned_by_the_table(services: Services) -> None:
    told = ask(services, "ideogram", [*rows(2), item(9, images=2, price=500, model="1.0")])
    assert told
    assert (told.credits, told.by_table, told.told) == (500 + 2000 + 500, [9], 2)
    assert told.dollars == pytest.approx(0.025 + 0.12)


def test_an_estimate_comes_with_what_it_may_come_to(services: Services, server: IdeogramServer) -> None:
    server.behave(qualifier="estimate")
    told = ask(services, "ideogram", rows(2))
    assert told
    assert (told.dollars, told.most) == (0.025, 0.05)


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        ({"key": "another"}, "key refused (401)"),
        ({"qualifier": "none"}, "answered, but with no price"),
        ({"quoting": 5.0}, "did not tell its prices within 0.3 s"),
    ],
)
def test_what_is_not_told_is_reckoned_by_the_table_and_said(
    services: Services,
    server: IdeogramServer,
    behaviour: dict[str, object],
    why: str,
) -> None:
    server.behave(**behaviour)
    told = ask(services, "ideogram", rows(4), patience=0.3)
    assert told
    assert (told.credits, told.told, len(told.by_table)) == (5000, 0, 4)
    assert why in (told.why or "")
    assert server.told()["billed"] == 0
    assert server.told()["quotes"] <= 1, "one goes first, and tells that the others need not be asked"


def test_a_back_end_that_tells_no_price_is_not_asked(services: Services) -> None:
    assert ask(services, "proof", rows(2)) is None

"""What a list of batches is made of, the same on both databases: latest ends, first images, dollars."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jobs import revising
from jobs.backends import registry
from jobs.batch import RowState
from jobs.progress import overview, progress
from jobs.services import LOCAL, Services
from jobs.store import batches, images
from tests.jobs.making import item
from tests.web import rows


@pytest.fixture(params=["sqlite", "postgres"])
def environment(request: pytest.FixtureRequest, environment: dict[str, str]) -> dict[str, str]:
    if request.param == "postgres":
        environment["DATABASE_URL"] = request.getfixturevalue("postgres_url")
    return environment | {"PROMPTSHEET_IMAGES_BASE_URL": "http://127.0.0.1:9/v1"}


def test_each_batch_has_its_own_pace_first_images_and_money(services: Services) -> None:
    priced = [replace(item(number, "", 2, 2000), micros=80_000) for number in range(2, 8)]
    first, second = (rows.of_items(services, priced, backend="openai") for _ in range(2))
    rows.end(services, first, range(2, 6))
    rows.end(services, second, (3,))
    listed = {one.batch.id: one for one in overview(services, LOCAL, limit=10)}
    assert [(one.number, one.index) for one in listed[first].first_images] == [(2, 1), (2, 2)]
    assert [(one.number, one.index) for one in listed[second].first_images] == [(3, 1), (3, 2)]
    assert listed[first].left is not None
    assert listed[second].left is None
    alone = progress(services, LOCAL, second)
    assert alone.dollars
    assert (alone.dollars.quoted, alone.dollars.spent, alone.dollars.projected) == (0.48, 0.08, 0.48)
    assert listed[second].projected == alone.projected == 12_000


def test_the_dollars_follow_a_row_that_is_edited_and_leave_out_those_taken_over(services: Services) -> None:
    priced = [replace(item(number, "", 2, 2000), micros=80_000) for number in range(2, 8)]
    batch_id = rows.of_items(services, priced, backend="openai")
    rows.end(services, batch_id, (2,), RowState.FAILED)
    rows.end(services, batch_id, (3,), RowState.REUSED)
    with services.database.read() as connection:
        edited = batches.rows(connection, LOCAL, batch_id)[0]
    revising.revise(services, LOCAL, batch_id, {edited.row_id: {"num_images": "1", "prompt": "an owl"}})
    price = registry.terms("openai", services.settings).dollars({})
    now = progress(services, LOCAL, batch_id).dollars
    assert price
    assert now
    assert now.quoted == pytest.approx(4 * 0.08 + price)


def test_another_persons_images_and_batches_are_not_among_them(services: Services) -> None:
    batch_id = rows.batch(services, 2)
    rows.end(services, batch_id, (2,))
    with services.database.read() as connection:
        assert images.firsts(connection, "another", [batch_id], 2) == {batch_id: []}
    assert overview(services, "another", limit=10, ids=[batch_id]) == []

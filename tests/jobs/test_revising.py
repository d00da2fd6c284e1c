"""A row that ended badly, edited and tried again in its place: what it was stays known, money agrees."""

from __future__ import annotations

import asyncio
import csv
import io

import pytest

from jobs import bundle, control, credits, revising
from jobs.batch import RowState
from jobs.drain import Drain
from jobs.errors import Conflict, Invalid, NotFound
from jobs.services import LOCAL, Services
from jobs.store import attempts
from jobs.store import batches as store
from jobs.store.attempts import Past
from jobs.store.batches import BatchRow, batch_rows
from tests.fakes.ideogram_server import IdeogramServer
from tests.jobs.making import batch, item, states
from tests.web import rows

PRICE = 500


@pytest.fixture
def environment(environment: dict[str, str], server: IdeogramServer) -> dict[str, str]:
    return environment | server.environment()


def order(services: Services, *prompts: str) -> str:
    made = [item(n, prompt, 1, PRICE, magic_prompt="off") for n, prompt in enumerate(prompts, 2)]
    return batch(services, made, "ideogram")


def row_of(services: Services, batch_id: str, number: int = 2) -> BatchRow:
    with services.database.read() as connection:
        return next(row for row in store.rows(connection, LOCAL, batch_id) if row.number == number)


def past_of(services: Services, batch_id: str, number: int = 2) -> list[Past]:
    row = row_of(services, batch_id, number)
    with services.database.read() as connection:
        return attempts.of_rows(connection, LOCAL, batch_id, [row.row_id]).get(row.row_id, [])


def revise(services: Services, batch_id: str, number: int = 2, **cells: str) -> None:
    row = row_of(services, batch_id, number)
    revising.revise(services, LOCAL, batch_id, {row.row_id: cells})


@pytest.mark.usefixtures("valkey")
def test_an_edited_row_runs_anew_and_what_it_was_stays_known(
    services: Services, server: IdeogramServer
) -> None:
    batch_id = order(services, "fault:unsafe", "a fox")
    asyncio.run(Drain(services).run())
    assert states(services, batch_id) == {"refused": 1, "done": 1}
    revise(services, batch_id, prompt="a gentle fox", model="3.0", num_images="2")
    asyncio.run(Drain(services).run())
    assert states(services, batch_id) == {"done": 2}
    row = row_of(services, batch_id)
    assert (row.images, row.made, row.spent) == (2, 2, 2000)
    (first,) = past_of(services, batch_id)
    assert (first.n, first.state, first.values["prompt"]) == (1, "refused", "fault:unsafe")
    assert "failed safety check" in (first.reason or "")
    assert first.at
    done = bundle.load(services, LOCAL, batch_id)
    lines = list(csv.DictReader(io.StringIO(bundle.manifest(done).decode("utf-8-sig"))))
    assert [(line["row"], line["prompt"], line["model"]) for line in lines] == [
        ("2", "a gentle fox", "3.0"),
        ("2", "a gentle fox", "3.0"),
        ("3", "a fox", "2.0"),
    ]
    assert b"a gentle fox" in bundle.returned_sheet(done, "csv")
    assert done.batch.images == 3
    with services.database.read() as connection:
        assert credits.held(connection, LOCAL, batch_id) == 0
        assert "another prompt, model and num_images" in str(store.story(connection, LOCAL, batch_id))


def test_every_attempt_is_kept_also_of_an_ordinary_retry(services: Services) -> None:
    batch_id = order(services, "one", "two")
    for reason in ("first", "second"):
        rows.end(services, batch_id, (2, 3), RowState.FAILED, reason=reason)
        control.retry(services, LOCAL, batch_id)
    assert [(past.n, past.reason) for past in past_of(services, batch_id, 3)] == [(1, "first"), (2, "second")]


def test_a_row_with_the_same_values_keeps_what_was_ordered_another_orders_anew(services: Services) -> None:
    batch_id = order(services, "one", "two")
    rows.end(services, batch_id, (2, 3), RowState.FAILED)
    with services.database.write() as connection:
        connection.execute(batch_rows.update().values(ticket="ordered"))
    revise(services, batch_id, 2, prompt="one")
    revise(services, batch_id, 3, prompt="three")
    same, other = row_of(services, batch_id, 2), row_of(services, batch_id, 3)
    assert (same.state, same.ticket, same.spent) == ("sent", "ordered", 0)
    assert (other.state, other.ticket, other.spent, other.attempt) == ("pending", None, PRICE, None)
    assert past_of(services, batch_id, 3)[0].ticket == "ordered"
    with services.database.read() as connection:
        assert credits.held(connection, LOCAL, batch_id) == 2 * PRICE


def test_a_row_without_an_answer_is_sent_again_only_where_that_is_said(services: Services) -> None:
    batch_id = order(services, "one")
    rows.end(services, batch_id, (2,), RowState.UNKNOWN)
    with pytest.raises(Conflict, match="may have been billed"):
        revise(services, batch_id, prompt="two")
    row = row_of(services, batch_id)
    revising.revise(services, LOCAL, batch_id, {row.row_id: {"prompt": "two"}}, unknown=True)
    again = row_of(services, batch_id)
    assert (again.state, again.spent) == ("pending", PRICE)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"prompt": " "}, "Row 2: prompt: "),
        ({"num_images": "9"}, "num_images"),
        ({"model": "3.0", "style": "anime"}, "style"),
        ({"colour": "red"}, "no column “colour”"),
    ],
)
def test_a_value_that_cannot_be_is_said_and_changes_nothing(
    services: Services, cells: dict[str, str], says: str
) -> None:
    batch_id = order(services, "one")
    rows.end(services, batch_id, (2,), RowState.FAILED)
    with pytest.raises(Invalid, match=says):
        revise(services, batch_id, **cells)
    assert row_of(services, batch_id).state == "failed"
    assert past_of(services, batch_id) == []


def test_only_rows_that_ended_badly_are_edited(services: Services) -> None:
    batch_id = order(services, "one")
    with pytest.raises(Conflict, match="Row 2 is pending"):
        revise(services, batch_id, prompt="two")
    with pytest.raises(NotFound):
        revising.revise(services, LOCAL, batch_id, {"nobody": {}})

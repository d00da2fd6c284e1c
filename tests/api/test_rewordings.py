"""Other words for refused rows over HTTP: asked for, looked at, taken or left, row by row."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from jobs.batch import RowState
from jobs.services import Services
from jobs.store import rewordings
from tests.web import rows

DECLINED = "Declined: depicts a weapon."


@pytest.fixture
def batch(environment: dict[str, str], request: pytest.FixtureRequest) -> str:
    """The address of a batch whose rows 2 and 3 of three were refused, with a language model to ask."""
    environment["OPENAI_BASE_URL"] = "http://127.0.0.1:9/v1"
    services: Services = request.getfixturevalue("services")
    batch_id = rows.batch(services, 3)
    rows.end(services, batch_id, (2, 3), RowState.REFUSED, reason=DECLINED)
    return f"/api/v1/batches/{batch_id}"


def proposed(client: FlaskClient, batch: str, services: Services, *after: str) -> list[dict[str, Any]]:
    """Ask, and write down what a model would have answered."""
    assert client.post(f"{batch}/rewordings").status_code == 202
    with services.database.write() as connection:
        taken = rewordings.take(connection, "machine:1:test", 2e9, 0)
        for one, words in zip(taken, after, strict=True):
            rewordings.note(connection, one, state="proposed", after=words)
    return list(client.get(f"{batch}/rewordings").json["rewordings"])


def states(client: FlaskClient, batch: str) -> list[tuple[str, str]]:
    return [(row["state"], row["cells"]["prompt"]) for row in client.get(f"{batch}/rows").json["rows"]]


def test_without_a_model_other_words_cannot_be_asked_for(client: FlaskClient, services: Services) -> None:
    batch_id = rows.batch(services, 1)
    rows.end(services, batch_id, (2,), RowState.REFUSED)
    answer = client.post(f"/api/v1/batches/{batch_id}/rewordings")
    assert answer.status_code == 503
    assert answer.json["detail"].startswith("Other words need a language model.")


def test_asked_for_they_wait_for_the_model_and_run_nothing(batch: str, client: FlaskClient) -> None:
    asked = client.post(f"{batch}/rewordings")
    assert asked.status_code == 202
    assert asked.json == client.get(f"{batch}/rewordings").json
    first, second = asked.json["rewordings"]
    assert (first["number"], first["state"], first["before"], first["reason"]) == (
        2,
        "waiting",
        "a fox number 2",
        DECLINED,
    )
    assert (second["number"], second["after"], second["why"], second["credits"]) == (3, None, None, 0)
    again = client.post(f"{batch}/rewordings")
    assert (again.status_code, again.json["detail"]) == (
        409,
        "Every refused row of this batch has a proposal already.",
    )


def test_one_row_is_taken_and_the_other_left(batch: str, client: FlaskClient, services: Services) -> None:
    first, second = proposed(client, batch, services, "a calm fox", "a quiet fox")
    assert (first["state"], first["after"]) == ("proposed", "a calm fox")
    taken = client.post(f"{batch}/rewordings/accept", json={"rows": [first["row_id"]]})
    assert (taken.status_code, taken.json["rows"]["pending"], taken.json["rows"]["refused"]) == (200, 2, 1)
    left = client.post(f"{batch}/rewordings/reject", json={"rows": [second["row_id"]]})
    assert (left.status_code, left.json) == (200, {"rewordings": []})
    assert states(client, batch) == [
        ("pending", "a calm fox"),
        ("refused", "a fox number 3"),
        ("pending", "a fox number 4"),
    ]


def test_without_rows_all_that_are_open_are_taken_and_then_none_is_left(
    batch: str, client: FlaskClient, services: Services
) -> None:
    proposed(client, batch, services, "a calm fox", "a quiet fox")
    assert client.post(f"{batch}/rewordings/accept").status_code == 200
    assert [words for _, words in states(client, batch)] == ["a calm fox", "a quiet fox", "a fox number 4"]
    for decision in ("accept", "reject"):
        assert client.post(f"{batch}/rewordings/{decision}").status_code == 409


def test_a_batch_without_refused_rows_has_nothing_to_ask_for(
    batch: str, client: FlaskClient, services: Services
) -> None:
    proposed(client, batch, services, "a calm fox", "a quiet fox")
    assert client.post(f"{batch}/rewordings/accept").status_code == 200
    answer = client.post(f"{batch}/rewordings")
    assert (answer.status_code, answer.json["detail"]) == (409, "No row of this batch is refused.")


def test_a_list_of_no_rows_is_told_as_one(batch: str, client: FlaskClient) -> None:
    answer = client.post(f"{batch}/rewordings/accept", json={"rows": []})
    assert (answer.status_code, answer.json["detail"]) == (
        422,
        "rows is a list; it should have at least 1 item after validation, not 0.",
    )


@pytest.mark.parametrize("call", ["", "/accept", "/reject"])
@pytest.mark.usefixtures("batch")
def test_a_batch_that_is_not_there_is_told(client: FlaskClient, call: str) -> None:
    assert client.post(f"/api/v1/batches/none/rewordings{call}").status_code == 404

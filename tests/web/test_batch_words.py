"""Other words for refused rows, on their batch's page."""

from __future__ import annotations

import re

import pytest

from jobs.batch import RowState
from jobs.services import LOCAL, Services
from jobs.store import batches as store
from jobs.store import rewordings
from tests.web import rows
from tests.web.conftest import Person
from tests.web.test_batch_page import part, text


def propose(services: Services, batch_id: str, after: str) -> None:
    """What the draft worker does once the model has answered."""
    with services.database.write() as connection:
        for one in rewordings.take(connection, "machine:1:test", 2e9, 0):
            rewordings.note(connection, one, state="proposed", after=after)


def test_without_a_model_other_words_are_not_offered_and_it_is_said_why(
    person: Person, services: Services
) -> None:
    batch_id = rows.batch(services, 1)
    rows.end(services, batch_id, (2,), RowState.REFUSED)
    page = person.page(f"/batches/{batch_id}")
    assert "Other words can come from a language model, and none is connected." in text(page)
    assert "Suggest another wording" not in page
    answer = person.send(f"/batches/{batch_id}/rewordings")
    assert answer.status_code == 503
    assert "Other words need a language model." in answer.text


def test_other_words_are_shown_against_those_refused_and_run_once_accepted(
    environment: dict[str, str], request: pytest.FixtureRequest
) -> None:
    environment["OPENAI_BASE_URL"] = "http://127.0.0.1:9/v1"
    person, services = request.getfixturevalue("person"), request.getfixturevalue("services")
    batch_id = rows.batch(services, 3)
    rows.end(services, batch_id, (2, 3), RowState.REFUSED, reason="Declined: depicts a weapon.")
    address = f"/batches/{batch_id}"
    assert "Suggest another wording" in person.page(address)
    assert person.send(f"{address}/rewordings").location == address
    waiting = person.page(address)
    assert "Redis does not answer." in part(waiting, "wordings")  # nobody is there who could ask the model
    propose(services, batch_id, "a calm fox number")
    offered = part(person.page(address), "wordings")
    assert '<ins><span class="vh"> in: </span>' in offered
    assert "Accept all 2" in text(offered)
    assert "Suggest another wording" not in person.page(address)
    (first, second) = re.findall(r'name="only" value="(\w+)"[^>]*>(?:<svg.*?</svg>)?Accept', offered)
    assert person.send(f"{address}/rewordings/accept", only=first).status_code == 303
    assert person.send(f"{address}/rewordings/reject", only=second).status_code == 303
    with services.database.read() as connection:
        made = store.rows(connection, LOCAL, batch_id)
    assert [(row.state, row.values["prompt"]) for row in made] == [
        ("pending", "a calm fox number"),
        ("refused", "a fox number 3"),
        ("pending", "a fox number 4"),
    ]
    assert 'hidden hx-swap-oob="true"' in part(person.get(f"{address}/pulse").text, "wordings")

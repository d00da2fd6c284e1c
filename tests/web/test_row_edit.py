"""A row that ended badly, edited on a page of its own and tried again."""

from __future__ import annotations

import html
import re

import pytest

from jobs.batch import RowState
from jobs.services import LOCAL, Services
from jobs.store import batches as store
from jobs.store.batches import BatchRow
from tests.web import rows
from tests.web.conftest import Person
from tests.web.test_batch_page import link, text


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {"PROMPTSHEET_IMAGES_BASE_URL": "http://127.0.0.1:9/v1"}


def row_of(services: Services, batch_id: str) -> BatchRow:
    with services.database.read() as connection:
        return store.rows(connection, LOCAL, batch_id)[0]


def fields(page: str) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    found = {
        name: html.unescape(words)
        for name, words in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)<', page)
    }
    for line in re.findall(r'<input class="in[^>]*>', page):
        name, value = re.search(r'name="(\w+)"', line), re.search(r'value="([^"]*)"', line)
        if name and value:
            found[name[1]] = html.unescape(value[1])
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r"<option selected>([^<]+)<", options)
        found[name] = chosen[1] if chosen else ""
    return found


def test_a_refused_row_is_edited_and_tried_again_with_its_past_beside_it(
    person: Person, services: Services
) -> None:
    batch_id = rows.batch(services, 2, price=4000, backend="openai")
    rows.end(services, batch_id, (2,), RowState.REFUSED, reason="Declined: depicts a weapon.")
    listed = person.page(f"/batches/{batch_id}?state=refused")
    address = link(listed, r'<svg.*?</svg>Edit and retry<span class="vh"> row 2</span>')
    page = person.page(address)
    assert "Declined: depicts a weapon." in page
    typed = fields(page)
    assert typed["prompt"] == "a fox number 2"
    assert (typed["visibility"], typed["num_images"], typed["seed_number"]) == ("private", "1", "")
    answer = person.send(address, **typed | {"prompt": "a calm fox"})
    assert (answer.status_code, answer.location) == (303, f"/batches/{batch_id}")
    row = row_of(services, batch_id)
    assert (row.state, row.values["prompt"]) == ("pending", "a calm fox")
    said = text(person.page(f"/batches/{batch_id}?state=pending"))
    assert "Attempt 2 The first: refused, today" in said or "Attempt 2 The first: refused, " in said
    assert "Declined: depicts a weapon. Its prompt was “a fox number 2”." in said


def test_a_value_that_cannot_be_is_told_at_its_field_and_nothing_typed_is_lost(
    person: Person, services: Services
) -> None:
    batch_id = rows.batch(services, 1)
    rows.end(services, batch_id, (2,), RowState.FAILED)
    address = f"/batches/{batch_id}/rows/{row_of(services, batch_id).row_id}"
    typed = fields(person.page(address)) | {"prompt": "kept <b>words</b>", "color_palette": "#12"}
    answer = person.send(address, **typed)
    assert answer.status_code == 422
    assert fields(answer.text) == typed
    assert 'aria-describedby="v-color_palette-hint v-color_palette-wrong" aria-invalid="true"' in answer.text
    assert answer.text.count('class="sig error"') == 1
    assert row_of(services, batch_id).state == "failed"


def test_a_row_without_an_answer_says_what_sending_it_again_may_cost(
    person: Person, services: Services
) -> None:
    batch_id = rows.batch(services, 1, price=4000, backend="openai")
    rows.end(services, batch_id, (2,), RowState.UNKNOWN)
    address = f"/batches/{batch_id}/rows/{row_of(services, batch_id).row_id}"
    page = person.page(address)
    assert "may have been billed, 4 credits, and may be billed once more" in text(page)
    assert person.send(address, **fields(page)).status_code == 409
    assert person.send(address, **fields(page), unknown="1").status_code == 303


def test_a_row_that_is_done_is_not_edited(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 1)
    rows.end(services, batch_id, (2,))
    answer = person.get(f"/batches/{batch_id}/rows/{row_of(services, batch_id).row_id}")
    assert answer.status_code == 409
    assert "Row 2 is done by now" in answer.text
    assert person.get(f"/batches/{batch_id}/rows/nobody").status_code == 404


def test_what_keeps_a_row_from_running_is_told_with_all_that_was_typed(
    person: Person, services: Services
) -> None:
    batch_id = rows.batch(services, 1, backend="ideogram")
    rows.end(services, batch_id, (2,), RowState.FAILED)
    address = f"/batches/{batch_id}/rows/{row_of(services, batch_id).row_id}"
    typed = fields(person.page(address)) | {"prompt": "an owl"}
    answer = person.send(address, **typed)
    assert answer.status_code == 503
    assert "Set IDEOGRAM_API_KEY" in answer.text
    assert fields(answer.text) == typed

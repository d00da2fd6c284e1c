"""The OpenAPI document against a server that runs: what it says is what is done, for good and bad input."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, assume, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error, positive_data_acceptance
from schemathesis.schemas import BaseSchema

from tests.api.conftest import SHEET
from tests.cli.terminal import Terminal

EXAMPLES = 20
FORM = "multipart/form-data"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Promptsheet with its worker."""
    folder: Path = tmp_path_factory.mktemp("document")
    terminal = Terminal(folder, folder / "data")
    said = terminal.start("up").says("is ready at")
    found = re.search(r"http://\S+", said)
    assert found
    yield found[0]
    terminal.close()


@pytest.fixture(scope="module")
def there(server: str) -> dict[str, str]:
    """A sheet, a batch, and a proposal."""
    sheet = requests.post(f"{server}/api/v1/sheets", files={"file": ("foxes.csv", SHEET)}, timeout=10).json()
    batch = requests.post(f"{server}/api/v1/batches", json={"sheet_id": sheet["id"]}, timeout=10).json()
    asked = f"{server}/api/v1/sheets/{sheet['id']}/messages"
    proposal = requests.post(asked, json={"text": "all 16:9"}, timeout=10).json()
    return {"sheet_id": sheet["id"], "batch_id": batch["id"], "number": str(proposal["change_set_id"])}


@pytest.fixture(scope="module")
def document(server: str) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{server}/api/v1/openapi.json")


CALLS = {
    "GET /template",
    "POST /sheets",
    "GET /sheets",
    "GET /sheets/{sheet_id}",
    "GET /sheets/{sheet_id}/rows",
    "PATCH /sheets/{sheet_id}/rows",
    "GET /sheets/{sheet_id}/file",
    "POST /drafts",
    "GET /drafts/{draft_id}",
    "POST /drafts/{draft_id}/stop",
    "POST /drafts/{draft_id}/plan",
    "POST /sheets/{sheet_id}/messages",
    "POST /sheets/{sheet_id}/operations",
    "GET /sheets/{sheet_id}/changes/{number}",
    "POST /sheets/{sheet_id}/changes/{number}/accept",
    "POST /sheets/{sheet_id}/changes/{number}/reject",
    "GET /backends",
    "POST /batches",
    "GET /batches",
    "GET /batches/{batch_id}",
    "POST /batches/{batch_id}/stop",
    "POST /batches/{batch_id}/resume",
    "POST /batches/{batch_id}/retry",
    "GET /batches/{batch_id}/rows",
    "PATCH /batches/{batch_id}/rows/{row_id}",
    "POST /batches/{batch_id}/rewordings",
    "GET /batches/{batch_id}/rewordings",
    "POST /batches/{batch_id}/rewordings/accept",
    "POST /batches/{batch_id}/rewordings/reject",
    "GET /batches/{batch_id}/zip",
    "GET /batches/{batch_id}/sheet",
    "GET /creations",
}


def test_the_document_has_every_call_with_every_kind_of_answer(client: FlaskClient) -> None:
    written = client.get("/api/v1/openapi.json").json
    calls = {
        f"{method.upper()} {path.removeprefix('/api/v1')}": call
        for path, methods in written["paths"].items()
        for method, call in methods.items()
    }
    assert set(calls) == CALLS
    for call in calls.values():
        assert call["summary"].endswith((".", ":"))
        for status, answer in call["responses"].items():
            problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Fault"}}}
            assert (answer["content"] == problem) == (int(status) >= 400)
    archive = calls["GET /batches/{batch_id}/zip"]["responses"]["200"]["content"]
    assert archive == {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
    sent = calls["POST /sheets"]["requestBody"]["content"]
    assert sent == {FORM: {"schema": {"$ref": "#/components/schemas/Upload"}}}
    assert calls["POST /batches"]["parameters"][0]["name"] == "Idempotency-Key"


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_call_does_what_the_document_says(
    document: BaseSchema, there: dict[str, str], mode: GenerationMode
) -> None:
    for found in document.get_all_operations():
        operation = found.ok()
        try:
            strategy = operation.as_strategy(generation_mode=mode)
            _try(strategy, there if mode is GenerationMode.POSITIVE else there | {"number": "a word"})
        except Unsatisfiable:  # a call that takes any text, or nothing, cannot be made wrongly
            assert mode is GenerationMode.NEGATIVE


def _try(cases: SearchStrategy[Any], there: dict[str, str]) -> None:
    @given(cases)
    @settings(max_examples=EXAMPLES, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        assume(_can_be_sent(case))
        for name, text in (case.path_parameters or {}).items():
            if name in there and len(str(text)) % 2:
                case.path_parameters[name] = there[name]
        case.call_and_validate(excluded_checks=_excluded(case))

    holds()


def _can_be_sent(case: Any) -> bool:
    """Whether all that was made up arrives: in a form, a field that is a list of nothing is no field."""
    return case.media_type != FORM or not isinstance(case.body, dict) or [] not in case.body.values()


def _excluded(case: Any) -> list[Any]:
    """What no schema says: which bytes are a sheet, which cursors were given out, which rows there are, which
    settings a brief may have.
    """
    label = case.operation.label
    known_by_us_alone = (
        label.startswith("PATCH")
        or label.endswith(("/drafts", "/accept", "/reject"))
        or case.media_type == FORM
        or "cursor" in (case.query or {})
    )
    # No language model is connected to this server, and the document has a 503 for that.
    needs_a_model = label.startswith("POST") and label.endswith(("/rewordings", "/drafts"))
    return known_by_us_alone * [positive_data_acceptance] + needs_a_model * [not_a_server_error]

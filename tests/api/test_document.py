"""The OpenAPI document against a server that runs: what it says is what is done, for good and bad input."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.checks import positive_data_acceptance
from schemathesis.schemas import BaseSchema

from tests.api.conftest import SHEET
from tests.cli.terminal import Terminal


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
    """A sheet and a batch."""
    sheet = requests.post(f"{server}/api/v1/sheets", files={"file": ("foxes.csv", SHEET)}, timeout=10).json()
    batch = requests.post(f"{server}/api/v1/batches", json={"sheet_id": sheet["id"]}, timeout=10).json()
    return {"sheet_id": sheet["id"], "batch_id": batch["id"]}


@pytest.fixture(scope="module")
def document(server: str) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{server}/api/v1/openapi.json")


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_call_does_what_the_document_says(
    document: BaseSchema, there: dict[str, str], mode: GenerationMode
) -> None:
    for found in document.get_all_operations():
        operation = found.ok()
        try:
            strategy = operation.as_strategy(generation_mode=mode)
            _try(strategy, there)
        except Unsatisfiable:  # a call that takes any text, or nothing, cannot be made wrongly
            assert mode is GenerationMode.NEGATIVE


def _try(cases: SearchStrategy[Any], there: dict[str, str]) -> None:
    @given(cases)
    @settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        for name, text in (case.path_parameters or {}).items():
            if name in there and len(str(text)) % 2:
                case.path_parameters[name] = there[name]
        case.call_and_validate(excluded_checks=_excluded(case))

    holds()


def _excluded(case: Any) -> list[Any]:
    """A schema cannot say which bytes are a sheet, which cursors were given out, which rows a sheet has."""
    known_by_us_alone = case.operation.method == "patch" or case.media_type == "multipart/form-data"
    return [positive_data_acceptance] if known_by_us_alone or "cursor" in (case.query or {}) else []

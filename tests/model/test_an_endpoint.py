"""A draft by the endpoint that the environment names: a real one, where a person has set it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jobs.services import open_services
from jobs.settings import Settings
from tests.drafting.conftest import DeskOf, prompts

ROWS = 40
REPEATED = 0.1
"""The share of rows that may come too like another and be replaced."""


@pytest.mark.skipif(not os.environ.get("OPENAI_BASE_URL"), reason="OPENAI_BASE_URL names no endpoint to try")
def test_forty_rows_come_valid_and_hardly_any_twice(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMPTSHEET_DATA": str(tmp_path / "data")}
    services = open_services(Settings.read(environment))
    services.database.migrate()
    draft, view = DeskOf(services, environment).drafted(rows=ROWS)
    services.close()
    assert (draft.state, draft.reason, view.errors) == ("finished", None, 0)
    assert len(set(prompts(view))) == ROWS
    assert draft.repeated <= REPEATED * ROWS

"""The smallest real model still drafts a sheet, and a talk over it comes to something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import requests

from assistant.model.ladder import STEPPED
from jobs.services import LOCAL, open_services
from jobs.settings import Settings
from jobs.store import endpoints
from tests.cli.terminal import Terminal
from tests.live import up
from tests.machine import FULL
from tests.real_model.drafted import ROWS, Drafted, draft
from tests.real_model.server import serving, settings
from tests.waiting import until

pytestmark = pytest.mark.skipif(
    not FULL, reason="needs the small model: PROMPTSHEET_FULL_TESTS=1 make test installs it"
)

DRAFTING, TALKING = 150, 120
"""Seconds; with those that starting takes all is over within five minutes."""


@pytest.fixture(scope="module")
def connected() -> Iterator[dict[str, str]]:
    """The settings that connect the product to the model's server."""
    with serving() as address:
        yield settings(address)


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    folder = tmp_path_factory.mktemp("small")
    opened = Terminal(folder, folder / "data")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def drafted(terminal: Terminal, connected: dict[str, str]) -> Drafted:
    return draft(terminal, DRAFTING, **connected)


@pytest.fixture(scope="module")
def live(drafted: Drafted, terminal: Terminal, connected: dict[str, str]) -> Iterator[str]:
    """The product's address, with the sheet that was drafted."""
    with up(terminal.data, **connected) as running:
        yield running.url


def test_the_asked_number_of_valid_rows_comes_without_repeats(drafted: Drafted) -> None:
    assert (len(set(drafted.prompts)), drafted.valid, drafted.repeats) == (ROWS, ROWS, 0), drafted.said
    assert f"{ROWS} valid." in drafted.said


def test_the_person_is_told_how_so_small_a_model_has_to_be_asked(
    drafted: Drafted, terminal: Terminal, live: str, connected: dict[str, str]
) -> None:
    """Nearly always it goes on with a list; now and then it keeps to a schema, and nothing is to be told."""
    services = open_services(Settings.read({"PROMPTSHEET_DATA": str(terminal.data)}))
    with closing(services), services.database.read() as connection:
        rung, _ = endpoints.how(
            connection, LOCAL, connected["OPENAI_BASE_URL"], connected["PROMPTSHEET_MODEL"]
        )
    assert STEPPED[rung] in drafted.said
    (sheet,) = call(f"{live}/api/v1/sheets")["sheets"]
    assert STEPPED[rung] in requests.get(f"{live}/sheets/{sheet['id']}/grid", timeout=10).text


def test_a_turn_of_talk_ends_in_a_proposal_or_a_sentence(live: str) -> None:
    (sheet,) = call(f"{live}/api/v1/sheets")["sheets"]
    at = f"{live}/api/v1/sheets/{sheet['id']}"
    turn = call(f"{at}/messages", text="all 16:9")["change_set_id"]
    until(lambda: call(f"{at}/changes/{turn}")["state"] != "waiting", TALKING)
    told = call(f"{at}/changes/{turn}")
    assert told["changes"] or told["reply"]
    assert "a fault of ours" not in (told["reply"] or "")
    page = requests.get(f"{live}/sheets/{sheet['id']}/grid", timeout=10)
    assert (page.status_code, f'id="turn-{turn}"' in page.text) == (200, True)


def call(url: str, **body: Any) -> Any:
    """What the API answers to a question, or to what is posted."""
    answer = requests.request("POST" if body else "GET", url, json=body or None, timeout=10)
    assert answer.ok, answer.text
    return answer.json()

"""Health: alive whatever is away, ready only when all is there, figures that Prometheus can read."""

from __future__ import annotations

import asyncio
import re

import pytest
from flask.testing import FlaskClient

from jobs import embedded
from jobs.drain import Drain
from jobs.services import Services
from tests.api.conftest import Upload
from tests.waiting import until

SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="[a-z]+"\})? \d+(\.\d+)?')


def metrics(client: FlaskClient) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.get_data(as_text=True).splitlines()
    samples = [line for line in lines if not line.startswith("#")]
    assert all(SAMPLE.fullmatch(line) for line in samples)
    families = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert {re.split(r"[{ ]", line)[0] for line in samples} == families
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in samples)}


def test_a_process_without_redis_is_alive_and_not_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {
        "ready": False,
        "database": "ok",
        "redis": "Redis does not answer. Nothing is lost; work goes on when it is back.",
        "storage": "ok",
    }
    assert metrics(client)['promptsheet_up{part="redis"}'] == 0


def test_ready_when_all_is_there_and_not_when_it_went(
    client: FlaskClient, services: Services, valkey: None
) -> None:
    assert client.get("/readyz").json["ready"] is True
    embedded.end(services.settings.data)
    until(lambda: client.get("/readyz").status_code == 503)


def test_a_folder_of_images_that_is_none_is_not_ready(client: FlaskClient, services: Services) -> None:
    services.files.root.write_text("in the way")
    assert "Images cannot be written" in client.get("/readyz").json["storage"]


@pytest.mark.usefixtures("valkey")
def test_figures_count_what_was_made(client: FlaskClient, upload: Upload, services: Services) -> None:
    client.post("/api/v1/batches", json={"sheet_id": upload().json["id"]})
    before = metrics(client)
    assert (before['promptsheet_batches{state="queued"}'], before['promptsheet_rows{state="pending"}']) == (
        1,
        2,
    )
    asyncio.run(Drain(services).run())
    after = metrics(client)
    assert after['promptsheet_batches{state="finished"}'] == 1
    assert after['promptsheet_rows{state="done"}'] == 2
    assert after["promptsheet_images_total"] == 3
    assert after["promptsheet_credits_spent_total"] == 0
    assert (after['promptsheet_up{part="redis"}'], after['promptsheet_up{part="worker"}']) == (1, 0)

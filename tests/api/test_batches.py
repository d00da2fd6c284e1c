"""Batches over HTTP: started once, watched, stopped, resumed, retried, taken home."""

from __future__ import annotations

import asyncio
import csv
import io
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient

from jobs.batch import RowState
from jobs.drain import Drain
from jobs.services import Services
from schema.sheet import examine
from tests.api.conftest import Upload
from tests.web import rows

BATCH = ["state", "backend", "rows", "images", "credits", "eta_seconds", "started_at", "ended_at"]
STATES = ["pending", "claimed", "sent", "done", "refused", "failed", "unknown", "reused"]


def run(services: Services) -> None:
    asyncio.run(Drain(services).run())


def start(client: FlaskClient, sheet_id: str, key: str | None = None, **order: Any) -> str:
    headers = {"Idempotency-Key": key} if key else {}
    answer = client.post("/api/v1/batches", json={"sheet_id": sheet_id, **order}, headers=headers)
    assert (answer.status_code, list(answer.json)) == (202, ["id"]), answer.json
    return str(answer.json["id"])


def batch(client: FlaskClient, batch_id: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/batches/{batch_id}")
    assert answer.status_code == 200
    return dict(answer.json)


@pytest.mark.usefixtures("valkey")
def test_a_batch_from_its_start_to_the_zip(client: FlaskClient, upload: Upload, services: Services) -> None:
    batch_id = start(client, upload().json["id"])
    waiting = batch(client, batch_id)
    assert set(BATCH) <= set(waiting)
    assert (waiting["state"], waiting["backend"], waiting["rows"]["pending"]) == ("queued", "proof", 2)
    assert (list(waiting["rows"]), waiting["started_at"]) == (STATES, None)
    run(services)
    done = batch(client, batch_id)
    assert (done["state"], done["rows"]["done"], done["images"], done["eta_seconds"]) == (
        "finished",
        2,
        3,
        None,
    )
    assert done["credits"] == {"quoted": 0, "reserved": 0, "spent": 0}
    assert done["started_at"] <= done["ended_at"]
    assert done["ended_at"].endswith("Z")

    answer = client.get(f"/api/v1/batches/{batch_id}/zip")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        lines = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
        files = {line["file"] for line in lines}
        assert set(archive.namelist()) == files | {"manifest.csv", "sheet.xlsx"}
    creations = client.get(f"/api/v1/creations?q=FOX&starred=&batch={batch_id}&cursor=").json["images"]
    assert {image["file"] for image in creations} == {name for name in files if name.startswith("0002")}
    picture = client.get(creations[0]["url"], buffered=True)
    assert (picture.status_code, picture.data[:4]) == (200, b"\x89PNG")
    returned = client.get(f"/api/v1/batches/{batch_id}/sheet?format=csv")
    assert examine(returned.data, "r.csv").cells[0]["status"] == "done"


def test_the_same_key_starts_nothing_new_whatever_became_of_the_sheet(
    client: FlaskClient, upload: Upload
) -> None:
    sheet_id = upload().json["id"]
    first = start(client, sheet_id, "my")
    row = client.get(f"/api/v1/sheets/{sheet_id}/rows").json["rows"][0]["row_id"]
    broken = [{"row_id": row, "column": "visibility", "value": "no"}]
    client.patch(f"/api/v1/sheets/{sheet_id}/rows", json=broken)
    assert start(client, sheet_id, "my") == first
    assert len(client.get("/api/v1/batches").json["batches"]) == 1
    other = {"sheet_id": upload().json["id"]}
    answer = client.post("/api/v1/batches", json=other, headers={"Idempotency-Key": "my"})
    assert (answer.status_code, "another sheet" in answer.json["detail"]) == (409, True)


def test_a_sheet_with_problems_is_409(client: FlaskClient, upload: Upload) -> None:
    answer = client.post("/api/v1/batches", json={"sheet_id": upload("prompt\na fox\n").json["id"]})
    assert (answer.status_code, answer.json["code"]) == (409, "conflict")
    assert answer.json["detail"] == "The sheet is not ready: 1 problem to mend first."


class TestOnABackEndThatCosts:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {
            "PROMPTSHEET_IMAGES_BASE_URL": "http://127.0.0.1:9/v1",
            "PROMPTSHEET_BACKEND": "openai",
            "PROMPTSHEET_CREDITS": "13.5",
        }

    def test_credits_are_credits_and_are_reserved(self, client: FlaskClient, upload: Upload) -> None:
        taken = upload().json
        assert (taken["credits_required"], taken["credits_available"]) == (12, 13.5)
        batch_id = start(client, taken["id"], budget=0.5)
        shown = batch(client, batch_id)
        assert shown["credits"] == {"quoted": 12, "reserved": 12, "spent": 0}
        assert (shown["projected"], shown["usd"]) == (12, {"quoted": 0.12, "spent": 0, "projected": 0.12})
        listed = client.get("/api/v1/batches").json["batches"]
        assert listed == [batch(client, batch_id)]

    def test_too_few_credits_are_402(self, client: FlaskClient, upload: Upload) -> None:
        sheet_id = upload().json["id"]
        start(client, sheet_id)
        answer = client.post("/api/v1/batches", json={"sheet_id": sheet_id})
        assert (answer.status_code, answer.json["code"]) == (402, "out-of-credits")
        assert answer.json["detail"].startswith("10.5 credits too few")

    def test_stop_gives_back_and_resume_goes_on(self, client: FlaskClient, upload: Upload) -> None:
        batch_id = start(client, upload().json["id"])
        for _ in range(2):
            stopped = client.post(f"/api/v1/batches/{batch_id}/stop")
            assert (stopped.status_code, stopped.json["state"]) == (200, "stopped")
        assert stopped.json["credits"]["reserved"] == 0
        resumed = client.post(f"/api/v1/batches/{batch_id}/resume")
        assert (resumed.json["state"], resumed.json["credits"]["reserved"]) == ("queued", 12)


class TestOnABackEndThatLacksASetting:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"PROMPTSHEET_BACKEND": "openai"}

    def test_a_sheet_is_taken_all_the_same_and_a_batch_is_503(
        self, client: FlaskClient, upload: Upload
    ) -> None:
        taken = upload()
        assert (taken.status_code, taken.json["credits_required"], taken.json["images"]) == (201, None, 3)
        answer = client.post("/api/v1/batches", json={"sheet_id": taken.json["id"]})
        assert (answer.status_code, answer.json["code"]) == (503, "not-configured")
        assert "PROMPTSHEET_IMAGES_API_KEY" in answer.json["detail"]


@pytest.mark.usefixtures("valkey")
def test_a_trial_runs_some_rows_and_resume_the_others(
    client: FlaskClient, upload: Upload, services: Services
) -> None:
    batch_id = start(client, upload().json["id"], trial=1)
    run(services)
    paused = batch(client, batch_id)
    assert (paused["state"], paused["trial"], paused["rows"]["pending"]) == ("paused", True, 1)
    assert paused["reason"].startswith("The trial is done.")
    client.post(f"/api/v1/batches/{batch_id}/resume")
    run(services)
    assert batch(client, batch_id)["state"] == "finished"


@pytest.mark.parametrize(("call", "body"), [("resume", None), ("retry", None), ("retry", {"unknown": True})])
@pytest.mark.usefixtures("valkey")
def test_where_there_is_nothing_to_go_on_with_it_is_409(
    client: FlaskClient, upload: Upload, services: Services, call: str, body: object
) -> None:
    batch_id = start(client, upload().json["id"])
    run(services)
    answer = client.post(f"/api/v1/batches/{batch_id}/{call}", **({"json": body} if body else {}))
    assert answer.status_code == 409


def test_batches_come_in_pages(client: FlaskClient, upload: Upload) -> None:
    sheet_id = upload().json["id"]
    made = [start(client, sheet_id) for _ in range(51)]
    first = client.get("/api/v1/batches").json
    second = client.get(f"/api/v1/batches?cursor={first['cursor']}").json
    assert [one["id"] for one in first["batches"] + second["batches"]] == made[::-1]
    assert (len(first["batches"]), second["cursor"]) == (50, None)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({}, "sheet_id is missing."),
        (
            {"sheet_id": "x", "backend": "nobody"},
            "backend is “nobody”; it takes 'proof', 'ideogram', 'openai' or 'a1111'.",
        ),
        ({"sheet_id": "x", "budget": -1}, "budget is -1; it should be greater than or equal to 0."),
        ({"sheet_id": "x", "budget": "5"}, "budget is “5”; it should be a valid number."),
        ({"sheet_id": "x", "trial": 0}, "trial is 0; it should be greater than or equal to 1."),
        ({"sheet_id": "x", "trial": True}, "trial is true; it should be a valid integer."),
        ({"sheet_id": "x", "dry_run": True}, "dry_run is not known here."),
    ],
)
def test_an_order_that_is_not_as_described_says_where(
    client: FlaskClient, order: dict[str, object], words: str
) -> None:
    answer = client.post("/api/v1/batches", json=order)
    assert (answer.status_code, answer.json["detail"]) == (422, words)


@pytest.mark.parametrize("call", ["", "/zip", "/sheet"])
def test_a_batch_that_is_not_there_is_404(client: FlaskClient, call: str) -> None:
    assert client.get(f"/api/v1/batches/nobody{call}").status_code == 404


def test_a_row_that_failed_is_edited_and_its_attempts_are_told(
    client: FlaskClient, services: Services
) -> None:
    batch_id = rows.batch(services, 3)
    rows.end(services, batch_id, (3,), RowState.FAILED)
    asked = f"/api/v1/batches/{batch_id}/rows"
    failed = client.get(f"{asked}?state=failed").json
    (row,) = failed["rows"]
    assert (row["number"], row["reason"], row["past"]) == (3, rows.REASON, [])
    assert client.patch(f"{asked}/{row['row_id']}", json={"cells": {"model": "9"}}).status_code == 422
    edited = client.patch(f"{asked}/{row['row_id']}", json={"cells": {"prompt": "an owl", "num_images": 2}})
    assert edited.status_code == 200
    assert (edited.json["state"], edited.json["cells"]["prompt"]) == ("pending", "an owl")
    (past,) = edited.json["past"]
    assert (past["state"], past["cells"]["prompt"]) == ("failed", "a fox number 3")
    assert client.patch(f"{asked}/{row['row_id']}", json={"cells": {}}).status_code == 409
    assert [one["number"] for one in client.get(asked).json["rows"]] == [2, 3, 4]

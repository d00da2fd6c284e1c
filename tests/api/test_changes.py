"""Changes asked for in words over HTTP: a proposal, taken whole or in part, and never applied by itself."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from jobs import talk
from jobs.services import LOCAL, Services
from tests.api.conftest import Upload

FIELDS = [
    "id",
    "sheet_id",
    "text",
    "state",
    "source",
    "reply",
    "operations",
    "changes",
    "left",
    "created_at",
    "answered_at",
]


@pytest.fixture
def sheet(upload: Upload) -> str:
    """The address of a sheet of a fox with two images and a bear with one."""
    return f"/api/v1/sheets/{upload().json['id']}"


WIDE = {"op": "set", "rows": "all", "column": "aspect_ratio", "values": ["16:9"]}


def ask(client: FlaskClient, sheet: str, *operations: Any, **more: Any) -> dict[str, Any]:
    """The proposal of a message with a `text`, else of operations."""
    body = more if "text" in more else {"operations": operations} | more
    made = client.post(f"{sheet}/{'messages' if 'text' in more else 'operations'}", json=body)
    assert made.status_code == 202, made.json
    found = client.get(f"{sheet}/changes/{made.json['change_set_id']}")
    assert found.status_code == 200
    return dict(found.json)


def rows(client: FlaskClient, sheet: str) -> list[dict[str, Any]]:
    return list(client.get(f"{sheet}/rows").json["rows"])


def test_a_message_becomes_a_proposal_and_changes_nothing(client: FlaskClient, sheet: str) -> None:
    found = ask(client, sheet, WIDE)
    assert list(found) == FIELDS
    assert (found["id"], found["state"], found["source"], found["left"]) == (1, "proposed", "program", [])
    assert found["reply"] == "aspect_ratio becomes “16:9” in all 2 rows."
    assert found["operations"] == [WIDE]
    fox, bear = rows(client, sheet)
    assert [change["row_id"] for change in found["changes"]] == [fox["row_id"], bear["row_id"]]
    assert found["changes"][0] == {
        "row_id": fox["row_id"],
        "number": 2,
        "op": "change",
        "cells": {"aspect_ratio": ["", "16:9"]},
        "state": "open",
        "why": None,
        "after": None,
        "part": "aspect_ratio: 16:9",
        "problems": [],
    }
    assert "aspect_ratio" not in fox["cells"]


def test_a_proposal_is_accepted_whole(client: FlaskClient, sheet: str) -> None:
    ask(client, sheet, WIDE, {"op": "duplicate", "rows": "2"})
    taken = client.post(f"{sheet}/changes/1/accept")
    assert (taken.status_code, taken.json["state"]) == (200, "accepted")
    assert [(row["cells"]["prompt"], row["cells"]["aspect_ratio"]) for row in rows(client, sheet)] == [
        ("a fox", "16:9"),
        ("a fox", "16:9"),
        ("a bear", "16:9"),
    ]
    again = client.post(f"{sheet}/changes/1/accept", json={})
    assert (again.status_code, again.json) == (200, taken.json)


def test_a_proposal_is_decided_row_by_row(client: FlaskClient, sheet: str) -> None:
    ask(client, sheet, WIDE)
    fox, bear = (row["row_id"] for row in rows(client, sheet))
    taken = client.post(f"{sheet}/changes/1/accept", json={"rows": [bear]})
    assert [change["state"] for change in taken.json["changes"]] == ["open", "accepted"]
    refused = client.post(f"{sheet}/changes/1/reject", json={"rows": [fox]})
    assert (refused.json["state"], refused.json["changes"][0]["state"]) == ("accepted", "rejected")
    assert [row["cells"].get("aspect_ratio") for row in rows(client, sheet)] == [None, "16:9"]


def test_what_was_edited_meanwhile_is_left_and_told(client: FlaskClient, sheet: str) -> None:
    ask(client, sheet, WIDE)
    edit = [{"row_id": rows(client, sheet)[0]["row_id"], "column": "aspect_ratio", "value": "1:3"}]
    client.patch(f"{sheet}/rows", json=edit)
    taken = client.post(f"{sheet}/changes/1/accept").json["changes"]
    assert (taken[0]["state"], taken[0]["why"]) == (
        "gone",
        "Its aspect_ratio was changed meanwhile and left so.",
    )
    locked = ask(client, sheet, WIDE | {"values": ["2:1"]})
    assert [(entry["number"], entry["locked"]) for entry in locked["left"]] == [(2, ["aspect_ratio"])]


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        ({"operations": [{"op": "answer", "rows": "2", "text": "Foxes:"}]}, "Foxes: 1 of 2: row 2."),
        ({"text": "make row 2 moodier"}, "Talking needs a language model. None is connected."),
        (
            {"operations": [{"op": "set", "column": "num_images", "values": ["5"]}]},
            "num_images: “5” is out of range.",
        ),
        ({"operations": [WIDE | {"rows": "selected"}], "selected": ["nobody"]}, "No rows are selected."),
    ],
)
def test_what_changes_nothing_is_an_answer(
    client: FlaskClient, sheet: str, message: dict[str, Any], reply: str
) -> None:
    found = ask(client, sheet, **message)
    assert (found["state"], found["changes"]) == ("answered", [])
    assert found["reply"].startswith(reply)
    refused = client.post(f"{sheet}/changes/1/accept")
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")


def test_operations_mean_the_rows_that_are_selected(client: FlaskClient, sheet: str) -> None:
    bear = rows(client, sheet)[1]["row_id"]
    found = ask(client, sheet, WIDE | {"rows": "selected"}, selected=[bear])
    assert [change["row_id"] for change in found["changes"]] == [bear]


@pytest.mark.parametrize(
    "operation", [{"op": "explode"}, {"op": "add"}, {"op": "set", "column": "mood"}, {}, None]
)
def test_an_operation_that_is_none_is_422(client: FlaskClient, sheet: str, operation: Any) -> None:
    answer = client.post(f"{sheet}/operations", json={"operations": [operation]})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_a_waiting_proposal_says_so(client: FlaskClient, sheet: str, services: Services) -> None:
    turn = talk.wait(services, LOCAL, sheet.rsplit("/", 1)[1], "make row 2 moodier")
    found = client.get(f"{sheet}/changes/{turn.n}").json
    assert (found["state"], found["source"], found["answered_at"]) == ("waiting", "model", None)
    assert client.post(f"{sheet}/changes/{turn.n}/reject").status_code == 409


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": "  "}, {"text": 7}, {"text": "x" * 4001}, {"words": "x"}]
)
def test_a_message_that_is_none_is_422(client: FlaskClient, sheet: str, body: dict[str, Any]) -> None:
    answer = client.post(f"{sheet}/messages", json=body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


@pytest.mark.parametrize("call", ["messages", "operations", "changes/1/accept", "changes/1/reject"])
def test_what_is_not_there_is_404(client: FlaskClient, call: str) -> None:
    body = {"messages": {"text": "all 16:9"}, "operations": {"operations": [WIDE]}}.get(call, {})
    answer = client.post(f"/api/v1/sheets/nobody/{call}", json=body)
    assert (answer.status_code, answer.json["code"]) == (404, "not-found")


def test_rows_that_are_not_in_the_proposal_are_422(client: FlaskClient, sheet: str) -> None:
    ask(client, sheet, WIDE)
    for body in ({"rows": ["nobody"]}, {"rows": []}, {"rows": "all"}):
        assert client.post(f"{sheet}/changes/1/accept", json=body).status_code == 422

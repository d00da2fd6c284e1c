"""Drafts over HTTP: ordered, watched, stopped; rows are those of the sheet."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from flask.testing import FlaskClient

from assistant.desk import Desk
from jobs.services import LOCAL, Services
from jobs.store import endpoints
from tests.fakes.chat_server import ChatServer

BRIEF = {
    "goal": "Stickers of foxes, owls and badgers for a children's shop",
    "examples": [
        "A sticker design of a {fox|badger} in __coat__, white border",
    ],
    "context": "no text",
    "settings": {"aspect_ratio": {"spread": ["1:1", "2:3"]}, "model": {"fixed": "3"}},
    "lists": {"coat": ["a red scarf", "a blue hat"]},
    "rows": 4,
}


def order(client: FlaskClient, **brief: Any) -> dict[str, Any]:
    sent = {name: value for name, value in (BRIEF | brief).items() if value is not None}
    answer = client.post("/api/v1/drafts", json=sent)
    assert answer.status_code == 202, answer.text
    return dict(answer.json or {})


def test_a_draft_is_a_sheet_from_the_first_row_on(client: FlaskClient, services: Services) -> None:
    made = order(client, combine=True, rows=None)
    before = client.get(f"/api/v1/drafts/{made['id']}").json
    assert (before["state"], before["asked"], before["rows"]) == ("drafting", 4, 0)
    asyncio.run(Desk(services).run())
    now = client.get(f"/api/v1/drafts/{made['id']}").json
    assert (now["state"], now["source"], now["rows"], now["valid"]) == ("finished", "combinations", 4, 4)
    rows = client.get(f"/api/v1/sheets/{made['sheet_id']}/rows").json["rows"]
    assert [row["number"] for row in rows] == [2, 3, 4, 5]
    assert {row["cells"]["model"] for row in rows} == {"3.0"}
    assert sorted(row["cells"]["aspect_ratio"] for row in rows) == ["1:1", "1:1", "2:3", "2:3"]
    assert {row["cells"]["visibility"] for row in rows} == {"private"}


def test_a_draft_that_is_stopped_keeps_what_came(client: FlaskClient) -> None:
    made = order(client, combine=True)
    stopped = client.post(f"/api/v1/drafts/{made['id']}/stop").json
    assert (stopped["state"], stopped["reason"]) == ("stopped", "Stopped by you.")
    assert client.post(f"/api/v1/drafts/{made['id']}/stop").status_code == 200


def test_a_plan_is_shown_changed_and_told_with_each_row(client: FlaskClient, services: Services) -> None:
    strands = [{"name": "Foxes", "rows": 4, "holds": ["asleep"]}, {"name": "Owls", "rows": 2}]
    with ChatServer() as chat:
        with services.database.write() as connection:
            endpoints.save(connection, LOCAL, chat.url, "", "chat-large", services.clock())
        chat.behave(key="")
        made = order(client, plan={"strands": strands}, rows=None, examples=None, lists=None)
        address = f"/api/v1/drafts/{made['id']}"
        told = client.get(address).json["plan"]
        assert [(one["name"], one["rows"], one["came"]) for one in told["strands"]] == [
            ("Foxes", 4, 0),
            ("Owls", 2, 0),
        ]
        assert (
            client.post(f"{address}/plan", json={"change": "weigh", "strand": "2", "rows": 3}).json["asked"]
            == 7
        )
        asyncio.run(Desk(services).run())
        now = client.get(address).json
        assert [one["came"] for one in now["plan"]["strands"]] == [4, 3]
        rows = client.get(f"/api/v1/sheets/{made['sheet_id']}/rows").json["rows"]
        assert sorted(row["strand"] for row in rows) == ["1"] * 4 + ["2"] * 3
    refused = client.post(f"{address}/plan", json={"change": "drop", "strand": "9"})
    assert (refused.status_code, refused.json["detail"]) == (
        422,
        "That strand is not in the plan any more. Load the page again.",
    )
    assert client.post(f"{address}/plan", json={"change": "explode"}).status_code == 422


@pytest.mark.parametrize(
    ("brief", "words"),
    [
        ({"goal": " "}, "goal"),
        ({"rows": 500}, "1 to 499"),
        ({"settings": {"styel": {"fixed": "design"}}}, "style"),
        ({"settings": {"style": {"fixed": "cubist"}}}, "style"),
        ({"settings": {"style": {"spread": ["design"]}}}, "style"),
        ({"settings": {"prompt": {"fixed": "a fox"}}}, "prompt"),
        ({"colour": "red"}, "colour"),
        ({"lists": {"a b": ["x"]}}, "“a b” is no name"),
        ({"lists": {"coat": [" "]}}, "coat has no values"),
        ({"lists": {}, "combine": True}, "there is no list of that name"),
        ({"examples": ["A fox"], "combine": True}, "nothing to combine"),
    ],
)
def test_a_brief_that_cannot_be_is_told_in_a_sentence(
    client: FlaskClient, brief: dict[str, Any], words: str
) -> None:
    answer = client.post("/api/v1/drafts", json=BRIEF | brief)
    assert answer.status_code == 422
    assert words in answer.json["detail"]
    assert client.get("/api/v1/sheets").json == {"sheets": []}


def test_a_draft_that_is_not_there_is_404(client: FlaskClient) -> None:
    assert client.get("/api/v1/drafts/nothing").status_code == 404
    assert client.post("/api/v1/drafts/nothing/stop").status_code == 404


def test_without_a_model_a_draft_is_refused_with_the_ways_that_need_none(client: FlaskClient) -> None:
    answer = client.post("/api/v1/drafts", json=BRIEF)
    assert answer.status_code == 503
    assert "or combine" in answer.json["detail"]

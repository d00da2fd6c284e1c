"""The stand-in itself: what it takes, what it writes, how it errs, what it counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from schema.columns import load
from schema.sheet import examine
from schema.wire import wire
from tests.fakes.chat_app import KEY, PERSONAS
from tests.fakes.chat_protocol import Complaint, check
from tests.fakes.chat_server import ChatServer
from tests.fakes.chat_shapes import SHAPES

SCHEMA = wire(load().names)
STRICT = {"type": "json_schema", "json_schema": {"name": "rows", "schema": SCHEMA, "strict": True}}
ASKED = [
    {"role": "system", "content": "Answer in JSON."},
    {"role": "user", "content": "Write exactly 4 rows."},
]


@pytest.fixture(scope="module")
def running() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


@pytest.fixture
def server(running: ChatServer) -> ChatServer:
    running.reset()
    return running


def call(server: ChatServer, key: str = KEY, **body: Any) -> tuple[int, str]:
    """Status and body of one call."""
    asked = {"model": "chat-large", "messages": ASKED, "response_format": STRICT} | body
    asked = {name: value for name, value in asked.items() if value is not None}
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    try:
        with urlopen(
            Request(f"{server.url}/chat/completions", json.dumps(asked).encode(), headers)
        ) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()


def text(server: ChatServer, **body: Any) -> str:
    status, answer = call(server, **body)
    assert status == 200, answer
    return str(json.loads(answer)["choices"][0]["message"]["content"])


def streamed(answer: str) -> list[dict[str, Any]]:
    """The chunks of a stream that ended as it should."""
    *events, done, rest = answer.split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    return [json.loads(event.removeprefix("data: ")) for event in events]


@pytest.mark.parametrize(
    "body",
    [
        {"model": "other"},
        {"messages": []},
        {"messages": [{"role": "user", "content": ""}]},
        {"messages": [{"role": "tool", "content": "x"}]},
        {"messages": [{"role": "assistant", "content": "x"}]},
        {"top_k": 3},
        {"temperature": 3},
        {"max_tokens": 0},
        {"max_tokens": 9, "max_completion_tokens": 9},
        {"stream_options": {"include_usage": True}},
        {"response_format": {"type": "json"}},
        {"response_format": {"type": "json_object"}, "messages": [{"role": "user", "content": "Rows."}]},
        {"response_format": {"type": "json_schema", "json_schema": {"name": "a b", "schema": SCHEMA}}},
        {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "a", "schema": {"type": "array"}},
            }
        },
    ],
)
def test_a_call_that_the_protocol_forbids_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(Complaint):
        check({"model": "m", "messages": ASKED} | body, {"m"}, ())


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("rows", {"maxItems": 3}),
        ("items", {"additionalProperties": True}),
        ("items", {"required": ["prompt"]}),
        ("items", {"allOf": []}),
        ("prompt", {"pattern": "x"}),
        ("prompt", {"enum": ["a", None]}),
    ],
)
def test_a_schema_that_strict_mode_forbids_is_refused(part: str, change: dict[str, Any]) -> None:
    schema = json.loads(json.dumps(SCHEMA))
    parts = {"rows": schema["properties"]["rows"]}
    parts["items"] = parts["rows"]["items"]
    parts["prompt"] = parts["items"]["properties"]["prompt"]
    form = {"type": "json_schema", "json_schema": {"name": "rows", "schema": schema, "strict": True}}
    asked = {"model": "m", "messages": ASKED, "response_format": form}
    assert check(asked, {"m"}, ()).schema == schema
    parts[part] |= change
    with pytest.raises(Complaint, match="Invalid schema for response_format"):
        check(asked, {"m"}, ())


def test_a_key_must_be_shown_where_one_is_asked_for_and_none_elsewhere(server: ChatServer) -> None:
    assert [call(server, key)[0] for key in ("other", KEY)] == [401, 200]
    server.behave(key="")
    assert call(server)[0] == 401


def test_rows_are_as_many_as_asked_for_all_different_and_right(server: ChatServer) -> None:
    asked = [{"role": "user", "content": "Write exactly 40 rows."}]
    rows = json.loads(text(server, messages=asked))["rows"]
    assert len({row["prompt"] for row in rows}) == 40
    names = load().names
    lines = [",".join(names), *(",".join(f'"{row[name] or ""}"' for name in names) for row in rows)]
    assert [found.code for found in examine("\n".join(lines).encode(), "a.csv").problems] == []


def test_rows_open_as_the_examples_do_and_have_titles_where_they_have_some(server: ChatServer) -> None:
    words = (
        "<examples>\n1. A sticker design of a fox, lettered “Hello”\n</examples>\nWrite exactly 30 rows.\n"
    )
    rows = json.loads(text(server, messages=[{"role": "user", "content": words}]))["rows"]
    assert all(row["prompt"].startswith("A sticker design of a") for row in rows)
    titles = [row["prompt"].split("“")[1] for row in rows]
    assert len(set(titles)) == 30


def test_it_repeats_itself_and_errs_when_told_to(server: ChatServer) -> None:
    server.behave(repeat=2, wrong={"aspect_ratio": "7:5"}, extra=2)
    rows = json.loads(text(server))["rows"]
    assert [row["prompt"] for row in rows][1::2] == [f"{row['prompt']}." for row in rows[::2]]
    assert [row["aspect_ratio"] == "7:5" for row in rows] == [True, False, False, True, False, False]


def test_a_stream_has_a_role_cut_letters_tokens_without_choices_and_an_end(server: ChatServer) -> None:
    server.behave(piece=7)
    status, answer = call(server, stream=True, stream_options={"include_usage": True})
    first, *middle, last = streamed(answer)
    assert status == 200
    assert first["choices"][0]["delta"]["role"] == "assistant"
    assert (last["choices"], last["usage"]["total_tokens"] > 9) == ([], True)
    assert middle[-1]["choices"][0]["finish_reason"] == "stop"
    whole = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in middle)
    assert len(json.loads(whole)["rows"]) == 4
    assert [prompt for _, prompt in server.sent()] == [row["prompt"] for row in json.loads(whole)["rows"]]


@pytest.mark.parametrize("shape", sorted(set(SHAPES) - {"loop"}))
def test_it_answers_in_any_shape_where_no_schema_holds_it(server: ChatServer, shape: str) -> None:
    server.behave(persona="deaf", shape=shape)
    assert "A picture of" in text(server)


@pytest.mark.parametrize(
    ("persona", "body", "status", "words"),
    [
        ("reasoning", {"max_tokens": 9}, 400, "max_completion_tokens"),
        ("reasoning", {"temperature": 1}, 400, "temperature"),
        ("no-formats", {}, 400, "response_format"),
        ("json-only", {}, 400, "json_schema"),
        ("json-only", {"response_format": {"type": "json_object"}}, 200, "choices"),
        ("no-strict", {}, 400, "strict"),
        ("lm-studio", {"response_format": {"type": "json_object"}}, 400, "must be 'json_schema' or 'text'"),
        ("old", {}, 400, "System role"),
        ("old", {"messages": ASKED[1:], "response_format": None}, 200, "choices"),
        ("unstreamed", {"stream": True}, 200, '"object": "chat.completion"'),
    ],
)
def test_personas_have_their_manners(
    server: ChatServer, persona: str, body: dict[str, Any], status: int, words: str
) -> None:
    assert persona in PERSONAS
    server.behave(persona=persona)
    found, answer = call(server, **body)
    assert (found, words in answer) == (status, True), answer


def test_a_server_with_a_small_memory_cuts_its_answer(server: ChatServer) -> None:
    server.behave(persona="ollama", most_tokens=50)
    (choice,) = json.loads(call(server)[1])["choices"]
    assert (choice["finish_reason"], len(choice["message"]["content"])) == ("length", 200)


def test_faults_come_by_script_by_fragment_and_by_marker(server: ChatServer) -> None:
    server.behave(script=["server-error", ""], faults={"exactly": "throttle"})
    assert [call(server)[0] for _ in range(3)] == [500, 200, 429]
    marked = [{"role": "user", "content": "Foxes fault:no-funds*1"}]
    assert [call(server, messages=marked)[0] for _ in range(2)] == [402, 200]


def test_a_broken_stream_ends_without_its_mark(server: ChatServer) -> None:
    server.behave(script=["early-end", "reset", "zero-chunks"])
    assert "[DONE]" not in call(server, stream=True)[1]
    with pytest.raises((HTTPException, ConnectionError)):
        call(server, stream=True)
    assert call(server, stream=True)[1] == ""


def test_corrections_and_changes_are_written_for_the_rows_that_were_sent(server: ChatServer) -> None:
    row = {"row": 7, "cells": {"prompt": "A dog", "style": "pixel"}, "wrong": {"style": "takes auto"}}
    schema = wire(["prompt", "style"])
    properties = schema["properties"]["rows"]["items"]["properties"]
    properties["row"] = {"type": "integer"}
    form = {"type": "json_schema", "json_schema": {"name": "rows", "schema": schema}}
    said = [{"role": "user", "content": "Mend these.\n" + json.dumps(row)}]
    (mended,) = json.loads(text(server, messages=said, response_format=form))["rows"]
    assert (mended["row"], mended["style"]) == (7, "auto")
    server.behave(stubborn=True)
    (mended,) = json.loads(text(server, messages=said, response_format=form))["rows"]
    assert mended["style"] == "pixel"
    assert server.counts().kinds == {"mend": 2}


def test_calls_are_kept_with_what_they_showed(server: ChatServer) -> None:
    call(server)
    (kept,) = server.requests()
    assert (kept["authorization"], kept["body"]["messages"]) == (f"Bearer {KEY}", ASKED)
    assert (server.counts().calls, server.counts().rows) == (1, 4)


def test_an_unknown_wish_is_refused(server: ChatServer) -> None:
    with pytest.raises(HTTPError) as caught:
        server.behave(latncy=3)
    caught.value.close()

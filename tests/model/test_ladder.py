"""The ladder of structured output: every server is asked as strictly as it takes, and remembered for it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from assistant.model import ladder
from assistant.model.client import Model, Request
from assistant.model.failures import Told
from assistant.model.ladder import Manners, after_refusal
from assistant.model.lists import List
from jobs.errors import ModelAnswerBroken
from schema.columns import load
from schema.wire import wire
from tests.fakes.chat_app import PERSONAS
from tests.fakes.chat_server import ChatServer
from tests.fakes.chat_shapes import SHAPES
from tests.model.questions import COLUMNS, QUICK, ask, endpoint

LEARNT = {
    "openai": (ladder.STRICT, set()),
    "reasoning": (ladder.STRICT, {"temperature"}),
    "no-formats": (ladder.LINES, set()),
    "json-only": (ladder.JSON, set()),
    "no-strict": (ladder.SCHEMA, set()),
    "deaf": (ladder.JSON, set()),
    "lm-studio": (ladder.STRICT, set()),
    "ollama": (ladder.STRICT, set()),
    "old": (ladder.LINES, {"system", "stream_options"}),
    "unstreamed": (ladder.STRICT, {"stream"}),
    "tiny": (ladder.LIST, set()),
}


BEGUN = List("Prompts for stickers:", ["A sticker design of a fox, white border"], 6, 400)


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_server_gives_all_rows_and_its_manners_are_learnt(server: ChatServer, persona: str) -> None:
    server.behave(persona=persona)
    asked = ask(server, begun=BEGUN)
    rung, dropped = LEARNT[persona]
    assert (len(asked.rows), asked.error) == (6, None)
    assert asked.model.manners == Manners(rung, frozenset(dropped))
    assert bool(asked.model.said) is bool(rung)
    refused = server.counts().refused
    again = ask(server, manners=asked.model.manners, begun=BEGUN)
    assert (len(again.rows), server.counts().refused) == (6, refused)


@pytest.mark.parametrize("shape", sorted(set(SHAPES) - {"numbered", "loop"}))
def test_a_server_that_heeds_no_schema_gives_its_rows_in_whatever_shape(
    server: ChatServer, shape: str
) -> None:
    server.behave(persona="deaf", shape=shape)
    manners = Manners()
    for _ in range(4):
        asked = ask(server, 4, manners=manners)
        assert (len(asked.rows), asked.error) == (4, None)
        assert all(prompt.startswith("A sticker design of a") for prompt in cells(asked.rows))
        manners = asked.model.manners
    assert manners.rung == RUNGS.get(shape, ladder.STRICT)


RUNGS = dict.fromkeys(("csv", "csv-fence", "semicolons", "tabs", "markdown"), ladder.ANYTHING)
RUNGS |= {"fence": ladder.LINES, "prose": ladder.LINES, "double": ladder.LINES, "renamed": ladder.JSON}
"""Where a schema that is not heeded shows: bare JSON with the right keys is as good as what was asked for."""


def cells(rows: list[dict[str, Any]]) -> list[str]:
    return [next(str(value) for name, value in row.items() if name.lower() == "prompt") for row in rows]


def test_a_numbered_list_is_rows_of_prompts(server: ChatServer) -> None:
    server.behave(persona="deaf", shape="numbered")
    asked = ask(server, 4)
    assert [set(row) for row in asked.rows] == [{"prompt"}] * 4
    assert asked.model.said == [ladder.STEPPED[ladder.ANYTHING]]


def test_nothing_is_paid_twice_for_rows_that_came_in_another_shape(server: ChatServer) -> None:
    server.behave(persona="deaf", shape="fence")
    ask(server)
    assert server.counts().answered == 1


def test_a_server_that_does_not_stream_is_not_asked_twice(server: ChatServer) -> None:
    server.behave(persona="unstreamed")
    asked = ask(server)
    assert (len(asked.rows), server.counts().calls) == (6, 1)
    assert asked.model.tokens == server.counts().tokens


def test_after_no_chunk_at_all_it_is_asked_without_streaming(server: ChatServer) -> None:
    server.behave(script=["zero-chunks"])
    asked = ask(server)
    assert (len(asked.rows), asked.error) == (6, None)
    assert [call["body"]["stream"] for call in server.requests()] == [True, False]
    assert asked.model.manners.dropped == {"stream"}


def test_an_endpoint_that_answers_with_nothing_in_either_way_is_told(server: ChatServer) -> None:
    server.behave(script=["zero-chunks", "zero-chunks", "zero-chunks"])
    asked = ask(server, manners=Manners(dropped=frozenset({"stream"})))
    assert isinstance(asked.error, ModelAnswerBroken)


@pytest.mark.parametrize("fault", ["cut", "filter", "refusal", "early-end", "error-event", "no-text", "html"])
def test_faults_are_told_where_nothing_is_streamed_too(server: ChatServer, fault: str) -> None:
    server.behave(faults={"exactly": fault})
    asked = ask(server, manners=Manners(dropped=frozenset({"stream"})))
    assert asked.error is not None
    assert len(asked.rows) < 6


def test_no_limit_of_tokens_is_sent_before_the_servers_own_has_cut_an_answer(server: ChatServer) -> None:
    limits = {"max_tokens", "max_completion_tokens"}
    server.behave(script=["cut"])
    asked = ask(server, tokens=900)
    assert "cut off at its limit of tokens" in str(asked.error)
    assert not limits & set(server.requests()[0]["body"])
    again = ask(server, tokens=900, manners=asked.model.manners)
    assert (len(again.rows), server.requests()[-1]["body"]["max_tokens"]) == (6, 900)


def test_a_refusal_that_does_not_say_why_is_answered_with_the_barest_question(server: ChatServer) -> None:
    server.behave(script=["bad-request"])
    asked = ask(server)
    assert (len(asked.rows), asked.error) == (6, None)
    assert set(server.requests()[-1]["body"]) == {"model", "messages", "stream"}
    server.behave(faults={"exactly": "bad-request"})
    asked = ask(server)
    assert "does not take the request (400): “Something about this is not right”" in str(asked.error)
    assert server.counts().calls == 4


def test_the_shape_is_told_in_words_where_no_schema_is_sent(server: ChatServer) -> None:
    for manners in (Manners(ladder.JSON), Manners(ladder.LINES), Manners(ladder.ANYTHING)):
        assert len(ask(server, manners=manners).rows) == 6
    bodies = [call["body"] for call in server.requests()]
    assert [body.get("response_format") for body in bodies] == [{"type": "json_object"}, None, None]
    assert all('"num_images"' in body["messages"][-1]["content"] for body in bodies)
    assert ["JSON Lines" in body["messages"][-1]["content"] for body in bodies] == [False, True, True]


def test_what_a_call_holds_is_what_openai_takes_and_no_more(server: ChatServer) -> None:
    ask(server)
    (body,) = (call["body"] for call in server.requests())
    assert set(body) == {
        "model", "messages", "stream", "stream_options", "temperature", "response_format",
    }  # fmt: skip
    assert body["response_format"]["json_schema"]["strict"] is True


REFUSALS = [
    (
        "Unsupported value: 'temperature' does not support 1 with this model.",
        Manners(0, frozenset({"temperature"})),
    ),
    ("max_tokens must be at most 400", Manners(most=400)),
    ("Unrecognized request argument supplied: stream_options", Manners(0, frozenset({"stream_options"}))),
    ("response_format: Extra inputs are not permitted", Manners(ladder.LINES)),
    ("Invalid schema for response_format 'answer': 'null' is not of type 'string'", Manners(ladder.SCHEMA)),
    ("failed to parse grammar", Manners(ladder.SCHEMA)),
    ("This model does not support structured outputs", Manners(ladder.SCHEMA)),
    ("Conversation roles must alternate; system role is not allowed", Manners(0, frozenset({"system"}))),
    ("Streaming is not supported for this model", Manners(0, frozenset({"stream"}))),
    ("The moon is full", None),
]


@pytest.mark.parametrize(("words", "expected"), REFUSALS)
def test_one_refusal_changes_one_thing(words: str, expected: Manners | None) -> None:
    told = Told.read({"error": {"message": words, "type": "invalid_request_error"}})
    assert after_refusal(Manners(), 400, told, 900, 600) == expected
    assert after_refusal(Manners(), 401, told, 900, 600) is None


def test_what_several_questions_learn_at_once_is_put_together(server: ChatServer) -> None:
    server.behave(persona="old")

    async def both() -> Model:
        model = Model(endpoint(server), limits=QUICK)
        questions = [
            model.objects(Request([{"role": "user", "content": "exactly 2"}], wire(COLUMNS)))
            for _ in range(3)
        ]
        await asyncio.gather(*(drain(question) for question in questions))
        await model.close()
        return model

    model = asyncio.run(both())
    assert model.manners == Manners(ladder.LINES, frozenset({"stream_options"}))
    assert len(model.said) == 1


async def drain(objects: Any) -> int:
    return len([value async for value in objects])


def test_all_columns_are_within_what_strict_servers_take(server: ChatServer) -> None:
    asked = ask(server, columns=load().names)
    assert (len(asked.rows), asked.model.manners, server.counts().refused) == (6, Manners(), 0)
    short = ask(server, manners=Manners(dropped=frozenset({ladder.OWN_LIMIT})), tokens=10)
    assert "cut off at its limit of tokens" in str(short.error)

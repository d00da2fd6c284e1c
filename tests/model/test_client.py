"""Objects from any endpoint: each as it comes, and a clear sentence where it fails, with what came kept."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from dataclasses import replace
from typing import Any

import pytest

from assistant.model.client import Model, Room
from assistant.model.endpoint import Endpoint
from assistant.model.failures import FellSilent
from assistant.model.question import Runaway
from jobs.errors import (
    ModelAnswerBroken,
    ModelDeclined,
    ModelError,
    ModelFundsGone,
    ModelKeyRefused,
    ModelUnknown,
    ModelUnreachable,
)
from tests.fakes.chat_faults import REFUSAL
from tests.fakes.chat_server import ChatServer
from tests.fakes.models_server import ModelsServer
from tests.model.questions import COLUMNS, QUICK, SOON, ask, collected, endpoint, question
from tests.waiting import until

SENTENCE = re.compile(r"[A-Z0-9a-z].*[.]", re.DOTALL)


def test_rows_come_with_the_tokens_they_took(server: ChatServer) -> None:
    asked = ask(server)
    assert (len(asked.rows), asked.error, asked.model.said) == (6, None, [])
    assert all(set(row) == set(COLUMNS) for row in asked.rows)
    assert asked.model.tokens == server.counts().tokens


def test_each_row_is_given_as_soon_as_it_closes(server: ChatServer) -> None:
    server.behave(pace=0.1)

    async def first() -> int:
        model = Model(endpoint(server), limits=QUICK)
        objects = model.objects(question(20))
        await anext(objects)
        sent = len(server.sent())
        await objects.aclose()
        await asyncio.to_thread(until, lambda: not server.counts().in_flight, 5.0)
        await model.close()
        return sent

    assert asyncio.run(first()) < 20


def test_a_question_that_is_left_gives_its_connection_up(server: ChatServer) -> None:
    server.behave(pace=0.05)

    async def leave() -> None:
        model = Model(endpoint(server), limits=QUICK)
        objects = model.objects(question(50))
        await anext(objects)
        await objects.aclose()
        await asyncio.to_thread(until, lambda: not server.counts().in_flight, 5.0)
        await model.close()

    asyncio.run(leave())
    assert server.counts().most_in_flight == 1


def test_questions_are_asked_side_by_side(server: ChatServer) -> None:
    server.behave(latency=0.2)

    async def four() -> int:
        model = Model(endpoint(server), limits=QUICK)
        asked = await asyncio.gather(*(collected(model, model.objects(question(5))) for _ in range(4)))
        await model.close()
        return len({prompt for one in asked for prompt in one.prompts})

    assert asyncio.run(four()) == 20
    assert server.counts().most_in_flight == 4


REFUSED = [
    ("unauthorized", ModelKeyRefused, "refuses the key"),
    ("forbidden", ModelKeyRefused, "does not let this key use chat-large"),
    ("no-funds", ModelFundsGone, "The account at 127.0.0.1"),
    ("no-quota", ModelFundsGone, "Top it up"),
    ("no-model", ModelUnknown, "has no model “chat-large”"),
    ("no-model-ollama", ModelUnknown, "try pulling it first"),
    ("no-path", ModelUnknown, "is no address of a language model"),
    ("no-method", ModelUnknown, "Most end in /v1"),
    ("redirect", ModelUnknown, "sends calls on to elsewhere.example. Enter that address"),
    ("html", ModelUnknown, "answers with a web page"),
    ("too-long", ModelAnswerBroken, "longer than chat-large"),
    ("policy", ModelDeclined, "The prompt was filtered by our policy"),
    ("throttle-long", ModelUnreachable, "takes no more calls just now: “Come back later”"),
    ("error-in-200", ModelAnswerBroken, "The upstream provider failed"),
]


@pytest.mark.parametrize(("fault", "kind", "words"), REFUSED)
def test_what_no_second_try_can_help_is_told_at_once(
    server: ChatServer, fault: str, kind: type[ModelError], words: str
) -> None:
    server.behave(faults={"exactly": fault})
    asked = ask(server)
    assert (asked.rows, type(asked.error)) == ([], kind)
    assert words in str(asked.error)
    assert SENTENCE.fullmatch(str(asked.error))
    assert server.counts().calls == 1


@pytest.mark.parametrize(
    "fault", ["throttle", "throttle-bare", "server-error", "overloaded", "bad-gateway", "reset-before"]
)
def test_what_passes_is_tried_again(server: ChatServer, fault: str) -> None:
    server.behave(script=[fault, fault], retry_after="0.05")
    asked = ask(server)
    assert (len(asked.rows), asked.error, server.counts().calls) == (6, None, 3)


@pytest.mark.parametrize(
    ("fault", "words"), [("server-error", "fails (500)"), ("throttle", "takes no more calls")]
)
def test_what_does_not_pass_is_told_after_a_few_tries(server: ChatServer, fault: str, words: str) -> None:
    server.behave(faults={"exactly": fault}, retry_after="0.02")
    asked = ask(server)
    assert isinstance(asked.error, ModelUnreachable)
    assert words in str(asked.error)
    assert server.counts().calls == QUICK.tries


def test_a_wait_that_the_server_asks_for_is_kept(server: ChatServer) -> None:
    server.behave(script=["throttle"], retry_after="0.4")

    async def timed() -> float:
        model = Model(endpoint(server), limits=QUICK)
        started = asyncio.get_running_loop().time()
        await collected(model, model.objects(question()))
        await model.close()
        return asyncio.get_running_loop().time() - started

    assert asyncio.run(timed()) >= 0.4


BROKEN = [
    ("early-end", ModelAnswerBroken, "ended its answer in the middle"),
    ("stall", FellSilent, "fell silent in the middle of its answer"),
    ("error-event", ModelUnreachable, "The upstream provider failed"),
    ("bad-utf8", ModelAnswerBroken, "bytes that are no text"),
    ("bad-event", ModelAnswerBroken, "not of the protocol"),
    ("cut", ModelAnswerBroken, "cut off at its limit of tokens"),
    ("filter", ModelDeclined, "content filter"),
    ("reset", ModelUnreachable, "broke the connection off"),
    ("endless", Runaway, "repeats itself without end, and was stopped"),
]


@pytest.mark.parametrize(("fault", "kind", "words"), BROKEN)
def test_an_answer_that_breaks_off_gives_the_rows_that_came_and_says_why(
    server: ChatServer, fault: str, kind: type[ModelError], words: str
) -> None:
    server.behave(faults={"exactly": fault})
    asked = ask(server, 20, limits=SOON)
    assert 5 <= len(asked.rows) < 20
    assert all(set(row) == set(COLUMNS) for row in asked.rows)
    assert type(asked.error) is kind
    assert words in str(asked.error)
    assert server.counts().calls == 1


def test_a_row_of_forty_kilobytes_is_left_out_and_told(server: ChatServer) -> None:
    server.behave(script=["endless-row"])
    asked = ask(server, tokens=16_000)
    assert (len(asked.rows), asked.error) == (6, None)
    assert "A row was longer than 32,768 characters, and left out." in asked.model.said


def test_odd_events_between_the_chunks_do_no_harm(server: ChatServer) -> None:
    server.behave(script=["odd-events"])
    asked = ask(server)
    assert (len(asked.rows), asked.error) == (6, None)


def test_an_endpoint_that_never_answers_is_told_after_one_try(server: ChatServer) -> None:
    server.behave(faults={"exactly": "never"})
    asked = ask(server, limits=SOON)
    assert isinstance(asked.error, ModelUnreachable)
    assert "gave no answer within 0.4 s" in str(asked.error)
    assert server.counts().calls == 1


def test_an_answer_that_takes_forever_ends_at_the_wall(server: ChatServer) -> None:
    server.behave(pace=0.2)
    asked = ask(server, 50, limits=replace(QUICK, wall=0.9))
    assert 1 <= len(asked.rows) < 50
    assert "was not done after 0.9 s" in str(asked.error)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            "http://127.0.0.1:9",
            "127.0.0.1:9 cannot be reached: the connection is refused. Is the server running?",
        ),
        ("http://no-such-host.invalid", "its name is not found on the network"),
    ],
)
def test_an_endpoint_that_is_not_there_is_told(server: ChatServer, address: str, words: str) -> None:
    asked = ask(server, to=Endpoint.of(address, model="m"))
    assert isinstance(asked.error, ModelUnreachable)
    assert words in str(asked.error)


@pytest.mark.parametrize(
    ("fault", "words"), [("refusal", REFUSAL), ("refusal-words", REFUSAL), ("filter-at-once", "filter")]
)
def test_a_model_that_declines_is_quoted(server: ChatServer, fault: str, words: str) -> None:
    server.behave(faults={"exactly": fault})
    asked = ask(server)
    assert isinstance(asked.error, ModelDeclined)
    assert words.rstrip(".") in str(asked.error)
    assert server.counts().calls == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("chatter", "answered without a single row: “Lovely idea."),
        ("no-text", "answered without a single row with nothing."),
        ("thinking-only", "thought until its limit of tokens"),
    ],
)
def test_an_answer_without_rows_is_told_in_a_sentence(server: ChatServer, fault: str, words: str) -> None:
    server.behave(faults={"exactly": fault})
    asked = ask(server)
    assert isinstance(asked.error, ModelAnswerBroken)
    assert words in str(asked.error)


def test_chatter_is_asked_once_more_in_plainer_words(server: ChatServer) -> None:
    server.behave(script=["chatter"])
    asked = ask(server)
    assert (len(asked.rows), asked.error, server.counts().calls) == (6, None, 2)


def test_an_answer_of_which_the_end_was_swallowed_by_a_small_memory_is_told(server: ChatServer) -> None:
    server.behave(persona="ollama", most_tokens=150)
    asked = ask(server, 20)
    assert 1 <= len(asked.rows) < 20
    assert "cut off at its limit of tokens" in str(asked.error)


def secrets(asked: Any) -> str:
    """All that a model could say or show."""
    model = asked.model
    return " ".join(
        [str(asked.error), repr(asked.error), *model.said, repr(model.endpoint), repr(vars(model))]
    )


@pytest.mark.parametrize("fault", ["echo-key", "unauthorized", "throttle", "cut", "no-model", ""])
def test_the_key_is_never_shown_nor_logged(
    server: ChatServer, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.behave(faults={"exactly": fault}, retry_after="0.02")
    asked = ask(server)
    assert server.key not in secrets(asked) + caplog.text
    assert server.requests()[0]["authorization"] == f"Bearer {server.key}"
    if fault == "echo-key":
        assert "Incorrect API key provided: …" in str(asked.error)
    for reason in (
        asked.error,
        getattr(asked.error, "__cause__", None),
        getattr(asked.error, "__context__", None),
    ):
        assert server.key not in repr(getattr(reason, "__dict__", ""))


def test_without_a_key_none_is_sent_whatever_the_environment_holds(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "of-the-environment")
    monkeypatch.setenv(
        "OPENAI_CUSTOM_HEADERS", "Authorization: Bearer of-the-environment\nX-Of: the-environment"
    )
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.behave(key="")
    asked = ask(server, to=Endpoint.of(server.url, "", "chat-large"))
    assert (len(asked.rows), asked.error) == (6, None)
    assert server.requests()[0]["authorization"] is None
    assert "the-environment" not in str(server.requests()[0]["headers"])


def test_where_no_model_is_named_the_first_is_taken_and_that_is_said(server: ChatServer) -> None:
    server.behave(models=["text-embedding-3", "chat-large", "chat-small"])
    asked = ask(server, to=Endpoint.of(server.url, server.key))
    assert len(asked.rows) == 6
    assert asked.model.endpoint.model == "chat-large"
    assert asked.model.said == [
        f"No model was named; chat-large is the first of two at {asked.model.endpoint.host}."
    ]


def test_an_endpoint_that_lists_no_models_wants_one_named(server: ChatServer) -> None:
    server.behave(models=[])
    asked = ask(server, to=Endpoint.of(server.url, server.key))
    assert isinstance(asked.error, ModelUnknown)
    asked = ask(server, to=Endpoint.of(server.url, server.key, "whatever"))
    assert len(asked.rows) == 6


def test_an_event_stream_under_another_content_type_is_read(server: ChatServer) -> None:
    server.behave(script=["other-type"])
    asked = ask(server)
    assert (len(asked.rows), asked.error, server.counts().calls) == (6, None, 1)


WILD = [
    (
        "router-policy",
        ModelUnknown,
        "finds nobody who runs chat-large: “No endpoints found matching",
    ),
    ("key-400", ModelKeyRefused, "refuses the key: “API key not valid"),
    ("error-list", ModelUnknown, "has no model “chat-large”: “models/x is not found"),
    ("error-list-in-200", ModelUnreachable, "The model is overloaded"),
]


@pytest.mark.parametrize(("fault", "kind", "words"), WILD)
def test_refusals_as_they_are_in_the_wild_are_told_as_what_they_are(
    server: ChatServer, fault: str, kind: type[ModelError], words: str
) -> None:
    server.behave(faults={"exactly": fault})
    asked = ask(server, limits=replace(QUICK, tries=1))
    assert (asked.rows, type(asked.error)) == ([], kind)
    assert words in str(asked.error)


@pytest.mark.parametrize(
    ("fault", "reserved"),
    [
        ("too-many-tokens", 8_000),  # as many as it needs: 8,192 are allowed
        ("reserved-rate", 5_700),  # the limit less what the question takes, about
        ("reserved-balance", 1_000),
        ("reserved-context", 4_096 - 96),
    ],
)
def test_a_reservation_that_is_too_large_is_lowered_and_asked_again(
    server: ChatServer, fault: str, reserved: int
) -> None:
    server.behave(script=[fault])
    asked = ask(server, tokens=8_000)
    assert (len(asked.rows), asked.error, server.counts().calls) == (6, None, 2)
    sent = server.requests()[-1]["body"]["max_tokens"]
    assert reserved * 0.9 <= sent <= reserved * 1.1


def test_a_rate_that_passes_is_waited_for_and_reserves_nothing(server: ChatServer) -> None:
    server.behave(script=["rate-used-up"], retry_after="0.02")
    asked = ask(server, tokens=2_000)
    assert (len(asked.rows), asked.error) == (6, None)
    assert "max_tokens" not in server.requests()[-1]["body"]


@pytest.mark.parametrize(("context", "told"), [(None, Room()), (4096, Room(4096, 4))])
def test_a_server_on_this_machine_is_asked_how_much_it_takes_in(
    server: ChatServer, context: int | None, told: Room
) -> None:
    server.behave(context=context)

    async def room() -> Room:
        model = Model(endpoint(server), limits=QUICK)
        found = await model.room()
        await model.close()
        return found

    assert asyncio.run(room()) == told
    assert server.counts().calls == 0


@pytest.mark.parametrize(
    ("listed", "paths", "context"),
    [
        ({"id": "m", "max_model_len": 8192}, {}, 8192),
        ({"id": "m", "context_window": 131072}, {}, 131072),
        ({"id": "m", "meta": {"n_ctx": 2048}}, {}, 2048),
        ({"id": "other", "max_model_len": 8192}, {}, 0),
        ({"id": "m"}, {"/api/ps": {"models": [{"name": "m", "context_length": 16384}]}}, 16384),
        (
            {"id": "m"},
            {"/api/ps": {"models": []}, "/api/show": {"parameters": "stop x\nnum_ctx    8192"}},
            8192,
        ),
        ({"id": "m"}, {"/api/ps": {"models": []}}, 4096),
        ({"id": "m"}, {"/api/v0/models": {"data": [{"id": "m", "loaded_context_length": 6000}]}}, 6000),
        ({"id": 5}, {"/props": [1], "/api/ps": 5, "/api/show": {"parameters": None}}, 0),
    ],
)
def test_the_context_is_read_wherever_a_server_tells_it(
    listed: dict[str, Any], paths: dict[str, Any], context: int
) -> None:
    with ModelsServer(body=json.dumps({"data": [listed]}), paths=paths) as told:

        async def room() -> Room:
            model = Model(Endpoint.of(told.url, "", "m"), limits=QUICK)
            found = await model.room()
            await model.close()
            return found

        assert asyncio.run(room()).context == context

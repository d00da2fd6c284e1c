"""The ideogram back end against a strict stand-in over real HTTP: what its answers and its errors become."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator

import pytest

from jobs import errors
from jobs.backends import ideogram
from jobs.backends.ideogram import Ideogram
from jobs.backends.ideogram_errors import error
from jobs.backends.port import Answer
from jobs.backends.replies import Endpoint, Reply
from tests.backends.ideogram_rows import make, request, settings, use
from tests.backends.through import sizes
from tests.fakes import ideogram_faults
from tests.fakes.ideogram_app import KEY
from tests.fakes.ideogram_server import IdeogramServer

# Fault, error, words of the sentence, images it may bill.
ENDS_IN = {
    "bad-request": (errors.Rejected, "cannot make this row (400): “Invalid value for prompt”", 0),
    "too-large": (errors.Rejected, "413", 0),
    "no-key": (errors.Halted, "key refused (401)", 0),
    "echo-key": (errors.Halted, "Invalid API key …", 0),
    "forbidden": (errors.Halted, "No access to this model", 0),
    "not-found": (errors.Halted, "makes no images (404)", 0),
    "redirect": (errors.Halted, "elsewhere.example", 0),
    "funds": (errors.Halted, "the account has no funds left. Top it up", 0),
    "subscription": (errors.Halted, "needs a subscription", 0),
    "daily-limit": (errors.Halted, "limit for the day is reached", 0),
    "priority": (errors.Halted, "needs priority credits", 0),
    "inflight-402": (errors.Halted, "Lower IDEOGRAM_PLACES", 0),
    "feature": (errors.Halted, "plan does not include this", 0),
    "odd-402": (errors.Halted, "does not allow this", 0),
    "unsafe": (errors.Refused, "failed safety check", 0),
    "throttle": (errors.Throttled, "Too many images in progress", 0),
    "throttle-limit": (errors.Throttled, "Too many images in progress", 0),
    "conflict": (errors.Unavailable, "did not take the call (409)", 0),
    "server-error": (errors.Unavailable, "failed (500): “Internal error”", 0),
    "overloaded": (errors.Unavailable, "failed (503)", 0),
    "gateway-timeout": (errors.AnswerLost, "gave no images (504)", 0),
    "reset-before": (errors.AnswerLost, "broke off", 0),
    "reset-after": (errors.AnswerLost, "broke off", 2),
    "hang": (errors.AnswerLost, "gave no answer within 1 s", 2),
    "html": (errors.AnswerLost, "a web page", 2),
    "broken-json": (errors.AnswerLost, "something unreadable", 2),
    "no-id": (errors.AnswerLost, "gave no images (200)", 2),
    "gen-failed": (errors.Rejected, "could not make this row: “The model gave up”", 0),
    "gen-unsafe": (errors.Refused, "failed the safety check", 0),
    "gen-forgotten": (errors.AnswerLost, "knows nothing of what was ordered", 2),
    "gen-stuck": (errors.AnswerLost, "has not finished generation gen_", 0),
    "poll-down": (errors.Unavailable, "failed (503)", 2),
    "poll-throttle": (errors.Throttled, "Slow down", 2),
    "poll-html": (errors.Unavailable, "a web page", 2),
    "poll-reset": (errors.Unavailable, "when it was asked how far it is", 2),
    "poll-refused": (errors.Halted, "key refused (401)", 2),
    "withheld": (errors.Refused, "withheld all 2 images as unsafe", 2),
    "odd-url": (errors.AnswerLost, "no web address", 2),
    "file-url": (errors.AnswerLost, "no web address", 2),
    "expired-url": (errors.AnswerLost, "HTTP 403: its link has expired", 2),
    "down-url": (errors.Unavailable, "did not hand out the finished image (HTTP 503)", 2),
    "html-image": (errors.AnswerLost, "a file that cannot be used", 2),
    "truncated-image": (errors.AnswerLost, "a file that cannot be used", 2),
    "flipped-image": (errors.AnswerLost, "a file that cannot be used", 2),
}

# Fault, pictures of two asked for, words of a note; none where nothing is to be said.
STILL_GIVES = {
    "at-once": (2, ""),
    "jpeg": (2, ""),
    "webp": (2, ""),
    "one-withheld": (1, ""),
    "fewer": (1, "answered with 1 of 2 images"),
    "more": (2, "made 3 images where 2 were asked for"),
    "reworded": (2, "own words, though magic_prompt is off"),
    "wrong-size": (2, "Asked for 1024 × 1024, got 640 × 480."),
    "one-broken": (1, "1 of 2 images arrived; what else was made is lost"),
    "one-expired": (1, "its link has expired"),
}


@pytest.fixture(scope="module")
def running() -> Iterator[IdeogramServer]:
    with IdeogramServer() as server:
        yield server


@pytest.fixture
def server(running: IdeogramServer) -> IdeogramServer:
    running.reset()
    return running


def test_every_fault_of_the_stand_in_has_its_outcome_here() -> None:
    assert {*ENDS_IN, *STILL_GIVES} == {*ideogram_faults.EVERY}
    assert not ENDS_IN.keys() & STILL_GIVES.keys()


@pytest.mark.parametrize("fault", ENDS_IN)
def test_each_fault_ends_in_its_error_with_the_providers_words(server: IdeogramServer, fault: str) -> None:
    kind, words, billed = ENDS_IN[fault]
    with pytest.raises(errors.BackendError) as caught:
        make(settings(server, timeout="1"), f"A fox, fault:{fault}", 2)
    assert type(caught.value) is kind
    assert words in str(caught.value)
    assert server.counts().images == billed
    assert server.counts().calls == 1
    if isinstance(caught.value, errors.Refused):
        assert caught.value.billed == billed


@pytest.mark.parametrize("fault", STILL_GIVES)
def test_what_is_usable_of_an_odd_answer_is_kept_and_said(server: IdeogramServer, fault: str) -> None:
    given, words = STILL_GIVES[fault]
    answer = make(settings(server), f"A fox, fault:{fault}", 2, magic_prompt="off")
    assert len(sizes(answer)) == given
    assert answer.withheld == 2 - given
    assert len(answer.notes) == bool(words)
    assert words in "".join(answer.notes)
    assert server.counts().billed == 1


@pytest.mark.parametrize("fault", ["down-url", "html-image", "truncated-image", "flipped-image"])
def test_a_download_that_fails_is_tried_again_for_nothing(server: IdeogramServer, fault: str) -> None:
    answer = make(settings(server), f"A fox, fault:{fault}*1")
    assert sizes(answer) == [(1024, 1024)]
    assert (server.counts().downloads, server.counts().billed, answer.notes) == (2, 1, ())


def test_a_link_whose_time_is_over_is_not_waited_for(server: IdeogramServer) -> None:
    server.behave(life=-5.0)
    with pytest.raises(errors.AnswerLost, match="link has expired"):
        make(settings(server), "A fox")


def test_a_generation_that_the_provider_does_not_know_at_once_is_asked_for_again(
    server: IdeogramServer,
) -> None:
    assert make(settings(server), "A fox, fault:gen-forgotten*2").pictures


@pytest.mark.parametrize("model", ["2.0", "1.0"])
def test_images_are_fetched_by_whoever_has_the_ticket(server: IdeogramServer, model: str) -> None:
    given, asked = settings(server), request("A fox", 2, model=model)
    ticket = use(given, lambda backend: backend.begin(asked))

    async def another(backend: Ideogram) -> Answer:
        return await backend.collect(asked, await backend.wait(asked, ticket))

    assert len(sizes(use(given, another))) == len(sizes(use(given, another))) == 2
    assert server.counts().calls == server.counts().billed == 1


def test_seeds_and_prompts_really_used_are_kept(server: IdeogramServer) -> None:
    answer = make(settings(server), "A fox", 3, seed_number=41)
    assert [picture.seed for picture in answer.pictures] == [41, 42, 43]
    assert {picture.prompt_used for picture in answer.pictures} == {"A fox, rich in detail"}
    assert [picture.index for picture in answer.pictures] == [1, 2, 3]


def test_a_whole_call_whose_images_cannot_be_fetched_counts_as_lost_not_as_refused(
    server: IdeogramServer,
) -> None:
    """`generate` has no ticket to give: whoever called it again would pay again."""
    with pytest.raises(errors.AnswerLost, match="It was ordered"):
        use(settings(server), lambda backend: backend.generate(request("A fox, fault:down-url")))


def test_what_the_provider_says_of_its_limit_is_passed_on(server: IdeogramServer) -> None:
    with pytest.raises(errors.Throttled) as caught:
        make(settings(server), "A fox, fault:throttle-limit")
    assert (caught.value.limit, caught.value.retry_after) == (3, None)


def test_a_server_that_is_not_there_was_not_reached(server: IdeogramServer) -> None:
    with pytest.raises(errors.Unavailable) as caught:
        make(settings(server, base_url="http://127.0.0.1:9"))
    assert not caught.value.reached


def test_a_503_after_a_long_wait_may_have_been_billed() -> None:
    there = Endpoint("https://api.ideogram.ai", KEY)
    assert isinstance(error(Reply(503, {}, b""), there, 270.0), errors.AnswerLost)
    assert isinstance(error(Reply(503, {}, b""), there, 3.0), errors.Unavailable)


def test_the_key_is_in_no_sentence_no_log_and_no_trace(
    server: IdeogramServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown = [repr(ideogram.endpoint(settings(server)))]
    for fault in ("echo-key", "reset-after", "broken-json", "poll-refused", "expired-url"):
        with pytest.raises(errors.BackendError) as caught:
            make(settings(server), f"A fox, fault:{fault}")
        shown += [str(caught.value), *traceback.format_exception(caught.value)]
    assert not [text for text in (*shown, caplog.text) if KEY in text]


def test_how_far_a_row_is_is_not_asked_before_it_can_be_done(server: IdeogramServer) -> None:
    server.behave(latency=0.5)

    async def work(backend: Ideogram) -> int:
        for _ in range(3):
            asked = request()
            await backend.collect(asked, await backend.wait(asked, await backend.begin(asked)))
        return server.counts().questions

    assert use(settings(server), work) <= 7 + 2 * 3


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "Set IDEOGRAM_API_KEY"),
        ({"IDEOGRAM_API_KEY": "sk-“pasted”"}, "IDEOGRAM_API_KEY has characters that no key has"),
        ({"IDEOGRAM_API_KEY": "k", "IDEOGRAM_BASE_URL": "api.ideogram.ai"}, "IDEOGRAM_BASE_URL is no web"),
    ],
)
def test_a_missing_or_broken_setting_is_named(environment: dict[str, str], words: str) -> None:
    from jobs.settings import Settings

    with pytest.raises(errors.NotConfigured) as caught:
        ideogram.connect(Settings.read(environment))
    assert words in str(caught.value)

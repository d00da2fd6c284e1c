"""The openai back end against a strict stand-in over real HTTP: what it asks, and what comes of answers."""

from __future__ import annotations

import asyncio
import logging
import traceback

import pytest

from jobs import errors
from jobs.backends import openai
from schema import columns
from tests.backends import rows
from tests.backends.through import make, settings, sizes
from tests.fakes import images_faults, images_protocol
from tests.fakes.images_app import KEY
from tests.fakes.images_server import ImagesServer

# Fault, error, words of the sentence, images it may bill. `Refused.billed` is what the ledger charges.
ENDS_IN = {
    "bad-request": (errors.Rejected, "Invalid value for 'prompt'", 0),
    "fields-422": (errors.Rejected, "size: Not a size", 0),
    "too-large": (errors.Rejected, "413", 0),
    "moderation": (errors.Refused, "rejected by the safety system", 0),
    "policy": (errors.Refused, "Filtered", 0),
    "policy-422": (errors.Refused, "failed safety check", 0),
    "unauthorized": (errors.Halted, "refused the key", 0),
    "echo-key": (errors.Halted, "Incorrect API key provided: …", 0),
    "forbidden": (errors.Halted, "must be verified", 0),
    "no-funds": (errors.Halted, "no funds left: “insufficient funds”", 0),
    "no-quota": (errors.Halted, "exceeded your current quota", 0),
    "billing-limit": (errors.Halted, "Billing hard limit", 0),
    "no-model": (errors.Halted, "has no model gpt-image-2", 0),
    "no-path": (errors.Halted, "makes no images (404)", 0),
    "redirect": (errors.Halted, "elsewhere.example", 0),
    "throttle": (errors.Throttled, "Rate limit reached", 0),
    "throttle-date": (errors.Throttled, "takes no more calls", 0),
    "throttle-headers": (errors.Throttled, "takes no more calls", 0),
    "conflict": (errors.Unavailable, "did not take the call (409)", 0),
    "server-error": (errors.Unavailable, "failed (500)", 0),
    "overloaded": (errors.Unavailable, "failed (503)", 0),
    "reset-before": (errors.AnswerLost, "broke off", 0),
    "reset-after": (errors.AnswerLost, "broke off", 2),
    "truncated-body": (errors.AnswerLost, "broke off", 2),
    "gateway-timeout": (errors.AnswerLost, "gave no images (504)", 2),
    "html": (errors.AnswerLost, "a web page", 2),
    "broken-json": (errors.AnswerLost, "something unreadable", 2),
    "no-data": (errors.AnswerLost, "gave no images (200)", 2),
    "error-in-200": (errors.AnswerLost, "The upstream failed", 2),
    "moderation-in-200": (errors.Refused, "rejected by the safety system", 2),
    "truncated-image": (errors.AnswerLost, "damaged", 2),
    "flipped-image": (errors.AnswerLost, "damaged", 2),
    "truncated-jpeg": (errors.AnswerLost, "damaged", 2),
    "no-image": (errors.AnswerLost, "damaged", 2),
    "no-base64": (errors.AnswerLost, "cannot be decoded", 2),
    "expired-url": (errors.AnswerLost, "did not hand out the finished image (HTTP 403)", 2),
    "file-url": (errors.AnswerLost, "no web address", 2),
    "odd-url": (errors.AnswerLost, "no web address", 2),
    "odd-port": (errors.AnswerLost, "did not hand out", 2),
    "odd-host": (errors.AnswerLost, "did not hand out", 2),
    "false-image": (errors.Refused, "no image and no reason", 2),
    "none": (errors.Refused, "no image and no reason", 2),
    "null": (errors.Refused, "no image and no reason", 2),
    "kept-back": (errors.Refused, "no image and no reason", 2),
    "hang": (errors.AnswerLost, "gave no answer within 1 s", 2),
}

# Fault, pictures of two asked for, words of a note; none where nothing is to be said.
STILL_GIVES = {
    "jpeg": (2, ""),
    "webp": (2, ""),
    "escaped": (2, ""),
    "url": (2, ""),
    "url-elsewhere": (2, ""),
    "flaky-url": (2, ""),
    "data-url": (2, ""),
    "data-url-as-base64": (2, ""),
    "wrong-size": (2, "Asked for 832 × 1248, got 640 × 480."),
    "reworded": (2, "own words, though magic_prompt is off"),
    "more": (2, "sent 3 images where 2 were asked for"),
    "fewer": (1, "1 of 2 images came, 1 kept back by the provider"),
    "one-broken": (1, "1 of 2 images arrived; what else was made is lost: it is damaged."),
}


def test_every_fault_of_the_stand_in_has_its_outcome_here() -> None:
    assert {*ENDS_IN, *STILL_GIVES} == {*images_faults.BEFORE, *images_faults.AFTER}
    assert not ENDS_IN.keys() & STILL_GIVES.keys()


@pytest.mark.parametrize("fault", ENDS_IN)
def test_each_fault_ends_in_its_error_with_the_providers_words(server: ImagesServer, fault: str) -> None:
    kind, words, billed = ENDS_IN[fault]
    with pytest.raises(errors.BackendError) as caught:
        make(settings(server, timeout="1"), f"A fox, fault:{fault}", images=2)
    assert type(caught.value) is kind
    assert words in str(caught.value)
    assert caught.value.retry is (kind in {errors.Throttled, errors.Unavailable})
    assert server.counts().calls == 1
    assert server.counts().images == billed
    if isinstance(caught.value, errors.Refused):
        assert caught.value.billed == (0 if "moderation" in fault else billed)


@pytest.mark.parametrize("fault", STILL_GIVES)
def test_what_is_usable_of_an_odd_answer_is_kept_and_said(server: ImagesServer, fault: str) -> None:
    given, words = STILL_GIVES[fault]
    answer = make(settings(server), f"A fox, fault:{fault}", 2, aspect_ratio="2:3", magic_prompt="off")
    assert len(sizes(answer)) == given
    assert answer.withheld == 2 - given
    assert len(answer.notes) == bool(words)
    assert words in "".join(answer.notes)
    assert server.counts().billed == 1


@pytest.mark.parametrize(
    ("fault", "least", "most"),
    [
        ("throttle", 1, 1),
        ("throttle-date", 55, 60),
        ("throttle-headers", 60.5, 60.5),
        ("overloaded", 2.5, 2.5),
    ],
)
def test_the_wait_a_provider_asks_for_is_passed_on(
    server: ImagesServer, fault: str, least: float, most: float
) -> None:
    with pytest.raises(errors.BackendError) as caught:
        make(settings(server), f"A fox, fault:{fault}")
    assert isinstance(caught.value, errors.Throttled | errors.Unavailable)
    assert caught.value.retry_after
    assert least <= caught.value.retry_after <= most


def test_the_key_is_in_no_sentence_no_log_and_no_trace(
    server: ImagesServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown = []
    for fault in ("echo-key", "reset-after", "broken-json", "expired-url"):
        with pytest.raises(errors.BackendError) as caught:
            make(settings(server), f"A fox, fault:{fault}")
        shown += [str(caught.value), *traceback.format_exception(caught.value)]
    shown += [caplog.text, repr(openai.endpoint(settings(server)))]
    assert "…" in shown[0]
    assert not [text for text in shown if KEY in text]


@pytest.mark.parametrize("model", images_protocol.MODELS)
def test_no_model_is_asked_for_anything_it_does_not_take(server: ImagesServer, model: str) -> None:
    async def run() -> int:
        backend = openai.connect(settings(server, model=model))
        calls = 0
        for row in rows.every():
            if row["style"] == "auto" and row["magic_prompt"] == "on":
                size = backend.size(row, columns.load().size(row))
                answer = await backend.generate(rows.request(row, size, images=2))
                assert not answer.notes
                calls += 1
        await backend.close()
        return calls

    assert asyncio.run(run()) * (2 if model == "dall-e-3" else 1) == server.counts().billed
    assert server.counts().images == server.counts().billed * (1 if model == "dall-e-3" else 2)


@pytest.mark.parametrize(
    ("model", "ratio", "size"),
    [
        ("gpt-image-2", "2:3", (832, 1248)),
        ("openai/gpt-image-2.5-flare", "16:9", (1312, 736)),
        ("some-local-model", "1:3", (512, 1536)),
        ("gpt-image-1", "2:3", (1024, 1536)),
        ("gpt-image-1.5", "3:1", (1536, 1024)),
        ("gpt-image-1-mini", "5:4", (1536, 1024)),
        ("dall-e-3", "16:9", (1792, 1024)),
        ("dall-e-2", "16:9", (1024, 1024)),
    ],
)
def test_the_size_asked_for_is_the_formats_own_or_the_nearest_in_shape(
    server: ImagesServer, model: str, ratio: str, size: tuple[int, int]
) -> None:
    backend = openai.connect(settings(server, model=model))
    row = rows.values(aspect_ratio=ratio)
    wanted = columns.load().size(row)
    assert backend.size(row, wanted) == size
    assert backend.size(row, size) == size
    assert [gap.column for gap in backend.gaps(row)] == [
        "model",
        *(["aspect_ratio"] if size != wanted else []),
    ]


def test_what_the_provider_lacks_is_said_only_where_the_row_sets_it(server: ImagesServer) -> None:
    plain, full = (
        rows.values(),
        rows.values(
            seed_number=0, negative_prompt="text", color_palette="ember", style="design", magic_prompt="off"
        ),
    )
    lacking = openai.connect(settings(server)).gaps
    assert [gap.column for gap in lacking(plain)] == ["model"]
    assert [gap.column for gap in lacking(full)] == [
        "model", "seed_number", "negative_prompt", "color_palette", "style",
    ]  # fmt: skip
    rewriting = openai.connect(settings(server, model="dall-e-3")).gaps
    assert {gap.column for gap in rewriting(full)} - {gap.column for gap in lacking(full)} == {"magic_prompt"}
    assert [gap.column for gap in rewriting(rows.values(rendering="turbo"))] == ["model", "rendering"]


def test_a_model_that_makes_one_image_a_call_is_called_once_for_each(server: ImagesServer) -> None:
    answer = make(settings(server, model="dall-e-3"), images=3)
    assert [picture.index for picture in answer.pictures] == [1, 2, 3]
    assert server.counts().billed_by_attempt == {"attempt-1": 1, "attempt-1-2": 1, "attempt-1-3": 1}


@pytest.mark.parametrize(
    ("fault", "withheld"), [("throttle", 0), ("server-error", 0), ("reset-after", 1), ("none", 1)]
)
def test_images_that_are_paid_for_are_kept_when_a_later_call_fails(
    server: ImagesServer, fault: str, withheld: int
) -> None:
    server.behave(script=["", fault])
    answer = make(settings(server, model="dall-e-3"), images=4)
    assert len(answer.pictures) == 1
    assert answer.withheld == withheld
    assert answer.notes[0].startswith("The calls ended after 1 of 4 images: ")
    assert server.counts().calls == 2


def test_a_server_that_needs_no_key_is_shown_none(server: ImagesServer) -> None:
    server.behave(key="")
    assert make(settings(server, api_key="")).pictures

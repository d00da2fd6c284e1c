"""How long a provider asks to wait, in every form it may say so, and what its error bodies tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from multidict import CIMultiDict

from jobs import errors
from jobs.backends import openai_errors
from jobs.backends.replies import Endpoint, Reply

HERE = Endpoint("http://localhost:8080/v1", "sk-secret")


def reply(status: int, body: bytes = b"", **headers: str) -> Reply:
    return Reply(status, CIMultiDict({name.replace("_", "-"): text for name, text in headers.items()}), body)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry_after": "7"}, 7),
        ({"Retry_After": "0.5"}, 0.5),
        ({"Retry_After": "-3"}, 0),
        ({"Retry_After": "nan"}, None),
        ({"Retry_After": "1e999"}, None),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"x_ratelimit_remaining_requests": "0", "x_ratelimit_reset_requests": "6m0s"}, 360),
        ({"x_ratelimit_remaining_images": "0", "x_ratelimit_reset_images": "20ms"}, 0.02),
        ({"x_ratelimit_remaining_requests": "3", "x_ratelimit_reset_requests": "6m0s"}, None),
    ],
)
def test_the_wait_is_read_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    assert reply(429, b"", **headers).retry_after() == seconds


@pytest.mark.parametrize("zone", ["GMT", "-0000"])
def test_the_wait_until_a_date_is_counted_from_now(zone: str) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True).replace("GMT", zone)
    assert 85 <= (reply(503, Retry_After=date).retry_after() or 0) <= 90


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (400, b'{"error": "no"}', errors.Rejected, "cannot make this row (400): “no”"),
        (400, b'{"error": {"message": null, "code": null}}', errors.Rejected, "this row (400)."),
        (400, b'{"error": {"message": "Bad", "param": "model"}}', errors.Halted, "has no model m: “Bad”"),
        (400, b'{"detail": "no"}', errors.Rejected, "“no”"),
        (400, b'{"error": true, "message": "no"}', errors.Rejected, "“no”"),
        (400, b"{}", errors.Rejected, "this row (400)."),
        (400, b'{"message": "no"}', errors.Rejected, "“no”"),
        (400, b"[" * 200_000, errors.Rejected, "this row (400)."),
        (400, b"\xff\xfe", errors.Rejected, "this row (400)."),
        (
            400,
            b'{"error": {"code": "contentFilter", "message": "no"}}',
            errors.Refused,
            "declines this prompt",
        ),
        (
            422,
            b'{"detail": [{"loc": ["body", "n"], "msg": "too many"}, "x"]}',
            errors.Rejected,
            "n: too many; x",
        ),
        (405, b"", errors.Halted, "makes no images (405)"),
        (404, b'{"error": {"message": "model x not found"}}', errors.Halted, "“model x not found”"),
        (403, b'{"error": {"code": "moderation_blocked"}}', errors.Refused, "declines this prompt"),
        (418, b"", errors.Rejected, "(418)"),
        (524, b"", errors.AnswerLost, "may have billed"),
        (529, b"", errors.Unavailable, "failed (529)"),
        (302, b"", errors.Halted, "sends calls on to localhost"),
    ],
)
def test_every_shape_of_error_body_is_read(
    status: int, body: bytes, kind: type[errors.BackendError], words: str
) -> None:
    found = openai_errors.error(reply(status, body), HERE, "m")
    assert type(found) is kind
    assert words in str(found)


def test_a_long_and_broken_up_message_is_one_short_line_without_the_key() -> None:
    body = b'{"error": {"message": "sk-secret\\n' + b"word " * 500 + b'"}}'
    sentence = str(openai_errors.error(reply(400, body), HERE, "m"))
    assert "sk-secret" not in sentence
    assert "\n" not in sentence
    assert len(sentence) < 450

"""What an images endpoint can do wrong, each by a name that a prompt or a script can ask for."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from tests.fakes import pictures
from tests.fakes.images_protocol import Wanted

MARKER = re.compile(r"fault:([a-z0-9-]+)(?:\*(\d+))?")
"""In a prompt: `fault:throttle` always, `fault:throttle*2` for the first two calls with that prompt."""


def failed(message: str, code: str | None = None, kind: str = "server_error") -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def _blocked() -> dict[str, Any]:
    words = "Your request was rejected by the safety system."
    return failed(words, "moderation_blocked", "image_generation_user_error")


def _in_a_minute() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)


@dataclass(frozen=True)
class Refusal:
    """An answer in place of images; nothing is made and nothing billed."""

    status: int
    body: Any
    headers: dict[str, str] | None = None


REFUSALS: dict[str, Callable[[], Refusal]] = {
    "bad-request": lambda: Refusal(400, failed("Invalid value for 'prompt'.", "invalid_value")),
    "moderation": lambda: Refusal(400, _blocked()),
    "policy": lambda: Refusal(400, failed("Filtered.", "content_policy_violation")),
    "policy-422": lambda: Refusal(422, {"error": "Prompt provided failed safety check."}),
    "fields-422": lambda: Refusal(422, {"detail": [{"loc": ["body", "size"], "msg": "Not a size"}]}),
    "unauthorized": lambda: Refusal(401, failed("Incorrect API key provided.", "invalid_api_key")),
    "forbidden": lambda: Refusal(403, failed("Your organization must be verified.")),
    "no-funds": lambda: Refusal(402, {"error": "insufficient funds", "reject_reason": "insufficient_funds"}),
    "no-quota": lambda: Refusal(429, failed("You exceeded your current quota.", "insufficient_quota")),
    "billing-limit": lambda: Refusal(
        400, failed("Billing hard limit has been reached.", "billing_hard_limit_reached")
    ),
    "no-model": lambda: Refusal(404, failed("The model does not exist.", "model_not_found")),
    "no-path": lambda: Refusal(404, "<html><body>Not Found</body></html>"),
    "too-large": lambda: Refusal(413, "too large"),
    "throttle": lambda: Refusal(
        429, failed("Rate limit reached.", "rate_limit_exceeded"), {"Retry-After": "1"}
    ),
    "throttle-date": lambda: Refusal(429, failed("Rate limit reached."), {"Retry-After": _in_a_minute()}),
    "throttle-headers": lambda: Refusal(
        429,
        failed("Rate limit reached."),
        {
            "x-ratelimit-remaining-requests": "0",
            "x-ratelimit-reset-requests": "1m0.5s",
            "x-ratelimit-remaining-tokens": "7",
            "x-ratelimit-reset-tokens": "9h",
        },
    ),
    "conflict": lambda: Refusal(409, failed("Another call holds the lock.")),
    "server-error": lambda: Refusal(500, failed("The server had an error.")),
    "overloaded": lambda: Refusal(503, "<html>busy</html>", {"Retry-After": "2.5"}),
    "redirect": lambda: Refusal(307, "", {"Location": "https://elsewhere.example/v1/images/generations"}),
}


@dataclass(frozen=True)
class Finished:
    """A call whose images are made and billed, with what is needed to spoil its answer.

    `link` puts an image up for download, in one of four manners: whole, elsewhere, flaky, expired.
    """

    request: web.Request
    wanted: Wanted
    weight: int
    link: Callable[[str, bytes], str]

    @property
    def image(self) -> bytes:
        return pictures.png(*self.wanted.size, self.weight)

    def converted(self, form: str) -> bytes:
        return pictures.converted(*self.wanted.size, form)


Entry = dict[str, Any]


def _base64(image: bytes) -> Entry:
    return {"b64_json": base64.b64encode(image).decode()}


def _flipped(image: bytes) -> bytes:
    middle = len(image) // 2
    return image[:middle] + bytes([image[middle] ^ 1]) + image[middle + 1 :]


def _data_url(image: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(image).decode()


# What stands in `data` for each image asked for.
EACH: dict[str, Callable[[Finished], Entry]] = {
    "truncated-image": lambda call: _base64(call.image[:-20]),
    "flipped-image": lambda call: _base64(_flipped(call.image)),
    "no-image": lambda call: _base64(b"these are words"),
    "no-base64": lambda call: {"b64_json": "A"},
    "kept-back": lambda call: {"b64_json": None, "url": ""},
    "wrong-size": lambda call: _base64(pictures.png(640, 480)),
    "reworded": lambda call: _base64(call.image) | {"revised_prompt": "Quite another prompt"},
    "jpeg": lambda call: _base64(call.converted("JPEG")),
    "webp": lambda call: _base64(call.converted("WEBP")),
    "truncated-jpeg": lambda call: _base64(call.converted("JPEG")[:-200]),
    "url": lambda call: {"url": call.link("whole", call.image)},
    "url-elsewhere": lambda call: {"url": call.link("elsewhere", call.image)},
    "flaky-url": lambda call: {"url": call.link("flaky", call.image)},
    "expired-url": lambda call: {"url": call.link("expired", call.image)},
    "odd-url": lambda call: {"url": "http://[oops/1.png"},
    "odd-port": lambda call: {"url": "http://localhost:99999/1.png"},
    "odd-host": lambda call: {"url": f"http://a..b{'c' * 80}/1.png"},
    "false-image": lambda call: {"b64_json": False},
    "file-url": lambda call: {"url": "file:///etc/hostname"},
    "data-url": lambda call: {"url": _data_url(call.image)},
    "data-url-as-base64": lambda call: {"b64_json": _data_url(call.image)},
}

# What `data` holds as a whole.
ALL: dict[str, Callable[[Finished], list[Entry] | None]] = {
    "fewer": lambda call: [_base64(call.image)] * (call.wanted.images - 1),
    "more": lambda call: [_base64(call.image)] * (call.wanted.images + 1),
    "one-broken": lambda call: [_base64(call.image[:-20])] + [_base64(call.image)] * (call.wanted.images - 1),
    "none": lambda call: [],
    "null": lambda call: None,
}

# The whole body, with its status and its type.
BODIES: dict[str, Callable[[Finished], tuple[int, str, str]]] = {
    "gateway-timeout": lambda call: (504, "text/html", "<html>Gateway Time-out</html>"),
    "html": lambda call: (200, "text/html", "<!doctype html><title>Welcome</title>"),
    "broken-json": lambda call: (200, "application/json", '{"data": [{"b64_json": "AAAA"}'),
    "no-data": lambda call: (200, "application/json", "[1, 2, 3]"),
    "error-in-200": lambda call: (200, "application/json", json.dumps(failed("The upstream failed."))),
    "moderation-in-200": lambda call: (200, "application/json", json.dumps(_blocked())),
    "escaped": lambda call: (
        200,
        "application/json",
        json.dumps({"data": [_base64(call.image)] * call.wanted.images}).replace("/", "\\/"),
    ),
}


async def reset(request: web.Request) -> web.StreamResponse:
    """Cut the connection as a crash does."""
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _truncated_body(call: Finished) -> web.StreamResponse:
    whole = json.dumps({"data": [_base64(call.image)]}).encode()
    response = web.StreamResponse(headers={"Content-Length": str(len(whole))})
    await response.prepare(call.request)
    await response.write(whole[: len(whole) // 2])
    return await reset(call.request)


async def _hang(call: Finished) -> web.StreamResponse:
    while call.request.transport is not None:  # noqa: ASYNC110 (nothing else tells that the caller has left)
        await asyncio.sleep(0.02)
    return web.Response()


async def _reset_after(call: Finished) -> web.StreamResponse:
    return await reset(call.request)


BROKEN_OFF: dict[str, Callable[[Finished], Awaitable[web.StreamResponse]]] = {
    "reset-after": _reset_after,
    "truncated-body": _truncated_body,
    "hang": _hang,
}

BEFORE: tuple[str, ...] = (*REFUSALS, "echo-key", "reset-before")
"""Faults of calls for which no image is made and nothing billed."""

AFTER: tuple[str, ...] = (*EACH, *ALL, *BODIES, *BROKEN_OFF)
"""Faults of answers whose images are made and billed."""


async def spoiled(fault: str, call: Finished) -> web.StreamResponse:
    """The answer to a finished call, with one of the faults of AFTER."""
    if fault in BROKEN_OFF:
        return await BROKEN_OFF[fault](call)
    if fault in BODIES:
        status, kind, text = BODIES[fault](call)
        return web.Response(status=status, text=text, content_type=kind)
    if fault in ALL:
        return web.json_response({"created": 0, "data": ALL[fault](call)})
    return web.json_response({"created": 0, "data": [EACH[fault](call) for _ in range(call.wanted.images)]})

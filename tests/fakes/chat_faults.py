"""What a chat endpoint can do wrong, each by a name that a prompt or a script can ask for."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from aiohttp import web

MARKER = re.compile(r"fault:([a-z0-9-]+)(?:\*(\d+))?")
"""In a goal: `fault:throttle` always, `fault:throttle*2` for the first two calls with that goal."""
REFUSAL = "I'm sorry, but I can't help with pictures of that."


def failed(message: str, code: str | None = None, kind: str = "server_error") -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


@dataclass(frozen=True)
class Refusal:
    """An answer in place of a completion; nothing is written and nothing counted."""

    status: int
    body: Any
    headers: dict[str, str] | None = None


_HTML = "<!doctype html><html><head><title>Welcome</title></head><body><h1>It works</h1></body></html>"
_CONTEXT = (
    "This model's maximum context length is 4096 tokens. However, your messages resulted in 9000 tokens."
)
_TOO_MANY = (
    "'max_tokens' or 'max_completion_tokens' is too large: 16000. This model's maximum context length is "
)

REFUSALS: dict[str, Callable[[str], Refusal]] = {
    "unauthorized": lambda _: Refusal(401, failed("Incorrect API key provided.", "invalid_api_key")),
    "forbidden": lambda _: Refusal(403, failed("Project does not have access to model.", "model_not_found")),
    "no-funds": lambda _: Refusal(402, failed("Insufficient Balance", "invalid_request_error")),
    "no-quota": lambda _: Refusal(429, failed("You exceeded your current quota.", "insufficient_quota")),
    "no-model": lambda _: Refusal(404, failed("The model does not exist.", "model_not_found")),
    "no-model-ollama": lambda _: Refusal(404, failed('model "x" not found, try pulling it first', None)),
    "no-path": lambda _: Refusal(404, "<html><body>Not Found</body></html>"),
    "no-method": lambda _: Refusal(405, {"detail": "Method Not Allowed"}),
    "throttle": lambda wait: Refusal(
        429, failed("Rate limit reached.", "rate_limit_exceeded"), {"Retry-After": wait}
    ),
    "throttle-bare": lambda _: Refusal(429, failed("Rate limit reached.", "rate_limit_exceeded")),
    "throttle-long": lambda _: Refusal(429, failed("Come back later."), {"Retry-After": "3600"}),
    "server-error": lambda _: Refusal(500, failed("The server had an error.")),
    "overloaded": lambda wait: Refusal(503, "<html>busy</html>", {"Retry-After": wait}),
    "bad-gateway": lambda _: Refusal(502, "<html><body>502 Bad Gateway</body></html>"),
    "too-long": lambda _: Refusal(400, failed(_CONTEXT, "context_length_exceeded")),
    "too-many-tokens": lambda _: Refusal(400, failed(f"{_TOO_MANY}8192 tokens.", None)),
    "policy": lambda _: Refusal(400, failed("The prompt was filtered by our policy.", "content_filter")),
    "bad-request": lambda _: Refusal(400, failed("Something about this is not right.")),
    "html": lambda _: Refusal(200, _HTML),
    "router-policy": lambda _: Refusal(
        404, failed("No endpoints found matching your data policy (Free model publication).", None)
    ),
    "key-400": lambda _: Refusal(
        400, [{"error": {"code": 400, "message": "API key not valid. Please pass a valid API key."}}]
    ),
    "error-list": lambda _: Refusal(
        404, [{"error": {"code": 404, "message": "models/x is not found for API version v1main"}}]
    ),
    "error-list-in-200": lambda _: Refusal(
        200, [{"error": {"code": 503, "message": "The model is overloaded. Please try again later."}}]
    ),
    "reserved-rate": lambda _: Refusal(
        413,
        failed(
            "Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 16500, "
            "please reduce your message size and try again.",
            "rate_limit_exceeded",
        ),
    ),
    "reserved-balance": lambda _: Refusal(
        402,
        failed(
            "This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, but "
            "can only afford 1000.",
            None,
        ),
    ),
    "reserved-context": lambda _: Refusal(
        400,
        failed(
            "This model's maximum context length is 4096 tokens. However, you requested 8096 tokens (96 in "
            "the messages, 8000 in the completion).",
            "context_length_exceeded",
        ),
    ),
    "rate-used-up": lambda wait: Refusal(
        429,
        failed("Rate limit on tokens per min (TPM): Limit 30000, Used 29900, Requested 2100."),
        {"Retry-After": wait},
    ),
    "error-in-200": lambda _: Refusal(200, failed("The upstream provider failed.")),
    "redirect": lambda _: Refusal(307, "", {"Location": "https://elsewhere.example/v1/chat/completions"}),
}


class Line(Protocol):
    """The stream of one answer, as chat_app.py writes it."""

    request: web.Request

    async def piece(self, text: str) -> None: ...
    async def event(self, data: str) -> None: ...
    async def raw(self, data: bytes) -> None: ...
    async def finish(self, reason: str) -> None: ...
    async def done(self) -> None: ...
    async def refuse(self, text: str) -> None: ...


async def hang(request: web.Request) -> None:
    """Keep the connection open and say nothing, until the caller has left."""
    while request.transport is not None:  # noqa: ASYNC110 (nothing else tells that the caller has left)
        await asyncio.sleep(0.02)


def cut_off(request: web.Request) -> None:
    """Cut the connection as a crash does."""
    if request.transport:
        request.transport.abort()


async def _silence(line: Line, _: list[str]) -> None:
    """Zero chunks: an event stream without an event."""


async def _early_end(line: Line, pieces: list[str]) -> None:
    await _half(line, pieces)


async def _stall(line: Line, pieces: list[str]) -> None:
    await _half(line, pieces)
    await hang(line.request)


async def _endless(line: Line, pieces: list[str]) -> None:
    await _half(line, pieces)
    while line.request.transport is not None:
        await line.piece("and so on and on " * 50)


async def _endless_row(line: Line, pieces: list[str]) -> None:
    """A row of 40 KB before good ones."""
    await line.piece('{"prompt": "' + " ".join(map(str, range(8_000))) + '"}\n')
    await _whole(line, pieces)


async def _error_event(line: Line, pieces: list[str]) -> None:
    await _half(line, pieces)
    await line.event('{"error": {"message": "The upstream provider failed.", "code": 502}}')


async def _bad_utf8(line: Line, pieces: list[str]) -> None:
    await _half(line, pieces)
    await line.raw(b'data: {"choices": [{"index": 0, "delta": {"content": "\xff\xfe"}}]}\n\n')
    await line.done()


async def _bad_event(line: Line, pieces: list[str]) -> None:
    await _half(line, pieces)
    await line.raw(b"data: {oops\n\n")
    await line.done()


async def _odd_events(line: Line, pieces: list[str]) -> None:
    """Events that are JSON and no chunk; comments and empty choices between them."""
    for data in (
        "null",
        "5",
        '"text"',
        "{}",
        '{"choices": null}',
        '{"choices": 5}',
        "[1]",
        '{"choices": [{}]}',
        '{"choices": [null]}',
    ):
        await line.event(data)
    await line.raw(b": still there\n\n")
    await _whole(line, pieces)


async def _cut(line: Line, pieces: list[str]) -> None:
    await _half(line, pieces)
    await line.finish("length")
    await line.done()


async def _filter(line: Line, pieces: list[str]) -> None:
    await _half(line, pieces)
    await line.finish("content_filter")
    await line.done()


async def _filter_at_once(line: Line, _: list[str]) -> None:
    await line.finish("content_filter")
    await line.done()


async def _refusal(line: Line, _: list[str]) -> None:
    await line.refuse(REFUSAL)
    await line.finish("stop")
    await line.done()


async def _refusal_words(line: Line, _: list[str]) -> None:
    await _whole(line, [REFUSAL])


async def _chatter(line: Line, _: list[str]) -> None:
    await _whole(line, ["Lovely idea. What colours do you have in mind for these?"])


async def _nothing(line: Line, _: list[str]) -> None:
    await _whole(line, [])


async def _thinking_only(line: Line, _: list[str]) -> None:
    await line.event('{"choices": [{"index": 0, "delta": {"reasoning_content": "Hm."}}]}')
    await line.finish("length")
    await line.done()


async def _answer_in_thoughts(line: Line, pieces: list[str]) -> None:
    """All that is answered stands in the place for thoughts, as some servers have it."""
    for piece in pieces:
        delta = {"index": 0, "delta": {"reasoning_content": piece}}
        await line.event(json.dumps({"choices": [delta]}))
    await line.finish("stop")
    await line.done()


async def _other_type(line: Line, pieces: list[str]) -> None:
    await _whole(line, pieces)


async def _reset(line: Line, pieces: list[str]) -> None:
    await _half(line, pieces)
    await asyncio.sleep(0.05)  # what was written must have left before the connection is cut
    cut_off(line.request)


async def _half(line: Line, pieces: list[str]) -> None:
    for piece in pieces[: len(pieces) // 2]:
        await line.piece(piece)


async def _whole(line: Line, pieces: list[str]) -> None:
    for piece in pieces:
        await line.piece(piece)
    await line.finish("stop")
    await line.done()


STREAMS: dict[str, Callable[[Line, list[str]], Awaitable[None]]] = {
    "zero-chunks": _silence,
    "early-end": _early_end,
    "stall": _stall,
    "endless": _endless,
    "endless-row": _endless_row,
    "error-event": _error_event,
    "bad-utf8": _bad_utf8,
    "bad-event": _bad_event,
    "odd-events": _odd_events,
    "cut": _cut,
    "filter": _filter,
    "filter-at-once": _filter_at_once,
    "refusal": _refusal,
    "refusal-words": _refusal_words,
    "chatter": _chatter,
    "no-text": _nothing,
    "thinking-only": _thinking_only,
    "answer-in-thoughts": _answer_in_thoughts,
    "other-type": _other_type,
    "reset": _reset,
}
"""Faults of answers that have begun. Of a call that does not stream, the same as far as it can be."""

ELSE: tuple[str, ...] = ("echo-key", "never", "reset-before")
"""Faults that chat_app.py sees to: the key repeated in a 401, no answer ever, cut before any answer."""

"""How the stand-in's answer leaves it: as a stream of events, cut at awkward places, or as one body."""

from __future__ import annotations

import json
import re
from typing import Any

from aiohttp import web

from tests.fakes.chat_protocol import Wanted


class Stream:
    """An event stream: a chunk with the role, chunks with text, the reason it ended, tokens, [DONE]."""

    def __init__(self, request: web.Request, wanted: Wanted, tokens: tuple[int, int] | None) -> None:
        self.request = request
        self._wanted, self._tokens = wanted, tokens
        self._response = web.StreamResponse()
        self._events = 0

    async def begin(self, kind: str) -> None:
        self._response.headers["Content-Type"] = kind
        await self._response.prepare(self.request)

    async def piece(self, text: str) -> None:
        if not self._events:
            await self._chunk({"role": "assistant", "content": ""})
        await self._chunk({"content": text})

    async def refuse(self, text: str) -> None:
        await self._chunk({"refusal": text})

    async def finish(self, reason: str) -> None:
        await self._chunk({}, reason)

    async def done(self) -> None:
        if self._wanted.usage and self._tokens:
            await self.event(json.dumps(self._frame([]) | {"usage": _usage(self._tokens)}))
        await self.raw(b"data: [DONE]\n\n")

    async def event(self, data: str) -> None:
        self._events += 1
        await self.raw(f"data: {data}\n\n".encode())

    async def raw(self, data: bytes) -> None:
        """Write, in two parts where there is a letter beyond ASCII to cut in the middle."""
        letter = re.search(rb"[\xc1-\xff]", data)
        middle = letter.end() if letter else 0
        for part in filter(None, (data[:middle], data[middle:])):
            await self._response.write(part)

    async def end(self) -> web.StreamResponse:
        if self.request.transport is not None:
            await self._response.write_eof()
        return self._response

    async def _chunk(self, delta: dict[str, Any], reason: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        frame = self._frame([choice])
        if self._wanted.usage and self._tokens:
            frame["usage"] = None
        await self.event(json.dumps(frame, ensure_ascii=bool(self._events % 2)))

    def _frame(self, choices: list[Any]) -> dict[str, Any]:
        return {
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": self._wanted.model,
            "choices": choices,
        }  # fmt: skip


class Whole:
    """One JSON body, for calls that do not stream and for servers that cannot."""

    def __init__(self, request: web.Request, wanted: Wanted, tokens: tuple[int, int] | None) -> None:
        self.request = request
        self._wanted, self._tokens = wanted, tokens
        self._text: list[str] = []
        self._reason: str | None = None
        self._refusal: str | None = None
        self._event = ""

    async def begin(self, kind: str) -> None:
        """Nothing leaves before the end."""

    async def piece(self, text: str) -> None:
        self._text.append(text)

    async def refuse(self, text: str) -> None:
        self._refusal = text

    async def finish(self, reason: str) -> None:
        self._reason = reason

    async def event(self, data: str) -> None:
        self._event = data

    async def raw(self, data: bytes) -> None:
        """What is wrong with single events cannot be with a body."""

    async def done(self) -> None:
        """The end is one with the body's."""

    async def end(self) -> web.StreamResponse:
        if self._event.startswith('{"error"'):
            return web.Response(text=self._event, content_type="application/json")
        message = {"role": "assistant", "content": "".join(self._text), "refusal": self._refusal}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self._reason}
        body = {"id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": self._wanted.model}
        usage = {"usage": _usage(self._tokens)} if self._tokens else {}
        return web.json_response(body | {"choices": [choice]} | usage)


def _usage(tokens: tuple[int, int]) -> dict[str, int]:
    return {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}

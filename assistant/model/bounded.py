"""What goes out with a call and how much is read of its answer: hooks for the HTTP client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2

_OF_AN_ERROR = 1 << 16
"""Bytes that are read of an answer that is an error: enough for any sentence."""
_PACKED = 64
"""A packed answer, which was not asked for, may have only this part of the bound: it grows unpacked."""


class TooMuch(Exception):
    """An answer had more bytes than it may have."""


class _Bounded(httpx2.AsyncByteStream):
    """A body of which no more than `most` bytes are read; of an error's body the rest is left out."""

    def __init__(self, body: httpx2.AsyncByteStream, most: int, *, error: bool) -> None:
        self._body, self._most, self._error = body, most, error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self._most
        async for part in self._body:
            if len(part) > left:
                if not self._error:
                    raise TooMuch
                yield part[:left]
                return
            left -= len(part)
            yield part

    async def aclose(self) -> None:
        await self._body.aclose()


_OURS = {
    "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type", "host",
    "user-agent", "x-stainless-raw-response",
}  # fmt: skip
"""Headers that a call needs. The client adds more, also what its own variables in the environment say."""


def dressed(key: str) -> Callable[[httpx2.Request], Awaitable[None]]:
    """A hook that sends this key and no other, and nothing that the environment has for another endpoint."""

    async def on_request(request: httpx2.Request) -> None:
        for name in set(request.headers) - _OURS:
            del request.headers[name]
        request.headers["accept-encoding"] = "identity"
        request.headers["user-agent"] = "promptsheet"
        request.headers.pop("authorization", None)
        if key:
            request.headers["authorization"] = f"Bearer {key}"

    return on_request


def bound(most: int) -> Callable[[httpx2.Response], Awaitable[None]]:
    """A hook for the client that puts the bound on every answer before it is read."""

    async def on_response(response: httpx2.Response) -> None:
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        packed = response.headers.get("content-encoding", "identity") != "identity"
        error = not response.is_success
        least = min(most, _OF_AN_ERROR) if error else most
        response.stream = _Bounded(response.stream, least // _PACKED if packed else least, error=error)

    return on_response

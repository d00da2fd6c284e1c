"""Calls over HTTP: one pool of connections an event loop, and every fault turned into the port's errors."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jobs.backends.replies import Endpoint, Reply
from jobs.errors import AnswerLost, BackendError, Halted, Unavailable

if TYPE_CHECKING:
    import aiohttp

_ERROR_BODY = 1 << 16  # bytes read of an answer that is an error: enough for any sentence
_LOOK = 30.0  # seconds for an answer that costs nothing
_CONNECT = 10.0  # seconds for name, connection and TLS together
_IDLE = 4.0  # seconds a connection is kept: less than servers do (uvicorn: 5), or a call may meet its end
_PASSING = {0, 408, 425, 429, 500, 502, 503, 504}  # of a download

PAUSES = (0.25, 1.0)
"""Seconds before a download is tried again."""


class Calls:
    """Calls to one endpoint, `timeout` seconds for each answer; closed in the loop that made them."""

    # aiohttp and not the openai package: with 1 MB answers that one needs 45 % more CPU a row (9.6 against
    # 6.6 ms) and 30 MB more memory (80 against 47 MB). It is imported with the first call, not before.

    def __init__(self, endpoint: Endpoint, timeout: float) -> None:
        self.endpoint = endpoint
        self._timeout = timeout
        self._sessions: dict[asyncio.AbstractEventLoop, aiohttp.ClientSession] = {}

    async def post(
        self, path: str, content: Mapping[str, object], name: str, limit: int, within: float | None = None
    ) -> Reply:
        """Send JSON once, never a second time, and follow no redirect. An answer may have `limit` bytes.

        `name` is the call's own id, for the provider's log; `within` seconds, where that is less than for
        others. Raises Unavailable (surely not sent), Halted (a certificate that is not to be trusted) or
        AnswerLost.
        """
        import aiohttp

        headers = {"Content-Type": "application/json", "X-Client-Request-Id": name}
        headers |= self.endpoint.authorization()
        address, body = f"{self.endpoint.base}/{path}", json.dumps(content).encode()
        seconds = min(within or self._timeout, self._timeout)
        try:
            async with self._session().post(
                address, data=body, headers=headers, allow_redirects=False, timeout=_limits(seconds)
            ) as response:
                return await _whole(response, limit)
        except (aiohttp.ClientError, OSError) as reason:
            raise self._fault(reason, seconds) from None

    async def fetch(self, address: str, limit: int) -> bytes:
        """Download a finished file, again where that may help: it costs nothing. Raises AnswerLost."""
        host = web_host(address)
        if not host:
            raise AnswerLost(f"{self.endpoint.host} gave an address for an image that is no web address.")
        for pause in (*PAUSES, None):
            status, data = await self.download(address, limit)
            if status == 200:
                return data
            if pause is None or not passing(status):
                break
            await asyncio.sleep(pause)
        why = f"HTTP {status}" if status else "the connection broke"
        raise AnswerLost(f"{host} did not hand out the finished image ({why}).")

    def open(self) -> None:
        """Load the HTTP library and make the pool, in the loop that will call."""
        self._session()

    async def close(self) -> None:
        session = self._sessions.pop(asyncio.get_running_loop(), None)
        if session:
            await session.close()

    async def look(self, path: str, limit: int) -> Reply:
        """Ask for something that costs nothing. Raises Unavailable, whatever went wrong, or Halted."""
        import aiohttp

        address, headers = f"{self.endpoint.base}/{path}", self.endpoint.authorization()
        seconds = min(_LOOK, self._timeout)
        try:
            async with self._session().get(
                address, headers=headers, timeout=_limits(seconds), allow_redirects=False
            ) as response:
                return await _whole(response, limit)
        except (aiohttp.ClientError, OSError) as reason:
            fault = self._fault(reason, seconds)
        except AnswerLost as reason:
            raise Unavailable(str(reason)) from None
        if isinstance(fault, AnswerLost):
            raise Unavailable(f"{self.endpoint.host} did not answer when it was asked how far it is.")
        raise fault

    async def download(self, address: str, limit: int) -> tuple[int, bytes]:
        """Status and body; status 0 where no whole answer came."""
        import aiohttp

        ours = urlsplit(address)[:2] == urlsplit(self.endpoint.base)[:2]
        headers = self.endpoint.authorization() if ours else {}
        try:
            async with self._session().get(address, headers=headers, max_redirects=3) as response:
                reply = await _whole(response, limit)
                return reply.status, bytes(reply.body)
        except (aiohttp.ClientError, OSError, ValueError):  # ValueError: names and ports that cannot be
            return 0, b""

    def _session(self) -> aiohttp.ClientSession:
        import aiohttp

        loop = asyncio.get_running_loop()
        if loop not in self._sessions:
            self._sessions[loop] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE),
                timeout=_limits(self._timeout),
                cookie_jar=aiohttp.DummyCookieJar(),
                read_bufsize=1 << 20,  # a megabyte arrives without the socket being paused and resumed
                headers={"User-Agent": "promptsheet", "Accept-Encoding": "identity"},
            )
        return self._sessions[loop]

    def _fault(self, reason: Exception, seconds: float) -> BackendError:
        """What a broken call means. Only what failed before a byte was sent may be made again."""
        import aiohttp

        host = self.endpoint.host
        match reason:
            case aiohttp.ClientConnectorCertificateError():
                return Halted(f"{host} shows a certificate that is not to be trusted{_why_not(reason)}.")
            case aiohttp.ClientConnectorDNSError():
                why = "its name is not found on the network"
            case aiohttp.ClientConnectorSSLError():
                why = "no secure connection comes about"
            case aiohttp.ConnectionTimeoutError():
                why = "it does not take up the connection"
            case aiohttp.ClientConnectorError():
                why = "the connection is refused"
            case TimeoutError():
                return AnswerLost(f"{host} gave no answer within {seconds:g} s; it may have billed the call.")
            case _:
                return AnswerLost(
                    f"{host} broke off before its answer was whole; it may have billed the call."
                )
        return Unavailable(f"{host} cannot be reached: {why}.", reached=False)


def _limits(seconds: float) -> aiohttp.ClientTimeout:
    import aiohttp

    return aiohttp.ClientTimeout(total=seconds, connect=min(_CONNECT, seconds / 2))


def passing(status: int) -> bool:
    """Whether a download that ended so may succeed when it is tried again."""
    return status in _PASSING


def web_host(address: str) -> str | None:
    """The host of an http or https address, None where it is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in {"http", "https"} else None


def _why_not(reason: aiohttp.ClientConnectorCertificateError) -> str:
    words = str(getattr(reason.certificate_error, "verify_message", "")).rstrip(".")
    return f" ({words})" if words else ""


async def _whole(response: aiohttp.ClientResponse, limit: int) -> Reply:
    """The reply with its body; of an error's body the beginning. Raises AnswerLost above `limit` bytes."""
    import aiohttp

    body, failed = bytearray(), response.status >= 300
    try:
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > (_ERROR_BODY if failed else limit):
                break
    except (aiohttp.ClientError, OSError):
        if not failed:
            raise
    if not failed and len(body) > limit:
        raise AnswerLost(f"{response.url.host} sent an answer of more than {limit >> 20} MB; it is not kept.")
    return Reply(response.status, response.headers, body)

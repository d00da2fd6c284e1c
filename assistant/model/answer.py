"""One call to a chat endpoint: the text of its answer piece by piece, how it ended, and what went wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx2

from assistant.model import failures
from assistant.model.bounded import TooMuch, bound, dressed
from assistant.model.braces import LONGEST
from assistant.model.endpoint import Endpoint
from assistant.model.events import Events
from assistant.model.failures import Told
from jobs.errors import ModelAnswerBroken, ModelError, ModelUnknown
from schema.wording import sized

if TYPE_CHECKING:
    import openai
    from openai import AsyncAPIResponse

NO_KEY = "none"
"""The client insists on a key; where there is none, this word stands for it and no header is sent."""
_REST = 0.1
"""Seconds that a stream has to end after it has said that it is done."""
_THOUGHTS = 1 << 18
"""Characters of a model's thoughts that are kept: rows may stand among them, where nothing else came."""
_STOP = {"stop", "end_turn", "eos", "eos_token", "stop_sequence", "complete", "completed", "tool_calls"}
_LENGTH = {"length", "max_tokens", "model_length", "max_output_tokens"}
_FILTER = {
    "content_filter",
    "safety",
    "refusal",
    "recitation",
    "prohibited_content",
    "blocklist",
    "sensitive",
}


@dataclass(frozen=True)
class Limits:
    """What one question may take.

    connect, idle, wall  seconds for the connection, before the first sign of life, and for all of it together
    stall                seconds between two signs of life, once an answer has begun
    answer, object       bytes of an answer, characters of an object in it
    tokens               of an answer where the question does not say how many it takes
    tries, pause         calls where trying again may help; seconds before the second, then twice as many
    patience             the longest wait that a server may ask for
    """

    connect: float = 5.0
    idle: float = 45.0
    stall: float = 20.0
    wall: float = 600.0
    answer: int = 8 << 20
    object: int = LONGEST
    tokens: int = 4_000
    tries: int = 4
    pause: float = 0.5
    patience: float = 60.0


def connect(endpoint: Endpoint, limits: Limits) -> openai.AsyncOpenAI:
    """A client that tries nothing twice, follows no redirect, and shows this endpoint's key or none."""
    import openai

    client = openai.DefaultAsyncHttpxClient(
        follow_redirects=False,
        trust_env=not endpoint.here,  # a proxy of the environment cannot see this machine's own servers
        verify=endpoint.base_url.startswith("https:"),  # certificates take 50 ms to load
        event_hooks={"request": [dressed(endpoint.key)], "response": [bound(limits.answer)]},
    )
    return openai.AsyncOpenAI(
        base_url=endpoint.base_url,
        api_key=endpoint.key or NO_KEY,
        max_retries=0,
        timeout=openai.Timeout(limits.idle, connect=limits.connect),
        http_client=client,
    )


class Stalled(TimeoutError):
    """Nothing more came of an answer that had begun."""


class Answer:
    """An answer as it comes.

    began    whether anything came, be it the model's thoughts
    whole    whether it came in one piece, although it may have been asked for as a stream
    finish   stop, length, filter or another reason; None before the end, and where it never came
    refusal  the model's own words, where it declines in the place that is made for that
    thoughts what it thought aloud beside its answer
    tokens   of the question and the answer together; 0 where the server does not say
    """

    def __init__(self, endpoint: Endpoint, limits: Limits, deadline: float) -> None:
        self.began = False
        self.whole = False
        self.finish: str | None = None
        self.refusal = ""
        self.thoughts = ""
        self.tokens = 0
        self._endpoint, self._limits, self._deadline = endpoint, limits, deadline
        self._response: AsyncAPIResponse[Any] | None = None

    async def ask(self, client: openai.AsyncOpenAI, asked: Mapping[str, Any], *, stream: bool) -> None:
        """Make the call: a chat, or with a `prompt` a text to be gone on with.

        Raises openai.APIStatusError for a refusal, a ModelError for everything else.
        """
        import openai

        patient = openai.Timeout(self._limits.wall, connect=self._limits.connect)
        more = {"stream": True} if stream else {"stream": False, "timeout": patient}
        fault: ModelError | None = None
        try:
            async with asyncio.timeout_at(self._deadline):
                kind: Any = client.completions if "prompt" in asked else client.chat.completions
                call = kind.with_streaming_response.create(**asked, **more)
                self._response = await call.__aenter__()
        except openai.APIStatusError:
            raise
        except (openai.OpenAIError, TimeoutError, TooMuch, ValueError) as reason:
            fault = self._fault(reason)
        if fault:
            raise fault

    async def pieces(self) -> AsyncGenerator[str]:
        """The text, as it comes. Raises a ModelError where it breaks off."""
        fault: ModelError | None = None
        try:
            async with aclosing(self._parts()) as parts:
                begun = await _begun(parts)
                if begun.lstrip()[:1] in (b"{", b"[", b"<", b""):
                    yield self._whole(begun + b"".join([part async for part in parts]))
                    return
                async with aclosing(self._chunks(begun, parts)) as chunks:
                    async for chunk in chunks:
                        if text := self._read(chunk):
                            yield text
        except (httpx2.HTTPError, TimeoutError, TooMuch, ValueError, RecursionError) as reason:
            fault = self._fault(reason)
        finally:
            await self.close()
        if fault:  # here, so that it does not bring the other along, which may hold the key
            raise fault

    async def close(self) -> None:
        response, self._response = self._response, None
        if response is not None:
            await response.close()

    async def _parts(self) -> AsyncGenerator[bytes]:
        """The bytes of the answer as they come."""
        if self._response is None:
            return
        parts = self._response.iter_bytes()
        while True:
            now = asyncio.get_running_loop().time()
            silent = now + (self._limits.stall if self.began else self._limits.wall)
            try:
                async with asyncio.timeout_at(min(self._deadline, silent)):
                    part = await anext(parts, None)
            except TimeoutError:
                if silent < self._deadline:
                    raise Stalled from None
                raise
            if part is None:
                return
            yield part

    async def _chunks(self, begun: bytes, parts: AsyncGenerator[bytes]) -> AsyncGenerator[object]:
        """The events of the stream, each as what its JSON says."""
        events = Events()
        for data in events.feed(begun):
            yield json.loads(data)
        while not events.done:
            part = await anext(parts, None)
            for data in events.finish() if part is None else events.feed(part):
                yield json.loads(data)
            if part is None:
                return
        with suppress(TimeoutError, Stalled):  # the rest is read, so that the connection can be used again
            async with asyncio.timeout(_REST):
                while await anext(parts, None) is not None:
                    pass

    def _read(self, chunk: object) -> str:
        """The text of a chunk; what else it holds is noted. Raises a ModelError where it is an error."""
        self._refuse(chunk)
        self._count(_part(chunk, "usage"))
        choices = _part(chunk, "choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        delta = _part(choice, "delta")
        self._note(choice, delta)
        self.began = self.began or choice is not None
        return _text(_part(delta, "content")) or _text(_part(choice, "text"))

    def _whole(self, body: bytes) -> str:
        """The text of an answer that came in one piece."""
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            answer = None
        if not body.strip():
            return ""  # an event stream without an event, or nothing at all
        self.whole = True
        self._refuse(answer)
        choices = _part(answer, "choices")
        if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
            what = "a web page" if b"<" in body[:200] else "something else"
            raise ModelUnknown(
                f"{self._endpoint.base_url} answers with {what}, and not as a language model does. Check the "
                "address; most end in /v1."
            )
        self.began = True
        message = choices[0].get("message")
        self._count(_part(answer, "usage"))
        self._note(choices[0], message)
        return _text(_part(message, "content")) or _text(_part(choices[0], "text"))

    def _refuse(self, answer: object) -> None:
        """Raises a ModelError where an answer, or an event of it, is an error; be it in a list."""
        inner = answer[0] if isinstance(answer, list) and answer else answer
        if _part(inner, "error"):
            told = Told.read(inner)
            raise failures.of_status(self._endpoint, told.status or 200, told)

    def _count(self, usage: object) -> None:
        total = _part(usage, "total_tokens")
        self.tokens = max(self.tokens, total) if isinstance(total, int) else self.tokens

    def _note(self, choice: object, message: object) -> None:
        reason, refusal = _part(choice, "finish_reason"), _part(message, "refusal")
        if isinstance(reason, str) and reason:
            self.finish = _reason(reason)
        if isinstance(refusal, str):
            self.refusal += refusal
        thought = _text(_part(message, "reasoning_content")) or _text(_part(message, "reasoning"))
        if thought and len(self.thoughts) < _THOUGHTS:
            self.thoughts += thought

    def _fault(self, reason: Exception) -> ModelError:
        import openai

        host = self._endpoint.host
        match reason.__cause__ if isinstance(reason, openai.APIConnectionError) else reason:
            case Stalled():
                return failures.silent(self._endpoint, self._limits.stall, began=True)
            case httpx2.ReadTimeout() | httpx2.WriteTimeout():
                return failures.silent(self._endpoint, self._limits.idle, began=self.began)
            case httpx2.TransportError():
                return failures.of_connection(self._endpoint, reason)
            case TimeoutError():
                return ModelAnswerBroken(
                    f"{host} was not done after {self._limits.wall:g} s. Ask for fewer rows, or take a "
                    "faster model."
                )
            case TooMuch():
                return ModelAnswerBroken(
                    f"{host} sent more than {sized(self._limits.answer)} in one answer; the rest is not read."
                )
            case UnicodeDecodeError():
                return ModelAnswerBroken(f"{host} sent bytes that are no text (not UTF-8) in its answer.")
        return ModelAnswerBroken(
            f"{host} sent an answer that is not of the protocol, and so could not be read on."
        )


async def _begun(parts: AsyncGenerator[bytes]) -> bytes:
    """The first bytes of an answer that say what it is; its content type is not asked, for many lie."""
    begun = b""
    async for part in parts:
        begun += part
        if begun.lstrip():
            break
    return begun


def _part(value: object, name: str) -> Any:
    """A part of an answer; None where there is none. Servers leave out and add what they like."""
    return value.get(name) if isinstance(value, dict) else None


def _text(content: object) -> str:
    """The text of a message: a text, or the texts among its parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(text for part in parts if isinstance(text := _part(part, "text"), str))


def _reason(word: str) -> str:
    word = word.lower()
    known = (("stop", _STOP), ("length", _LENGTH), ("filter", _FILTER))
    return next((name for name, words in known if word in words), word)

"""The stand-in for a chat endpoint: it takes calls, writes answers, counts, and does wrong on request."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from aiohttp import web

from tests.fakes import chat_faults as faults
from tests.fakes.chat_lines import Stream, Whole
from tests.fakes.chat_protocol import Complaint, Wanted, check
from tests.fakes.chat_shapes import SHAPES
from tests.fakes.chat_words import Manner, Writer, kind_of

KEY = "sk-stand-in-b81d04c6f2"

PERSONAS: dict[str, dict[str, Any]] = {
    "openai": {},
    "reasoning": {"refuses": ["max_tokens", "temperature"]},
    "no-formats": {"refuses": ["response_format"], "shape": "lines"},
    "json-only": {"refuses": ["json_schema"]},
    "no-strict": {"refuses": ["strict"]},
    "deaf": {"ignores": ["response_format"], "shape": "fence"},
    "lm-studio": {"refuses": ["json_object", "max_completion_tokens"]},
    "ollama": {"ignores": ["max_tokens"], "most_tokens": 700},
    "old": {"refuses": ["system", "stream_options", "response_format"], "shape": "prose"},
    "unstreamed": {"ignores": ["stream"]},
    "tiny": {"shape": "loop", "ignores": ["response_format"]},
}
"""Servers by their manners. `Behaviour(persona="deaf", shape="csv")`: what is given goes before these."""


@dataclass
class Behaviour:
    """How the endpoint is to behave; every field can be set by POST /behave.

    persona   one of PERSONAS, which fills the next three where they are not given
    refuses   parameters that get a 400 or 422: temperature, max_tokens, max_completion_tokens,
              stream_options, response_format, json_schema, json_object, strict, system
    ignores   parameters that are taken and not heeded: response_format, stream, max_tokens
    shape     one of SHAPES (chat_shapes.py), in which it answers where no schema holds it
    key       what calls must show; empty: nothing may be shown
    models    names it has; none: it has any model and lists none (404)
    latency   seconds before the first chunk; pace: seconds for each row after it
    piece     characters a chunk of the stream brings
    usage     whether tokens are told; reads: tokens of a question that it reads, None: all
    most_tokens  of an answer, after which it is cut (finish_reason length); None: no limit
    quota     calls until the account is empty; None: never
    places    calls at once, more get 429; 0: any number
    retry_after  seconds told with a 429 or 503
    seed, repeat, wrong, wrong_every, stubborn, extra: what the rows are like (each `repeat`-th row is the one
              before once more; each `wrong_every`-th has the cells `wrong`; mending gives the same again if
              `stubborn`; `extra` rows more than asked for, or fewer)
    title_every, long_every: each so-many-th row has the first row's title, or is thrice as long
    plan      the entries of each plan, None: believable ones
    says      operations by a part of the request that they answer
    context   tokens that it takes in, and slots for calls at once, told where llama.cpp tells them (/props);
              None: that is no path here
    faults    fault by fragment of the messages; script: faults of the next calls in turn, "" for none
    """

    persona: str = "openai"
    refuses: list[str] | None = None
    ignores: list[str] | None = None
    shape: str | None = None
    key: str = KEY
    models: list[str] = field(default_factory=lambda: ["chat-large", "chat-small"])
    latency: float = 0.0
    pace: float = 0.0
    piece: int = 23
    usage: bool = True
    reads: int | None = None
    most_tokens: int | None = None
    quota: int | None = None
    places: int = 0
    retry_after: str = "1"
    seed: int = 0
    repeat: int = 0
    wrong: dict[str, Any] | None = None
    wrong_every: int = 3
    stubborn: bool = False
    extra: int = 0
    title_every: int = 0
    long_every: int = 0
    plan: list[Any] | None = None
    says: dict[str, list[dict[str, Any]]] | None = None
    context: int | None = None
    slots: int = 4
    faults: dict[str, str] = field(default_factory=dict)
    script: list[str] = field(default_factory=list)

    def manner(self, name: str, default: Any) -> Any:
        """What was given for a field that the persona fills, else what the persona has, else the default."""
        given = getattr(self, name)
        return PERSONAS[self.persona].get(name, default) if given is None else given


@dataclass
class Counts:
    """What has happened since the last POST /reset. `kinds`: calls answered by what they asked for."""

    calls: int = 0
    answered: int = 0
    refused: int = 0
    throttled: int = 0
    read: int = 0
    written: int = 0
    rows: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    listed: int = 0
    kinds: dict[str, int] = field(default_factory=dict)

    @property
    def tokens(self) -> int:
        """Both those that it read and those that it wrote."""
        return self.read + self.written


class Endpoint:
    """The endpoint's state and its handlers."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = replace(behaviour)
        self._at_start = behaviour
        self._new()

    def _new(self) -> None:
        self.counts = Counts()
        self._requests: deque[dict[str, Any]] = deque(maxlen=500)
        self._sent: list[tuple[float, str]] = []
        self._marked: dict[str, int] = {}
        self._writer = Writer()

    def app(self) -> web.Application:
        app = web.Application(client_max_size=8 << 20)
        app.add_routes(
            [
                web.post("/v1/chat/completions", self.complete),
                web.post("/v1/completions", self.go_on),
                web.get("/v1/models", self.models),
                web.get("/props", self.props),
                web.get("/counts", self.show),
                web.get("/requests", self.requests),
                web.get("/sent", self.sent),
                web.post("/behave", self.behave),
                web.post("/reset", self.reset),
            ]
        )
        return app

    async def show(self, request: web.Request) -> web.Response:
        return web.json_response(asdict(self.counts))

    async def requests(self, request: web.Request) -> web.Response:
        return web.json_response(list(self._requests))

    async def sent(self, request: web.Request) -> web.Response:
        return web.json_response(self._sent)

    async def behave(self, request: web.Request) -> web.Response:
        known = {item.name for item in fields(Behaviour)}
        for name, value in (await request.json()).items():
            if name not in known:
                return web.Response(status=400, text=f"There is no {name}; there are {sorted(known)}.")
            setattr(self.behaviour, name, value)
        return web.Response()

    async def reset(self, request: web.Request) -> web.Response:
        in_flight = self.counts.in_flight
        self._new()
        self.counts.in_flight = in_flight
        self.behaviour = replace(self._at_start)
        return web.Response()

    async def models(self, request: web.Request) -> web.Response:
        self.counts.listed += 1
        if not self._may(request):
            return _json(faults.failed("Incorrect API key provided.", "invalid_api_key"), 401)
        if not self.behaviour.models:
            return _json({"detail": "Not Found"}, 404)
        entries = [
            {"id": name, "object": "model", "created": 0, "owned_by": "us"} for name in self.behaviour.models
        ]
        return _json({"object": "list", "data": entries})

    async def props(self, request: web.Request) -> web.Response:
        if self.behaviour.context is None:
            return _json({"detail": "Not Found"}, 404)
        settings = {"n_ctx": self.behaviour.context}
        return _json({"default_generation_settings": settings, "total_slots": self.behaviour.slots})

    async def go_on(self, request: web.Request) -> web.StreamResponse:
        """A list that is gone on with, by a model that keeps to no shape; other servers have no such path."""
        if self.behaviour.persona != "tiny":
            return self._refuse(404, {"detail": "Not Found"})
        self.counts.calls += 1
        call = await request.json()
        self._requests.append({"authorization": None, "headers": dict(request.headers), "body": call})
        most = call["max_tokens"] * 4
        text = "\n".join(self._writer.lines(call["prompt"], 60, self._manner))[:most] + "\n"
        self.counts.answered += 1
        self.counts.kinds["lines"] = self.counts.kinds.get("lines", 0) + 1
        self.counts.read += len(call["prompt"]) // 4
        self.counts.written += len(text) // 4
        choice = {"index": 0, "text": text[text.index(" ") :], "finish_reason": "length"}
        return _json({"object": "text_completion", "model": call["model"], "choices": [choice]})

    async def complete(self, request: web.Request) -> web.StreamResponse:
        self.counts.calls += 1
        if not self._may(request):
            return self._refuse(401, faults.failed("Incorrect API key provided.", "invalid_api_key"))
        try:
            call = await request.json()
            shown = request.headers.get("Authorization")
            self._requests.append({"authorization": shown, "headers": dict(request.headers), "body": call})
            models = self.behaviour.models or [call.get("model")]
            wanted = check(call, models, self.behaviour.manner("refuses", ()))
        except Complaint as complaint:
            return self._refuse(complaint.status, complaint.body)
        except ValueError:
            return self._refuse(400, faults.failed("This is not JSON.", "invalid_json"))
        fault = self._fault(wanted.text)
        return self._refusal(fault) or await self._answered(fault, request, wanted)

    def _may(self, request: web.Request) -> bool:
        key = self.behaviour.key
        return request.headers.get("Authorization") == (f"Bearer {key}" if key else None)

    def _fault(self, text: str) -> str:
        if self.behaviour.script:
            return str(self.behaviour.script.pop(0))
        if marked := faults.MARKER.search(text):
            times = self._marked[marked[0]] = self._marked.get(marked[0], 0) + 1
            return marked[1] if times <= int(marked[2] or 1_000_000) else ""
        return next((fault for part, fault in self.behaviour.faults.items() if part in text), "")

    def _refuse(self, status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
        self.counts.refused += 1
        if isinstance(body, str):
            return web.Response(status=status, text=body, content_type="text/html", headers=headers)
        return web.json_response(body, status=status, headers=headers)

    def _refusal(self, fault: str) -> web.Response | None:
        """The answer to a call that is not taken; None for one that is."""
        counts, allowed = self.counts, self.behaviour
        if fault == "echo-key":
            words = f"Incorrect API key provided: {allowed.key}. Authorization: Bearer {allowed.key}"
            return self._refuse(401, faults.failed(words, "invalid_api_key"))
        if allowed.quota is not None and counts.answered >= allowed.quota:
            fault = "no-quota"
        if allowed.places and counts.in_flight >= allowed.places:
            counts.throttled += 1
            fault = "throttle"
        if fault in faults.REFUSALS:
            found = faults.REFUSALS[fault](allowed.retry_after)
            return self._refuse(found.status, found.body, found.headers)
        return None

    async def _answered(self, fault: str, request: web.Request, wanted: Wanted) -> web.StreamResponse:
        counts = self.counts
        counts.answered += 1
        counts.in_flight += 1
        counts.most_in_flight = max(counts.most_in_flight, counts.in_flight)
        try:
            await asyncio.sleep(self.behaviour.latency)
            if fault == "never":
                await faults.hang(request)
            elif fault == "reset-before":
                faults.cut_off(request)
            else:
                return await self._answer(fault, request, wanted)
            return web.Response()
        except ConnectionError:  # the caller has left
            return web.Response()
        finally:
            self.counts.in_flight -= 1  # others than those above, where they were reset meanwhile

    async def _answer(self, fault: str, request: web.Request, wanted: Wanted) -> web.StreamResponse:
        text, ends = self._text(wanted)
        ignores, step = self.behaviour.manner("ignores", ()), self.behaviour.piece
        limits = (
            self.behaviour.manner("most_tokens", None),
            None if "max_tokens" in ignores else wanted.limit,
        )
        most = min((limit * 4 for limit in limits if limit), default=len(text))
        kept = text[:most]
        tokens = min(len(wanted.text) // 4, self.behaviour.reads or 1 << 30), len(kept) // 4
        self.counts.read += tokens[0]
        self.counts.written += tokens[1]
        kind = Stream if wanted.stream and "stream" not in ignores else Whole
        line = kind(request, wanted, tokens if self.behaviour.usage else None)
        await line.begin("application/json" if fault == "other-type" else "text/event-stream; charset=utf-8")
        pieces = [kept[at : at + step] for at in range(0, len(kept), step)]
        if fault in faults.STREAMS:
            await faults.STREAMS[fault](line, pieces)
            return await line.end()
        await self._write(line, pieces, ends)
        await line.finish("length" if most < len(text) else "stop")
        await line.done()
        return await line.end()

    async def _write(self, line: Stream | Whole, pieces: list[str], ends: list[tuple[int, str]]) -> None:
        """The pieces in order; each row's own time is noted once its closing brace has left."""
        position, left = 0, deque(ends)
        pause = self.behaviour.pace * len(ends) / max(1, len(pieces))
        for piece in pieces:
            if pause:
                await asyncio.sleep(pause)
            await line.piece(piece)
            position += len(piece)
            while left and left[0][0] <= position:
                self._sent.append((time.time(), left.popleft()[1]))

    @property
    def _manner(self) -> Manner:
        return Manner(**{item.name: getattr(self.behaviour, item.name) for item in fields(Manner)})

    def _text(self, wanted: Wanted) -> tuple[str, list[tuple[int, str]]]:
        """The whole answer, and where each row of it ends, with its prompt."""
        key, item = _shape(wanted)
        kind, allowed = kind_of(item), self.behaviour
        self.counts.kinds[kind] = self.counts.kinds.get(kind, 0) + 1
        rows = list(self._writer.objects(kind, wanted.text, item, self._manner))
        self.counts.rows += len(rows)
        held = wanted.form != "text" and "response_format" not in allowed.manner("ignores", ())
        shape = "object" if held else allowed.manner("shape", "object")
        if shape == "object" and self.counts.answered % 2:
            shape = "escaped"
        text, ends, at = SHAPES[shape](key, rows), [], 0
        for row in rows:
            at = text.find("}", at) + 1 or len(text)
            ends.append((at, str(row.get("prompt") or "")))
        return text, ends


def _shape(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """The list's key and the shape of its items: of the schema sent, else of the one in the messages."""
    spec = wanted.schema or _schema_in(wanted.text)
    for key, part in spec.get("properties", {}).items():
        if part.get("type") == "array" and part.get("items", {}).get("type") == "object":
            return key, part["items"]
    return "rows", spec


def _schema_in(text: str) -> dict[str, Any]:
    """The last JSON Schema of an object that stands in a text; one of a prompt where there is none."""
    begin = [found.start() for found in re.finditer(r'\{"type": ?"object"', text)]
    for at in begin:  # the first is the outermost
        found: dict[str, Any] = json.JSONDecoder().raw_decode(text, at)[0]
        return found
    return {"type": "object", "properties": {"prompt": {"type": "string"}}}


def _json(value: Any, status: int = 200) -> web.Response:
    return web.json_response(value, status=status)

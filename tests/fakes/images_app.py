"""The stand-in for an images endpoint: it takes calls, counts what it bills, and does wrong on request."""

from __future__ import annotations

import asyncio
import base64
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache

from aiohttp import web

from tests.fakes import images_faults as faults
from tests.fakes import pictures
from tests.fakes.images_protocol import Complaint, Wanted, check

KEY = "sk-stand-in-5f2c9a7e41"


@dataclass
class Behaviour:
    """How the endpoint is to behave; every field can be set by POST /behave.

    key      what calls must show; empty: nothing
    latency  seconds one call takes, give or take the fraction `jitter`, by `seed`
    places   images it really makes at once, more get 429; 0: any number
    quota    images until the account is empty; None: never
    weight   bytes of one image, about; 0: as few as it can have
    faults   fault by fragment of the prompt
    script   faults of the next calls in turn, "" for none
    """

    key: str = KEY
    latency: float = 0.0
    jitter: float = 0.0
    seed: int = 0
    places: int = 0
    quota: int | None = None
    weight: int = 0
    faults: dict[str, str] = field(default_factory=dict)
    script: list[str] = field(default_factory=list)


@dataclass
class Counts:
    """What has happened since the last POST /reset. Calls are billed when their images are finished."""

    calls: int = 0
    accepted: int = 0
    throttled: int = 0
    billed: int = 0
    images: int = 0
    connections: int = 0
    downloads: int = 0
    downloads_with_key: int = 0
    in_flight_calls: int = 0
    in_flight_images: int = 0
    most_calls: int = 0
    most_images: int = 0
    calls_by_prompt: dict[str, int] = field(default_factory=dict)
    billed_by_prompt: dict[str, int] = field(default_factory=dict)
    billed_by_attempt: dict[str, int] = field(default_factory=dict)


class Endpoint:
    """The endpoint's state and its handlers."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = replace(behaviour)
        self.counts = Counts()
        self._at_start = behaviour
        self._callers: set[object] = set()
        self._random = random.Random(behaviour.seed)
        self._files: dict[str, tuple[str, bytes]] = {}
        self._tries: dict[str, int] = {}

    def app(self) -> web.Application:
        app = web.Application(client_max_size=1 << 20)
        app.add_routes(
            [
                web.post("/v1/images/generations", self.generate),
                web.get("/files/{name}", self.download),
                web.get("/counts", self.show),
                web.post("/behave", self.behave),
                web.post("/reset", self.reset),
            ]
        )
        return app

    async def show(self, request: web.Request) -> web.Response:
        return web.json_response(asdict(self.counts))

    async def behave(self, request: web.Request) -> web.Response:
        known = {item.name for item in fields(Behaviour)}
        for name, value in (await request.json()).items():
            if name not in known:
                return web.Response(status=400, text=f"There is no {name}; there are {sorted(known)}.")
            setattr(self.behaviour, name, value)
        self._random.seed(self.behaviour.seed)
        return web.Response()

    async def reset(self, request: web.Request) -> web.Response:
        calls, images = self.counts.in_flight_calls, self.counts.in_flight_images
        self.counts = Counts(in_flight_calls=calls, in_flight_images=images)
        self.behaviour = replace(self._at_start)
        self._callers.clear()
        return web.Response()

    async def generate(self, request: web.Request) -> web.StreamResponse:
        self.counts.calls += 1
        self._callers.add(request.transport and request.transport.get_extra_info("peername"))
        self.counts.connections = len(self._callers)
        if request.headers.get("Authorization") != self._authorization():
            return web.json_response(
                faults.failed("Incorrect API key provided.", "invalid_api_key"), status=401
            )
        try:
            wanted = check(await request.json())
        except Complaint as complaint:
            return web.json_response({"error": complaint.error}, status=complaint.status)
        except ValueError:
            return web.json_response(faults.failed("This is not JSON.", "invalid_json"), status=400)
        fault = self._fault(wanted.prompt)
        _count(self.counts.calls_by_prompt, wanted.prompt)
        return self._refusal(fault, request, wanted) or await self._make(fault, request, wanted)

    async def download(self, request: web.Request) -> web.Response:
        self.counts.downloads += 1
        self.counts.downloads_with_key += "Authorization" in request.headers
        kind, image = self._files[request.match_info["name"]]
        tries = _count(self._tries, request.match_info["name"])
        if kind == "expired":
            return web.Response(status=403, text="This link has expired.")
        if kind == "flaky" and tries < 3:
            return web.Response(status=503)
        return web.Response(body=image, content_type="image/png")

    def _authorization(self) -> str | None:
        """What a call must show; where no key is needed, it must show none."""
        return f"Bearer {self.behaviour.key}" if self.behaviour.key else None

    def _fault(self, prompt: str) -> str:
        if self.behaviour.script:
            return self.behaviour.script.pop(0)
        marked = faults.MARKER.search(prompt)
        if marked and self.counts.calls_by_prompt.get(prompt, 0) < int(marked[2] or 1_000_000):
            return marked[1]
        return next((fault for part, fault in self.behaviour.faults.items() if part in prompt), "")

    def _refusal(self, fault: str, request: web.Request, wanted: Wanted) -> web.Response | None:
        """The answer to a call that is not taken; None for one that is."""
        counts, allowed = self.counts, self.behaviour
        if fault == "echo-key":
            words = f"Incorrect API key provided: {allowed.key}."
            return web.json_response(faults.failed(words, "invalid_api_key"), status=401)
        if fault in faults.REFUSALS:
            return _answer(faults.REFUSALS[fault]())
        if (
            allowed.quota is not None
            and counts.images + counts.in_flight_images + wanted.images > allowed.quota
        ):
            return _answer(faults.REFUSALS["no-quota"]())
        if allowed.places and counts.in_flight_images + wanted.images > allowed.places:
            counts.throttled += 1
            return _answer(faults.REFUSALS["throttle"]())
        return None

    async def _make(self, fault: str, request: web.Request, wanted: Wanted) -> web.StreamResponse:
        """Take the call: wait, bill, answer. Like a provider it goes on when the caller has left."""
        counts, images = self.counts, wanted.images
        counts.accepted += 1
        counts.in_flight_calls += 1
        counts.in_flight_images += images
        counts.most_calls = max(counts.most_calls, counts.in_flight_calls)
        counts.most_images = max(counts.most_images, counts.in_flight_images)
        try:
            spread = self._random.uniform(-1, 1) * self.behaviour.jitter
            await asyncio.sleep(self.behaviour.latency * (1 + spread))
            if fault == "reset-before":
                return await faults.reset(request)
            self._bill(request, wanted)
            if fault:
                finished = faults.Finished(request, wanted, self.behaviour.weight, self._link(request))
                return await faults.spoiled(fault, finished)
            return self._answer(request, wanted)
        finally:
            self.counts.in_flight_calls -= 1
            self.counts.in_flight_images -= images

    def _bill(self, request: web.Request, wanted: Wanted) -> None:
        self.counts.billed += 1
        self.counts.images += wanted.images
        _count(self.counts.billed_by_prompt, wanted.prompt)
        _count(self.counts.billed_by_attempt, request.headers.get("X-Client-Request-Id", ""))

    def _answer(self, request: web.Request, wanted: Wanted) -> web.Response:
        if wanted.as_base64:
            body = _body(*wanted.size, wanted.images, self.behaviour.weight)
            return web.Response(body=body, content_type="application/json")
        link = self._link(request)
        image = pictures.png(*wanted.size, self.behaviour.weight)
        entries = [{"url": link("whole", image)} for _ in range(wanted.images)]
        return web.json_response({"created": 0, "data": entries})

    def _link(self, request: web.Request) -> Callable[[str, bytes], str]:
        def link(kind: str, image: bytes) -> str:
            name = f"{len(self._files)}.png"
            self._files[name] = (kind, image)
            host = f"localhost:{request.url.port}" if kind == "elsewhere" else request.host
            return f"{request.scheme}://{host}/files/{name}"

        return link


@cache
def _body(width: int, height: int, images: int, weight: int) -> bytes:
    """A whole answer, made once for each size: the stand-in must cost less than what it measures."""
    entry = b'{"b64_json": "' + base64.b64encode(pictures.png(width, height, weight)) + b'"}'
    return b'{"created": 0, "data": [' + b", ".join([entry] * images) + b"]}"


def _answer(refusal: faults.Refusal) -> web.Response:
    if isinstance(refusal.body, str):
        return web.Response(
            status=refusal.status, text=refusal.body, content_type="text/html", headers=refusal.headers
        )
    return web.json_response(refusal.body, status=refusal.status, headers=refusal.headers)


def _count(table: dict[str, int], key: str) -> int:
    table[key] = table.get(key, 0) + 1
    return table[key]

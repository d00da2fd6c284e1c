"""The stand-in for Ideogram's API: v2 with its generations, the older /generate, and the bill."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field, fields
from typing import Any

from aiohttp import web

from tests.fakes import ideogram_faults as faults
from tests.fakes import pictures
from tests.fakes.ideogram_protocol import Complaint, Wanted, check_legacy, check_v2
from tests.fakes.stand_in import steering

KEY = "ideogram-stand-in-5f2c9a7e41"


@dataclass
class Behaviour:
    """How the service is to behave; every field can be set by POST /behave.

    latency  seconds a generation takes, give or take the fraction `jitter`, by `seed`
    accept   seconds until a call is answered with its generation's id
    places   images it really makes at once, more get 429; 0: any number
    limit    what it says of that in a 429
    funds    thousandths of a credit that are left; None: any amount
    life     seconds for which a link holds
    qualifier  of a price quote: exact, or estimate with what it may come to; anything else is no quote
    quoting  seconds until a price is told
    weight   bytes of one image, about; 0: as few as it can have
    script   faults of the next calls in turn, "" for none
    """

    key: str = KEY
    latency: float = 0.0
    jitter: float = 0.0
    seed: int = 0
    accept: float = 0.0
    places: int = 0
    limit: int | None = None
    funds: int | None = None
    life: float = 86_400.0
    qualifier: str = "exact"
    quoting: float = 0.0
    weight: int = 0
    script: list[str] = field(default_factory=list)


@dataclass
class Counts:
    """What has happened since the last POST /reset. `credits` in thousandths."""

    calls: int = 0
    accepted: int = 0
    throttled: int = 0
    billed: int = 0
    images: int = 0
    credits: int = 0
    questions: int = 0
    downloads: int = 0
    quotes: int = 0
    quoted: list[dict[str, Any]] = field(default_factory=list)
    in_flight_images: int = 0
    most_images: int = 0
    asked: list[dict[str, Any]] = field(default_factory=list)
    calls_by_prompt: dict[str, int] = field(default_factory=dict)
    billed_by_prompt: dict[str, int] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


@dataclass
class Generation:
    """One order on its way, or done: then `data` is what it made."""

    id: str
    wanted: Wanted
    origin: str
    status: str = "pending"
    data: list[dict[str, Any]] = field(default_factory=list)


class Service:
    """The state and the handlers. What was ordered goes on when the caller has left, as at a provider."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour, self._at_start = behaviour, dict(vars(behaviour))
        self.counts = Counts()
        self._random = random.Random(behaviour.seed)
        self._faults = faults.Faults()
        self._generations: dict[str, Generation] = {}
        self._files: dict[str, tuple[str, bytes, float]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def app(self) -> web.Application:
        app = web.Application(client_max_size=1 << 20)
        app.add_routes(
            [
                web.post("/v2/image/generate/{model}", self.generate),
                web.post("/generate", self.legacy),
                web.get("/v2/generations/{id}", self.question),
                web.get("/api/images/ephemeral/{name}", self.download),
                *steering(lambda: self.counts, self.behaviour, self.reset),
            ]
        )
        return app

    def reset(self) -> None:
        self.counts = Counts(in_flight_images=self.counts.in_flight_images)
        self._faults = faults.Faults()
        for item in fields(Behaviour):
            value = self._at_start[item.name]
            setattr(self.behaviour, item.name, list(value) if isinstance(value, list) else value)

    async def generate(self, request: web.Request) -> web.StreamResponse:
        return await self._take(request, request.match_info["model"])

    async def legacy(self, request: web.Request) -> web.StreamResponse:
        return await self._take(request, None)

    async def question(self, request: web.Request) -> web.StreamResponse:
        self.counts.questions += 1
        if not self._known(request):
            return faults.REFUSALS["no-key"]()
        found = self._generations.get(request.match_info["id"])
        if found is None:
            return web.json_response({"error": "Generation not found."}, status=404)
        fault = self._faults.due(found.wanted.prompt, "question", faults.WHILE_ASKED)
        if fault == "poll-reset" and request.transport:
            request.transport.abort()
        return self._told(found, fault)

    async def download(self, request: web.Request) -> web.Response:
        self.counts.downloads += 1
        prompt, image, ends = self._files[request.match_info["name"]]
        first = request.match_info["name"].endswith("_0.png")
        fault = self._faults.due(prompt, f"download {request.match_info['name']}", faults.AT_DOWNLOAD)
        if time.time() > ends or fault == "expired-url" or (fault == "one-expired" and first):
            return web.Response(status=403, text="Request has expired")
        return _spoiled(fault, image, first)

    def _known(self, request: web.Request) -> bool:
        return request.headers.get("Api-Key") == self.behaviour.key and "Authorization" not in request.headers

    async def _take(self, request: web.Request, model: str | None) -> web.StreamResponse:
        dry = request.query.get("dry_run") == "true"
        self.counts.calls += not dry
        if not self._known(request):
            return faults.REFUSALS["no-key"]()
        try:
            wanted = await _read(request, model)
        except (Complaint, ValueError) as complaint:
            self.counts.complaints.append(str(complaint))
            return web.json_response({"error": str(complaint)}, status=400)
        if dry:
            return await self._quote(wanted)
        prompt = wanted.prompt
        self.counts.asked.append(dict(wanted.asked))
        self.counts.calls_by_prompt[prompt] = self.counts.calls_by_prompt.get(prompt, 0) + 1
        fault = self.behaviour.script.pop(0) if self.behaviour.script else self._faults.due(prompt, "call")
        return self._refused(fault, request, wanted) or await self._make(fault, request, wanted)

    async def _quote(self, wanted: Wanted) -> web.Response:
        self.counts.quotes += 1
        self.counts.quoted.append(dict(wanted.asked))
        await asyncio.sleep(self.behaviour.quoting)
        told = {
            "object": "price_quote",
            "billing_identifier": f"ideogram_{wanted.product}_generate",
            "quantity": wanted.images,
            "usd_micros": wanted.price * 10,
            "credit_millis": wanted.price,
            "qualifier": self.behaviour.qualifier,
        }
        bound = {"upper_bound_usd_micros": wanted.price * 20}
        match self.behaviour.qualifier:
            case "exact":
                return web.json_response(told)
            case "estimate":
                return web.json_response(told | bound)
        return web.json_response({"object": "something_else"})

    def _refused(self, fault: str, request: web.Request, wanted: Wanted) -> web.Response | None:
        """The answer to a call that is not taken; None for one that is."""
        counts, allowed = self.counts, self.behaviour
        if fault == "reset-before" and request.transport:
            request.transport.abort()
            return web.Response()
        if fault == "echo-key":
            return web.json_response({"error": f"Invalid API key {allowed.key}."}, status=401)
        if fault in faults.REFUSALS:
            return faults.REFUSALS[fault]()
        if allowed.funds is not None and counts.credits + self._on_the_way() + wanted.price > allowed.funds:
            return faults.REFUSALS["funds"]()
        if allowed.places and counts.in_flight_images + wanted.images > allowed.places:
            counts.throttled += 1
            said = {} if allowed.limit is None else {"max_inflight_requests": allowed.limit}
            body = {"error": "Too many images in progress.", **faults.OVER_LIMIT, **said}
            return web.json_response(body, status=429)
        return None

    def _on_the_way(self) -> int:
        return sum(one.wanted.price for one in self._generations.values() if one.status == "pending")

    async def _make(self, fault: str, request: web.Request, wanted: Wanted) -> web.StreamResponse:
        """Take the call; the generation is a task of its own."""
        self.counts.accepted += 1
        self.counts.in_flight_images += wanted.images
        self.counts.most_images = max(self.counts.most_images, self.counts.in_flight_images)
        made = Generation(f"gen_{len(self._generations):06}-", wanted, f"{request.scheme}://{request.host}")
        self._generations[made.id] = made
        task = asyncio.create_task(self._run(made))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.sleep(self.behaviour.accept)
        if fault in faults.ACCEPTED:
            return await self._accepted_badly(fault, request, made)
        if wanted.later:
            return web.json_response({"generation_id": made.id, "seed": 7})
        await asyncio.shield(task)
        if made.status == "failed":
            return faults.REFUSALS["server-error"]()
        return web.json_response({"created": "2026-11-23T00:00:00Z", "data": made.data})

    async def _run(self, made: Generation) -> None:
        wanted = made.wanted
        spread = self._random.uniform(-1, 1) * self.behaviour.jitter
        await asyncio.sleep(self.behaviour.latency * (1 + spread))
        self.counts.in_flight_images -= wanted.images
        fault = self._faults.due(wanted.prompt, "made", (*faults.WHILE_ASKED, *faults.IN_DATA))
        if fault == "gen-stuck":
            return
        if fault in {"gen-failed", "gen-unsafe"}:
            made.status = "failed"
            return
        made.data = self._data(made, fault)
        made.status = "completed"
        self.counts.billed += 1
        self.counts.images += wanted.images
        self.counts.credits += wanted.price
        bills = self.counts.billed_by_prompt
        bills[wanted.prompt] = bills.get(wanted.prompt, 0) + 1

    def _told(self, found: Generation, fault: str) -> web.Response:
        """The answer to the question how far a generation is."""
        head = {"generation_id": found.id, "status": found.status, "created": "2026-11-23T00:00:00Z"}
        match fault:
            case "gen-forgotten":
                return web.json_response({"error": "Generation not found."}, status=404)
            case "poll-refused":
                return faults.REFUSALS["no-key"]()
            case "poll-down":
                return faults.REFUSALS["overloaded"]()
            case "poll-throttle":
                return web.json_response({"error": "Slow down."}, status=429, headers={"Retry-After": "0.05"})
            case "poll-html":
                return web.Response(text="<html>login</html>", content_type="text/html")
        if found.status == "failed":
            unsafe = "fault:gen-unsafe" in found.wanted.prompt
            head["failure_reason"] = "Image failed the safety check." if unsafe else "The model gave up."
        if found.status == "completed":
            return web.json_response({**head, "response_type": "url", "data": found.data, "notice": "New."})
        return web.json_response(head)

    async def _accepted_badly(self, fault: str, request: web.Request, made: Generation) -> web.StreamResponse:
        if fault == "hang":
            while request.transport is not None:  # noqa: ASYNC110 (nothing else tells that the caller has left)
                await asyncio.sleep(0.02)
        if fault == "reset-after" and request.transport:
            request.transport.abort()
        if fault == "at-once":
            while made.status == "pending":  # noqa: ASYNC110 (the task is not ours to wait for)
                await asyncio.sleep(0.01)
            return web.json_response({"generation_id": made.id, "seed": 7, "data": made.data})
        text = {"html": "<!doctype html>", "broken-json": '{"generation_id": ', "no-id": "{}"}.get(fault, "")
        return web.Response(text=text, content_type="application/json")

    def _data(self, made: Generation, fault: str) -> list[dict[str, Any]]:
        count = made.wanted.images + {"fewer": -1, "more": 1}.get(fault, 0)
        return [self._entry(made, place, fault) for place in range(count)]

    def _entry(self, made: Generation, place: int, fault: str) -> dict[str, Any]:
        wanted = made.wanted
        width, height = (640, 480) if fault == "wrong-size" else wanted.size
        withheld = fault == "withheld" or (fault == "one-withheld" and place == 0)
        prompt = wanted.prompt if wanted.magic == "off" else f"{wanted.prompt}, rich in detail"
        return {
            "object_type": "image.generation",
            "asset_id": f"{made.id}{place}",
            "url": None if withheld else self._link(made, place, fault, (width, height)),
            "prompt": "Quite another prompt" if fault == "reworded" else prompt,
            "resolution": f"{width}x{height}",
            "seed": (1000 if wanted.seed is None else wanted.seed) + place,
            "is_image_safe": not withheld,
        }

    def _link(self, made: Generation, place: int, fault: str, size: tuple[int, int]) -> str:
        if fault == "odd-url":
            return "http://[oops/1.png"
        if fault == "file-url":
            return "file:///etc/hostname"
        image = pictures.png(*size, self.behaviour.weight)
        if fault in {"jpeg", "webp"}:
            image = pictures.converted(*size, fault.upper())
        name, ends = f"{made.id}_{place}.png", time.time() + self.behaviour.life
        self._files[name] = (made.wanted.prompt, image, ends)
        return f"{made.origin}/api/images/ephemeral/{name}?exp={int(ends)}&sig=5f2c"


async def _read(request: web.Request, model: str | None) -> Wanted:
    """Raises Complaint, or ValueError where this is no JSON."""
    known = {"dry_run"} if model else set()
    odd = request.query.get("dry_run", "false") not in ("true", "false")
    if odd or set(request.query) - known or request.content_type != "application/json":
        raise Complaint("Unknown query, or no JSON.")
    body = await request.json()
    return check_v2(model, body) if model else check_legacy(body)


def _spoiled(fault: str, image: bytes, first: bool) -> web.Response:
    if fault == "down-url":
        return web.Response(status=503)
    if fault == "html-image":
        return web.Response(text="<html>Please wait</html>", content_type="text/html")
    if fault == "truncated-image" or (fault == "one-broken" and first):
        image = image[: len(image) // 2]
    if fault == "flipped-image":
        middle = len(image) // 2
        image = image[:middle] + bytes([image[middle] ^ 1]) + image[middle + 1 :]
    return web.Response(body=image, content_type="image/png")

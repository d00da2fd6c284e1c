"""A strict stand-in for AUTOMATIC1111's API, in a process of its own on loopback.

`with A1111Server() as server:` starts and ends it; `python -m tests.fakes.a1111_server` runs it by hand. The
shapes are those of modules/api of the project; unlike the real one it takes no field that it does not know.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from aiohttp import web

from tests.fakes import pictures
from tests.fakes.stand_in import StandIn, arguments, serve, steering

MARKER = re.compile(r"fault:([a-z0-9-]+)(?:\*(\d+))?")

KINDS: dict[str, type] = {
    "prompt": str, "negative_prompt": str, "seed": int, "width": int, "height": int, "steps": int,
    "batch_size": int, "n_iter": int, "cfg_scale": float, "sampler_name": str,
}  # fmt: skip


@dataclass
class Behaviour:
    """`account` is name:password that calls must show, empty for none; `latency` seconds an image takes."""

    account: str = ""
    latency: float = 0.0
    script: list[str] = field(default_factory=list)


@dataclass
class Counts:
    """What has happened since the last POST /reset."""

    calls: int = 0
    images: int = 0
    most_at_once: int = 0
    calls_by_prompt: dict[str, int] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Call:
    """A call whose images are made, with what is needed to spoil its answer."""

    request: web.Request
    asked: dict[str, Any]
    images: list[str]
    info: dict[str, Any]

    def answer(self, **other: Any) -> web.Response:
        whole = {"images": self.images, "parameters": self.asked, "info": json.dumps(self.info)} | other
        return web.json_response(whole)


def _http(status: int, detail: Any, **headers: str) -> Callable[[], web.Response]:
    return lambda: web.json_response({"detail": detail}, status=status, headers=headers)


def _error(status: int, name: str, words: str) -> Callable[[], web.Response]:
    body = {"error": name, "detail": "", "body": "", "errors": words}
    return lambda: web.json_response(body, status=status)


BEFORE: dict[str, Callable[[], web.Response]] = {
    "bad-value": _http(422, [{"loc": ["body", "width"], "msg": "Not a size", "type": "value_error"}]),
    "unauthorized": _http(401, "Incorrect username or password"),
    "no-api": _http(404, "Not Found"),
    "out-of-memory": _error(500, "OutOfMemoryError", "CUDA out of memory. Tried to allocate 2 GB."),
    "starting": lambda: web.Response(status=503, text="<html>starting</html>", content_type="text/html"),
    "throttle": lambda: web.Response(status=429, headers={"Retry-After": "2"}),
    "redirect": lambda: web.Response(status=307, headers={"Location": "https://elsewhere.example/"}),
}
"""Answers in place of images; nothing is made."""


def _png(width: int, height: int) -> str:
    return base64.b64encode(pictures.png(width, height)).decode()


def _cut(call: Call) -> list[str]:
    width, height = call.asked["width"], call.asked["height"]
    return [base64.b64encode(pictures.png(width, height)[:-20]).decode(), *call.images[1:]]


SPOILED: dict[str, Callable[[Call], web.Response]] = {
    "html": lambda call: web.Response(text="<!doctype html><title>Gradio</title>", content_type="text/html"),
    "broken-json": lambda call: web.Response(text='{"images": ["AAAA"', content_type="application/json"),
    "no-images": lambda call: call.answer(images=None),
    "no-base64": lambda call: call.answer(images=["A"] * len(call.images)),
    "no-info": lambda call: web.json_response({"images": call.images}),
    "fewer": lambda call: call.answer(images=call.images[:-1]),
    "truncated-image": lambda call: call.answer(images=_cut(call)),
    "grid": lambda call: call.answer(
        images=[_png(64, 64), *call.images], info=json.dumps(call.info | {"index_of_first_image": 1})
    ),
    "extra": lambda call: call.answer(images=[*call.images, _png(64, 64)]),
    "wrong-size": lambda call: call.answer(images=[_png(512, 512) for _ in call.images]),
    "silent-info": lambda call: call.answer(info="{}"),
}
AFTER = (*SPOILED, "reset-after", "hang")
"""Faults of answers whose images are made."""


class Server:
    """The server's state and its handlers: one image at a time, as on one card."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour, self._at_start = behaviour, dict(vars(behaviour))
        self.counts = Counts()
        self._card = asyncio.Lock()
        self._waiting = 0

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.post("/sdapi/v1/txt2img", self.generate),
                web.get("/sdapi/v1/sd-models", self.models),
                *steering(lambda: self.counts, self.behaviour, self.reset),
            ]
        )
        return app

    def reset(self) -> None:
        self.counts = Counts()
        for item in fields(Behaviour):
            setattr(self.behaviour, item.name, self._at_start[item.name])

    async def models(self, request: web.Request) -> web.Response:
        if not self._known(request):
            return BEFORE["unauthorized"]()
        return web.json_response([{"title": "base.safetensors [abc]", "model_name": "base"}])

    async def generate(self, request: web.Request) -> web.StreamResponse:
        self.counts.calls += 1
        if not self._known(request):
            return BEFORE["unauthorized"]()
        asked = await request.json()
        if complaint := _complaint(asked):
            return _http(422, [complaint])()
        self.counts.asked.append(asked)
        before = self.counts.calls_by_prompt.get(asked["prompt"], 0)
        self.counts.calls_by_prompt[asked["prompt"]] = before + 1
        fault = self._fault(asked["prompt"], before)
        return BEFORE[fault]() if fault in BEFORE else await self._make(fault, request, asked)

    def _known(self, request: web.Request) -> bool:
        wanted = base64.b64encode(self.behaviour.account.encode()).decode()
        shown = request.headers.get("Authorization")
        return shown == (f"Basic {wanted}" if self.behaviour.account else None)

    def _fault(self, prompt: str, before: int) -> str:
        if self.behaviour.script:
            return self.behaviour.script.pop(0)
        marked = MARKER.search(prompt)
        return marked[1] if marked and before < int(marked[2] or 1_000_000) else ""

    async def _make(self, fault: str, request: web.Request, asked: dict[str, Any]) -> web.StreamResponse:
        self._waiting += 1
        self.counts.most_at_once = max(self.counts.most_at_once, self._waiting)
        count = asked["n_iter"] * asked["batch_size"]
        try:
            async with self._card:
                await asyncio.sleep(self.behaviour.latency * count)
        finally:
            self._waiting -= 1
        self.counts.images += count
        return await _spoiled(fault, _finished(request, asked, count))


def _finished(request: web.Request, asked: dict[str, Any], count: int) -> Call:
    first = 4_000_000_000 if asked["seed"] == -1 else asked["seed"]
    info = {
        "all_seeds": [first + place for place in range(count)],
        "all_prompts": [asked["prompt"]] * count,
        "index_of_first_image": 0,
    }
    return Call(request, asked, [_png(asked["width"], asked["height"])] * count, info)


async def _spoiled(fault: str, call: Call) -> web.StreamResponse:
    if fault == "hang":
        while call.request.transport is not None:  # noqa: ASYNC110 (nothing else tells that the caller has left)
            await asyncio.sleep(0.02)
        return web.Response()
    if fault == "reset-after" and call.request.transport:
        call.request.transport.abort()
    return SPOILED[fault](call) if fault in SPOILED else call.answer()


def _complaint(asked: dict[str, Any]) -> dict[str, Any] | None:
    """The first thing that is wrong, as FastAPI says it."""
    for name, value in asked.items():
        if name not in KINDS:
            return {"loc": ["body", name], "msg": "Extra inputs are not permitted"}
        if not isinstance(value, KINDS[name]) or isinstance(value, bool):
            return {"loc": ["body", name], "msg": f"Input should be a valid {KINDS[name].__name__}"}
    for name in ("width", "height"):
        if asked.get(name, 1) % 8 or not 64 <= asked[name] <= 4096:
            return {"loc": ["body", name], "msg": "Input should be a multiple of 8 from 64 to 4096"}
    for name, low, high in (("n_iter", 1, 100), ("batch_size", 1, 8), ("steps", 1, 500), ("seed", -1, 2**32)):
        if not low <= asked.get(name, low) <= high:
            return {"loc": ["body", name], "msg": f"Input should be from {low} to {high}"}
    return None if asked.get("prompt") else {"loc": ["body", "prompt"], "msg": "Field required"}


class A1111Server(StandIn):
    """The running stand-in. `behaviour` is what Behaviour has as fields."""

    module = "tests.fakes.a1111_server"
    faults: ClassVar[tuple[str, ...]] = (*BEFORE, *AFTER)

    def environment(self) -> dict[str, str]:
        return {"A1111_BASE_URL": self.url}

    def counts(self) -> Counts:
        return Counts(**self.told())


def main() -> None:
    given = arguments(__doc__).parse_args()

    async def run() -> None:
        await serve(Server(Behaviour(**given.behave)).app(), given.port, given.with_parent)

    asyncio.run(run())


if __name__ == "__main__":
    main()

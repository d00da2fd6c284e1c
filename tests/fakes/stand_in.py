"""A stand-in for somebody else's service: a process of its own on loopback, and the handle to it."""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.request import Request, urlopen

from aiohttp import web

ROOT = Path(__file__).parents[2]


class StandIn(ABC):
    """Starts and ends with a `with` block. `behaviour` is what the service's Behaviour has as fields."""

    module: ClassVar[str]
    """What `python -m` runs it."""

    faults: ClassVar[tuple[str, ...]] = ()
    """What a prompt with `fault:NAME` in it can make it do wrong."""

    def __init__(self, *arguments: str, **behaviour: Any) -> None:
        self._arguments = ["--with-parent", "--behave", json.dumps(behaviour), *arguments]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", self.module, *self._arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End it as a crash would; calls in flight are cut."""
        self._process.kill()
        self._process.communicate()

    @property
    def origin(self) -> str:
        return self.url

    @property
    def pid(self) -> int:
        return self._process.pid

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """The settings with which Promptsheet uses it."""

    def calls_by_prompt(self) -> dict[str, int]:
        """How often each prompt was sent to be made."""
        found: dict[str, int] = self.told()["calls_by_prompt"]
        return found

    def behave(self, **fields: Any) -> None:
        self._call("/behave", fields)

    def reset(self) -> None:
        """Count from nothing again, and behave as at the start."""
        self._call("/reset", {})

    def told(self) -> dict[str, Any]:
        """What it has counted."""
        found: dict[str, Any] = json.loads(self._call("/counts"))
        return found

    def _call(self, path: str, body: dict[str, Any] | None = None) -> bytes:
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self.origin + path, data=data), timeout=10) as answer:
            return bytes(answer.read())


def steering(counts: Callable[[], Any], behaviour: Any, reset: Callable[[], None]) -> list[web.RouteDef]:
    """The routes by which a test looks at a stand-in and changes how it behaves.

    `counts` gives a dataclass of figures, `behaviour` is one of settings, changed in place.
    """
    known = {item.name for item in fields(behaviour)}

    async def show(request: web.Request) -> web.Response:
        return web.json_response(asdict(counts()))

    async def behave(request: web.Request) -> web.Response:
        for name, value in (await request.json()).items():
            if name not in known:
                return web.Response(status=400, text=f"There is no {name}; there are {sorted(known)}.")
            setattr(behaviour, name, value)
        return web.Response()

    async def forget(request: web.Request) -> web.Response:
        reset()
        return web.Response()

    return [web.get("/counts", show), web.post("/behave", behave), web.post("/reset", forget)]


async def serve(
    app: web.Application,
    port: int,
    with_parent: bool,
    path: str = "",
    context: ssl.SSLContext | None = None,
) -> None:
    """Print the address once calls are taken, and take them until the end."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, ssl_context=context).start()
    origin = f"{'https://localhost' if context else 'http://127.0.0.1'}:{runner.addresses[0][1]}"
    sys.stdout.write(f"{origin}{path}\n")
    sys.stdout.flush()
    await (asyncio.to_thread(sys.stdin.read) if with_parent else asyncio.Event().wait())


def arguments(description: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one and prints it")
    parser.add_argument("--behave", type=json.loads, default={}, help="fields of Behaviour as a JSON object")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input ends")
    return parser

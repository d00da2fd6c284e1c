"""A strict stand-in for an OpenAI-compatible images endpoint, in a process of its own on loopback.

`with ImagesServer() as server:` starts and ends it; `python -m tests.fakes.images_server` runs it by hand.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.request import Request, urlopen

from aiohttp import web

from tests.fakes.images_app import KEY, Behaviour, Counts, Endpoint

ROOT = Path(__file__).parents[2]
UNTRUSTED = Path(__file__).with_name("untrusted.pem")
"""A certificate for localhost that nobody has signed, and its key: of no worth to anyone."""


class ImagesServer:
    """The running stand-in. `behaviour` is what Behaviour (images_app.py) has as fields."""

    def __init__(self, tls: bool = False, **behaviour: Any) -> None:
        self._arguments = ["--with-parent", "--behave", json.dumps(behaviour), *(["--tls"] if tls else [])]
        self._key = behaviour.get("key", KEY)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, *self._arguments],
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
        return self.url.removesuffix("/v1")

    @property
    def pid(self) -> int:
        return self._process.pid

    def environment(self) -> dict[str, str]:
        """The settings with which the `openai` back end uses it."""
        return {
            "PROMPTSHEET_IMAGES_BASE_URL": self.url,
            "PROMPTSHEET_IMAGES_API_KEY": self._key,
            "PROMPTSHEET_IMAGES_MODEL": "gpt-image-2",
        }

    def behave(self, **fields: Any) -> None:
        self._call("/behave", fields)

    def reset(self) -> None:
        """Count from nothing again, and behave as at the start."""
        self._call("/reset", {})

    def counts(self) -> Counts:
        return Counts(**json.loads(self._call("/counts")))

    def _call(self, path: str, body: dict[str, Any] | None = None) -> bytes:
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self.origin + path, data=data), timeout=10) as answer:
            return bytes(answer.read())


async def serve(port: int, tls: bool, with_parent: bool, behaviour: Behaviour) -> None:
    """Print the address once calls are taken, and take them until the end."""
    runner = web.AppRunner(Endpoint(behaviour).app(), access_log=None, shutdown_timeout=0)
    await runner.setup()
    context = None
    if tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(UNTRUSTED)
    site = web.TCPSite(runner, "127.0.0.1", port, ssl_context=context)
    await site.start()
    bound = runner.addresses[0][1]
    sys.stdout.write(f"https://localhost:{bound}/v1\n" if tls else f"http://127.0.0.1:{bound}/v1\n")
    sys.stdout.flush()
    await (asyncio.to_thread(sys.stdin.read) if with_parent else asyncio.Event().wait())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one and prints it")
    parser.add_argument("--bytes", type=int, default=0, help="weight of one image, about")
    parser.add_argument("--behave", type=json.loads, default={}, help="fields of Behaviour as a JSON object")
    parser.add_argument("--tls", action="store_true", help="speak HTTPS, with a certificate nobody trusts")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input ends")
    given = parser.parse_args()
    behaviour = Behaviour(**{"weight": given.bytes} | given.behave)
    asyncio.run(serve(given.port, given.tls, given.with_parent, behaviour))


if __name__ == "__main__":
    main()

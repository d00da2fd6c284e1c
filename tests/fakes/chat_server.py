"""A strict stand-in for an OpenAI-compatible chat endpoint, in a process of its own on loopback.

`with ChatServer(persona="lm-studio", pace=0.01) as server:` starts and ends it; its arguments and those of
`server.behave(…)` are the fields of Behaviour (chat_app.py), where PERSONAS are the manners of known servers.

- `server.environment()` gives the settings that point Promptsheet at it.
- `server.behave(script=["throttle", "", "cut"])`: faults (chat_faults.py: REFUSALS, STREAMS, ELSE) of the
  next calls in turn. A goal with `fault:stall` in it fails always, with `fault:reset*2` its first two calls.
- `server.behave(repeat=5, wrong={"aspect_ratio": "7:5"}, persona="deaf")`: every fifth row repeats the one
  before, every third has a wrong cell (which the schema would forbid, so the persona does not heed it).
- `server.counts()`: calls, tokens, most in flight, calls by kind. `server.requests()`: the bodies it got.
  `server.sent()`: (seconds since 1970, prompt) for each row, when its closing brace had left.
- `server.reset()` begins anew. `python -m tests.fakes.chat_server --behave '{"pace": 0.2}'` runs it by hand.

It writes what our own prompts ask for: plans, rows (from the combinations it is given, as many as “exactly N”
says), corrections, changes to rows and “add 30 about winter”, always in the shape of the schema.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.request import Request, urlopen

from aiohttp import web

from tests.fakes.chat_app import KEY, Behaviour, Counts, Endpoint

ROOT = Path(__file__).parents[2]


class ChatServer:
    """The running stand-in. `behaviour` is what Behaviour (chat_app.py) has as fields."""

    def __init__(self, port: int = 0, **behaviour: Any) -> None:
        self._arguments = ["--with-parent", "--port", str(port), "--behave", json.dumps(behaviour)]
        self.key: str = behaviour.get("key", KEY)
        self.model: str = (behaviour.get("models") or Behaviour().models)[0]

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
        """The settings with which Promptsheet drafts with it."""
        return {"OPENAI_BASE_URL": self.url, "OPENAI_API_KEY": self.key, "PROMPTSHEET_MODEL": self.model}

    def behave(self, **fields: Any) -> None:
        self._call("/behave", fields)

    def reset(self) -> None:
        """Count from nothing again, and behave as at the start."""
        self._call("/reset", {})

    def counts(self) -> Counts:
        return Counts(**json.loads(self._call("/counts")))

    def requests(self) -> list[dict[str, Any]]:
        """Calls since the last reset, the oldest first: `authorization` (or None), `headers`, `body`."""
        found: list[dict[str, Any]] = json.loads(self._call("/requests"))
        return found

    def sent(self) -> list[tuple[float, str]]:
        return [(at, prompt) for at, prompt in json.loads(self._call("/sent"))]

    def _call(self, path: str, body: dict[str, Any] | None = None) -> bytes:
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self.origin + path, data=data), timeout=10) as answer:
            return bytes(answer.read())


async def serve(port: int, with_parent: bool, behaviour: Behaviour) -> None:
    """Print the address once calls are taken, and take them until the end."""
    runner = web.AppRunner(Endpoint(behaviour).app(), access_log=None, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    sys.stdout.write(f"http://127.0.0.1:{runner.addresses[0][1]}/v1\n")
    sys.stdout.flush()
    await (asyncio.to_thread(sys.stdin.read) if with_parent else asyncio.Event().wait())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one and prints it")
    parser.add_argument("--behave", type=json.loads, default={}, help="fields of Behaviour as a JSON object")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input ends")
    given = parser.parse_args()
    asyncio.run(serve(given.port, given.with_parent, Behaviour(**given.behave)))


if __name__ == "__main__":
    main()

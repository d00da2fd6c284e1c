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

It writes what our own prompts ask for: plans, rows (as many as “exactly N” says, with titles where the
examples have some), corrections, rewritten rows, and the operations that it is told to answer a request with
(`says={"winter": [{"op": "add"}]}`), always in the shape of the schema.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, ClassVar

from tests.fakes.chat_app import KEY, Behaviour, Counts, Endpoint
from tests.fakes.stand_in import StandIn, arguments, serve


class ChatServer(StandIn):
    """The running stand-in. `behaviour` is what Behaviour (chat_app.py) has as fields."""

    module: ClassVar[str] = __name__

    def __init__(self, port: int = 0, **behaviour: Any) -> None:
        super().__init__("--port", str(port), **behaviour)
        self.key: str = behaviour.get("key", KEY)
        self.model: str = (behaviour.get("models") or Behaviour().models)[0]

    @property
    def origin(self) -> str:
        return self.url.removesuffix("/v1")

    def environment(self) -> dict[str, str]:

        return {"OPENAI_BASE_URL": self.url, "OPENAI_API_KEY": self.key, "PROMPTSHEET_MODEL": self.model}

    def counts(self) -> Counts:
        return Counts(**self.told())

    def requests(self) -> list[dict[str, Any]]:
        """Calls since the last reset, the oldest first: `authorization` (or None), `headers`, `body`."""
        found: list[dict[str, Any]] = json.loads(self._call("/requests"))
        return found

    def sent(self) -> list[tuple[float, str]]:
        return [(at, prompt) for at, prompt in json.loads(self._call("/sent"))]


def main() -> None:
    given = arguments(__doc__).parse_args()
    app = Endpoint(Behaviour(**given.behave)).app()
    asyncio.run(serve(app, given.port, given.with_parent, "/v1"))


if __name__ == "__main__":
    main()

"""A strict stand-in for Ideogram's API, in a process of its own on loopback.

`with IdeogramServer() as server:` starts and ends it; `python -m tests.fakes.ideogram_server` runs it alone.
"""

from __future__ import annotations

import asyncio
from typing import Any

from tests.fakes import ideogram_faults
from tests.fakes.ideogram_app import KEY, Behaviour, Counts, Service
from tests.fakes.stand_in import StandIn, arguments, serve


class IdeogramServer(StandIn):
    """The running stand-in. `behaviour` is what Behaviour (ideogram_app.py) has as fields."""

    module = "tests.fakes.ideogram_server"
    faults = ideogram_faults.EVERY

    def __init__(self, *arguments: str, **behaviour: Any) -> None:
        super().__init__(*arguments, **behaviour)
        self._key = behaviour.get("key", KEY)

    def environment(self) -> dict[str, str]:
        return {"IDEOGRAM_BASE_URL": self.url, "IDEOGRAM_API_KEY": self._key}

    def counts(self) -> Counts:
        return Counts(**self.told())


def main() -> None:
    given = arguments(__doc__).parse_args()

    async def run() -> None:
        await serve(Service(Behaviour(**given.behave)).app(), given.port, given.with_parent)

    asyncio.run(run())


if __name__ == "__main__":
    main()

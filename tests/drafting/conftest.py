"""Real services in a folder of their own, a chat endpoint on loopback, and the desk that writes drafts."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.desk import Desk
from assistant.drafting import start
from assistant.drafting.brief import parse
from assistant.drafting.plan import Plan
from assistant.model.client import Limits
from jobs.services import LOCAL, Services, open_services
from jobs.settings import Settings
from jobs.sheet import View, look
from jobs.store import drafts
from jobs.store.drafts import Draft
from tests.fakes.chat_server import ChatServer
from tests.jobs.conftest import valkey
from tests.model.conftest import running, server

__all__ = ["running", "server", "valkey"]

GOAL = "Stickers of woodland animals for a children's shop"
EXAMPLES = [
    "A sticker design of a cheerful fox in a red scarf, white border",
    "A sticker design of an owl on a branch, white border",
]


@pytest.fixture
def environment(server: ChatServer, data_folder: Path) -> dict[str, str]:
    return {"PROMPTSHEET_DATA": str(data_folder), **server.environment()}


@pytest.fixture
def services(environment: dict[str, str]) -> Iterator[Services]:
    opened = open_services(Settings.read(environment))
    opened.database.migrate()
    yield opened
    opened.close()


@pytest.fixture
def desk(services: Services, environment: dict[str, str]) -> DeskOf:
    return DeskOf(services, environment)


class DeskOf:
    """Drafts ordered and written on these services, here or in a worker's process."""

    def __init__(self, services: Services, environment: Mapping[str, str]) -> None:
        self.services, self._environment = services, environment

    def order(self, *, combine: bool = False, plan: Plan | None = None, **brief: Any) -> Draft:
        asked = {"goal": GOAL, "examples": EXAMPLES, "rows": 20} | brief
        read = parse(asked, 500, combine=combine)
        return start.start(self.services, LOCAL, read, combine=combine, plan=plan)

    def write(
        self,
        meanwhile: Callable[[], None] | None = None,
        limits: Limits = Limits(),  # noqa: B008 (frozen)
    ) -> None:
        """All that waits, until nothing does; a person may do something meanwhile."""

        async def both() -> None:
            written = asyncio.create_task(Desk(self.services, limits).run())
            if meanwhile:
                await asyncio.to_thread(meanwhile)
            await written

        asyncio.run(both())

    def drafted(self, *, combine: bool = False, **brief: Any) -> tuple[Draft, View]:
        """A draft from its order to its end."""
        draft = self.order(combine=combine, **brief)
        self.write()
        return self.now(draft), self.sheet(draft)

    def now(self, draft: Draft) -> Draft:
        with self.services.database.read() as connection:
            return drafts.get(connection, LOCAL, draft.id)

    def sheet(self, draft: Draft) -> View:
        return look(self.services, LOCAL, draft.sheet_id)

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """A worker of drafts in a process of its own; killed at the end, with its horse."""
        known = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI")}
        process = subprocess.Popen(
            [sys.executable, "-m", "jobs.worker", "drafter"], env=known | dict(self._environment)
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(20)


def prompts(view: View) -> list[str]:
    return [row.cells["prompt"] for row in view.rows]

"""Ledger writes for an event loop: one thread, and one durable commit for whatever came together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from jobs import ballast
from jobs.errors import DatabaseAway, StorageFull
from jobs.services import Services
from jobs.store.database import Connection

T = TypeVar("T")


AGAIN = 5.0
"""Seconds between two tries to write while the disk is full or the database away."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Entry:
    work: Callable[[Connection], Any]
    answer: asyncio.Future[Any]


class Journal:
    """Runs functions of a connection in write transactions, off the event loop.

    Those that wait when a transaction begins share it, and its single fsync. Where one of them raises, the
    transaction is undone and each is run again in one of its own, so that none takes another with it. Their
    answers come after the commit.
    """

    def __init__(self, services: Services, stopping: asyncio.Event) -> None:
        self._services, self._stopping = services, stopping
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[_Entry] = deque()
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    async def write(self, work: Callable[..., T], *args: object) -> T:
        """Run `work(connection, *args, now)`; returns what it returned once that is on the disk.

        While the disk is full or the database away it tries again. Raises what `work` raised, and
        StorageFull or DatabaseAway where that still holds as the runner stops.
        """
        while True:
            try:
                return await self._once(work, args, self._services.clock())
            except (StorageFull, DatabaseAway) as reason:
                thrown = isinstance(reason, StorageFull) and ballast.throw(self._services.settings.data)
                if not thrown:
                    log.warning("%s", reason)
                    if await self.stopped_within(AGAIN):
                        raise

    async def stopped_within(self, seconds: float) -> bool:
        """Wait, but not longer than until the runner is asked to stop."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        return self._stopping.is_set()

    async def _once(self, work: Callable[..., T], args: Sequence[object], now: float) -> T:
        entry = _Entry(lambda connection: work(connection, *args, now), self._loop.create_future())
        with self._wake:
            self._waiting.append(entry)
            self._wake.notify()
        answer: T = await entry.answer
        return answer

    async def close(self) -> None:
        """Write what waits, then end the thread."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._waiting or self._closed)
                together = list(self._waiting)
                self._waiting.clear()
            if not together:
                return
            self._commit(together)

    def _commit(self, together: list[_Entry]) -> None:
        try:
            with self._services.database.write() as connection:
                results = [(entry, entry.work(connection), None) for entry in together]
        except Exception as reason:  # noqa: BLE001  it is raised again where the work was asked for
            if len(together) > 1:
                for entry in together:
                    self._commit([entry])
                return
            self._loop.call_soon_threadsafe(_settle, [(together[0], None, reason)])
        else:
            self._loop.call_soon_threadsafe(_settle, results)


def _settle(results: Sequence[tuple[_Entry, Any, Exception | None]]) -> None:
    for entry, value, reason in results:
        if entry.answer.done():
            continue
        if reason is None:
            entry.answer.set_result(value)
        else:
            entry.answer.set_exception(reason)

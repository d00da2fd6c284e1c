"""The RQ job that serves all batches in turn, row by row from the ledger, until nothing is left to claim."""

from __future__ import annotations

import asyncio
import os
import signal
import time

from jobs import ballast, ledger, magic, slots
from jobs.attempt import Means
from jobs.backends import registry
from jobs.closing import pause_all
from jobs.errors import PromptsheetError
from jobs.journal import Journal
from jobs.lane import Lane
from jobs.reconcile import Lost, look_after, new_holder
from jobs.services import Services, open_services
from jobs.settings import Settings
from jobs.slots import Slots

TICK = 2.0
"""Seconds between two looks for new batches, lost rows and leases that need renewing."""

RENEW = slots.LEASE / 3

JUMP = ledger.LEASE / 3
"""Seconds by which the clock must go wrong between two looks to be taken for one that was set."""


def drain() -> None:
    """The job that hints name; its dotted name is kept in Redis and never moves."""
    services = open_services(Settings.read())
    try:
        asyncio.run(Drain(services).run())
    finally:
        services.close()


class Drain:
    """One process' work: a lane for every back end that has open batches, one ledger journal for all.

    Returns when no lane has anything to do. SIGTERM, or the death of its worker, ends it early: rows on their
    way are finished first.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._holder = new_holder()
        self._lanes: dict[str, Lane] = {}
        self._parent = os.getppid()
        self._stopping = asyncio.Event()
        self._next_look = 0.0
        self._skew = services.clock() - time.monotonic()
        self._leases_count_from = 0.0

    async def run(self) -> None:
        ballast.lay(self._services.settings.data)
        self._journal = Journal(self._services, self._stopping)
        self._magic = magic.connect(self._services)
        self._redis = self._services.async_redis()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._stopping.set)
        renewing = asyncio.create_task(self._renew())
        try:
            while await self._turn():
                pass
        finally:
            renewing.cancel()
            await asyncio.gather(*(lane.close() for lane in self._lanes.values()))
            await self._magic.close()
            await self._journal.close()
            await self._redis.aclose()

    async def _turn(self) -> bool:
        """Look after everything once, then wait a tick or for a lane to run dry. False: all work is done."""
        if os.getppid() != self._parent:
            self._stopping.set()  # our worker was killed: leave the rest to its successor
        if self._stopping.is_set():
            for lane in self._lanes.values():
                lane.stop()
        elif time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + TICK
            await self._look()
        busy = [lane for lane in self._lanes.values() if not lane.idle]
        if not busy:
            return False
        waits = [asyncio.create_task(lane.changed.wait()) for lane in busy]
        if not self._stopping.is_set():
            waits.append(asyncio.create_task(self._stopping.wait()))
        _, pending = await asyncio.wait(waits, timeout=TICK, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        for lane in busy:
            lane.changed.clear()
        return True

    async def _look(self) -> None:
        """Free what crashed workers left, and open a lane for every back end with work.

        The disk is looked at here, not only where an image does not fit: Redis on a full disk gives no
        places, so that no image would ever come.
        """
        lost, wanted = await self._journal.write(
            look_after, self._free_to_repeat, self._holder, self._leases_count()
        )
        for name in dict.fromkeys((*wanted, *(row.backend for row in lost if row.claim))):
            try:
                ballast.look(self._services.settings.data)
                lane = self._lanes[name] = self._lanes.get(name) or self._open(name)
            except PromptsheetError as reason:
                await self._journal.write(pause_all, name, str(reason))
            else:
                lane.wake()
        for row in lost:
            await self._see_to(row)

    def _leases_count(self) -> bool:
        """Whether a lease that is over says anything: not while everybody renews theirs by a clock just set.

        A machine that slept is the same case: its rows must not be taken for those of a dead worker.
        """
        now = time.monotonic()
        skew = self._services.clock() - now
        if abs(skew - self._skew) > JUMP:
            self._leases_count_from = now + ledger.LEASE
        self._skew = skew
        return now >= self._leases_count_from

    async def _see_to(self, row: Lost) -> None:
        """Go on with a row that was ordered, or free the places of one that was not."""
        lane = self._lanes.get(row.backend)
        if row.claim and lane:
            await lane.adopt(row.claim, row.attempt)
        elif row.claim:
            await self._journal.write(ledger.let_go, row.claim.attempt, ledger.NEXT_LOOK)
        elif row.over and lane:
            await lane.forget(row.attempt, row.images)

    def _free_to_repeat(self, name: str) -> bool:
        return registry.traits(name, self._services.settings).free_to_repeat

    def _open(self, name: str) -> Lane:
        backend = registry.connect(name, self._services.settings)
        places = Slots(self._redis, name, backend.account, backend.traits.places)
        return Lane(Means(backend, self._services, self._journal, places, self._magic), self._holder)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW)
            await asyncio.gather(*(lane.renew() for lane in self._lanes.values()))

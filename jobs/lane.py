"""One back end's rows on their way: claimed a little ahead, each sent when there is a place for it."""

from __future__ import annotations

import asyncio
from collections import deque

from jobs import ledger, magic
from jobs.attempt import Attempt, Means
from jobs.ledger import Claim
from jobs.magic import Wording
from schema import columns


class Lane:
    """Feeds one back end from the ledger for as long as there are rows.

    `changed` is set whenever a row ended or there was nothing to claim; `idle` says that nothing was left to
    do since the last `wake`.
    """

    def __init__(self, means: Means, holder: str) -> None:
        self.changed = asyncio.Event()
        self._means, self._holder = means, holder
        self._ahead: deque[Claim] = deque()
        self._wordings: dict[str, asyncio.Task[Wording]] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._images = 0  # of the rows that run
        self._a_row = 1  # images that a row makes, by the last one claimed
        self._dry = self._stopped = False
        self._awake = asyncio.Event()
        self._feeding = asyncio.create_task(self._feed())

    @property
    def idle(self) -> bool:
        return self._dry and not self._running and not self._ahead

    def wake(self) -> None:
        """Look at the ledger again: there may be new rows."""
        self._dry = False
        self._awake.set()

    def stop(self) -> None:
        """Start nothing more; `idle` becomes true when the rows on their way are finished."""
        if not self._stopped:  # cancelled twice, it would not get to give its claims back
            self._stopped = True
            self._feeding.cancel()
            self._awake.set()

    async def renew(self) -> None:
        """Sign of life for the rows and places in hand."""
        attempts = [claim.attempt for claim in self._ahead] + list(self._running)
        if attempts:
            await self._means.journal.write(ledger.renew, attempts)
            await self._means.slots.renew()

    async def adopt(self, claim: Claim, before: str) -> None:
        """Go on with a row that a process ordered, as the attempt `before`, and did not live to fetch.

        It is on its way already, so it waits for no place.
        """
        await self._means.slots.take_over(before, claim.attempt, claim.images)
        self._run(claim)

    async def forget(self, attempt: str, count: int) -> None:
        """A row of a process that died was freed, and its call is over: so are its places."""
        await self._means.slots.forget(attempt, count)

    async def close(self) -> None:
        self.stop()
        await asyncio.gather(self._feeding, *self._running.values(), return_exceptions=True)
        await self._means.backend.close()

    async def _feed(self) -> None:
        try:
            # A worker that dies between marking a row as sent and sending it leaves the row unknown.
            await self._means.backend.open()
            while not self._stopped:  # a cancellation may be lost on its way through the libraries
                await self._fill()
                if self._ahead:
                    await self._start(self._ahead[0])
                else:
                    await self._rest()
        finally:
            await self._give_back()

    async def _fill(self) -> None:
        """Claim for the free places and half as many more; not row by row, which would cost a commit each."""
        traits = self._means.backend.traits
        ahead = sum(claim.images for claim in self._ahead)
        if ahead > traits.places // 8:
            return
        wanted = max(2, (traits.places - self._images + traits.places // 2 - ahead) // self._a_row)
        await self._claim(wanted)
        if self._ahead:
            self._a_row = self._ahead[-1].images

    async def _claim(self, wanted: int) -> None:
        """A claim that is being written is written, also where the lane is stopped meanwhile."""
        name = self._means.backend.traits.name
        claiming = asyncio.ensure_future(self._means.journal.write(ledger.claim, name, self._holder, wanted))
        try:
            await asyncio.shield(claiming)
        finally:
            claimed = await claiming
            self._ahead += claimed
            for claim in claimed:
                self._begin_wording(claim)

    def _begin_wording(self, claim: Claim) -> None:
        """A prompt is enlarged while its row waits: it takes no place, and rows do not wait in turn."""
        traits, values = self._means.backend.traits, columns.load().with_defaults(claim.values)
        if magic.wanted(traits, values):
            self._wordings[claim.attempt] = asyncio.create_task(
                magic.wording(self._means.magic, traits, claim.owner, values)
            )

    async def _start(self, claim: Claim) -> None:
        if claim.attempt in self._wordings:
            await self._wordings[claim.attempt]
        await self._means.slots.take(claim.attempt, claim.images)
        if self._stopped:
            return
        self._ahead.popleft()
        self._run(claim)

    def _run(self, claim: Claim) -> None:
        worded = self._wordings.pop(claim.attempt, None)
        attempt = Attempt(self._means, claim, worded.result() if worded else Wording())
        task = asyncio.create_task(attempt.run(), name=f"row {claim.number}")
        self._running[claim.attempt] = task
        self._images += claim.images
        task.add_done_callback(lambda _: self._ended(claim))

    def _ended(self, claim: Claim) -> None:
        del self._running[claim.attempt]
        self._images -= claim.images
        if not (self._running or self._ahead or self._stopped):
            self.wake()  # what rows in hand kept back may go on now, or their batch pause at its cap
        self.changed.set()

    async def _rest(self) -> None:
        """Nothing to claim: wait until somebody says there may be."""
        self._dry = True
        self.changed.set()
        await self._awake.wait()
        self._awake.clear()

    async def _give_back(self) -> None:
        """Rows that were claimed ahead and will not be sent."""
        for wording in self._wordings.values():
            wording.cancel()
        while self._ahead:
            attempt = self._ahead.popleft().attempt
            await self._means.slots.give_back(attempt)
            await self._means.journal.write(ledger.release, attempt)
        self._dry = True
        self.changed.set()

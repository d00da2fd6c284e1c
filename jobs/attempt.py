"""One attempt at one row: sent, answered, kept, written down. What goes wrong ends in a state of the row."""

from __future__ import annotations

import asyncio
import io
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from PIL import Image as Pillow

from jobs import ids, ledger
from jobs.backends.port import Answer, Backend, Picture, Request, Resumable
from jobs.batch import RowState
from jobs.closing import pause
from jobs.errors import AnswerLost, BackendError, Halted, Refused, StorageFull, Throttled, Unavailable
from jobs.journal import Journal
from jobs.ledger import Claim, Outcome
from jobs.magic import Magic, Wording
from jobs.services import Services
from jobs.slots import Slots
from jobs.store.images import Image
from schema import columns

TRIES = 5
"""Calls that a provider's server may fail (not billed) before the row fails."""

TURNED_AWAY = 10
"""Calls that may find no server, or too many others there, before the whole batch is paused."""

SAVE_AGAIN = 5.0
"""Seconds between two tries to keep an answer while the disk is full."""

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Means:
    """What the attempts of one lane share."""

    backend: Backend
    services: Services
    journal: Journal
    slots: Slots
    magic: Magic


class Attempt:
    """Runs one claimed row that has its places. Ends with the row in a state, whatever happens."""

    def __init__(self, means: Means, claim: Claim, wording: Wording) -> None:
        self._means, self._claim, self._wording = means, claim, wording
        self._ticket = claim.ticket
        self._turned_away = 0

    async def run(self) -> None:
        try:
            while not await self._try():
                pass
        except Exception:
            # Its lease runs out, and the row becomes what a row of a crashed worker becomes.
            log.exception("Row %s of batch %s", self._claim.number, self._claim.batch_id)
        finally:
            await self._means.slots.give_back(self._claim.attempt)

    async def _try(self) -> bool:
        """Call once. False: it was not accepted, and is to be called again under the same attempt."""
        if not self._ticket and not await self._means.journal.write(ledger.mark_sent, self._claim.attempt):
            await self._means.journal.write(ledger.release, self._claim.attempt)
            return True
        try:
            answer = await self._call()
        except (Throttled, Unavailable) as reason:
            return await self._again(reason)
        except Halted as reason:
            await self._pause(str(reason))
        except AnswerLost as reason:
            await self._finish(Outcome(RowState.UNKNOWN, reason=str(reason)))
        except Refused as reason:
            await self._finish(Outcome(RowState.REFUSED, reason=str(reason), billed=reason.billed))
        except BackendError as reason:
            await self._finish(Outcome(RowState.FAILED, reason=str(reason)))
        else:
            await self._keep(answer)
        return True

    async def _call(self) -> Answer:
        backend = self._means.backend
        try:
            if isinstance(backend, Resumable):
                return await self._fetched(backend)
            answer = await backend.generate(self._request())
        except AnswerLost as reason:
            if backend.traits.free_to_repeat:
                raise Unavailable(str(reason)) from reason
            raise
        except BackendError:
            raise
        except Exception as reason:
            log.exception("Back end %s, row %s", backend.traits.name, self._claim.number)
            raise AnswerLost(f"{backend.traits.title} broke off without an answer.") from reason
        await self._means.slots.give_back(self._claim.attempt)
        await self._means.slots.succeeded()
        return answer

    async def _fetched(self, backend: Resumable) -> Answer:
        """Order, unless that is done, and fetch; once the images are made, no place is needed."""
        request = self._request()
        if not self._ticket:
            ticket = await backend.begin(request)
            await self._means.journal.write(ledger.keep_ticket, self._claim.attempt, ticket)
            self._ticket, self._turned_away = ticket, 0
        made = await backend.wait(request, self._ticket)
        await self._means.slots.give_back(self._claim.attempt)
        await self._means.slots.succeeded()
        return await backend.collect(request, made)

    def _request(self) -> Request:
        claim = self._claim
        own = columns.load().with_defaults(claim.values)
        values = own | {"prompt": self._wording.prompt or own["prompt"]}
        width, height = self._means.backend.size(values, columns.load().size(values))
        seed = claim.values.get("seed_number")
        return Request(claim.attempt, claim.row_id, claim.number, values, width, height, claim.images, seed)

    async def _again(self, reason: Throttled | Unavailable) -> bool:
        """Not accepted: wait, with fewer places after a 429. True: that was the last time."""
        attempt = self._claim.attempt
        self._turned_away += 1
        if self._ticket:
            return await self._later(reason)
        if isinstance(reason, Unavailable) and reason.reached and self._turned_away >= TRIES:
            sentence = f"{reason} It was tried {self._turned_away} times; nothing was billed."
            await self._finish(Outcome(RowState.FAILED, reason=sentence))
            return True
        if self._turned_away >= TURNED_AWAY:
            await self._pause(str(reason))
            return True
        await self._means.journal.write(ledger.unsend, attempt)
        await self._means.slots.give_back(attempt)
        if isinstance(reason, Throttled):
            await self._means.slots.shrink(reason.limit)
        if await self._means.journal.stopped_within(reason.retry_after or self._backoff()):
            await self._means.journal.write(ledger.release, attempt)
            return True
        await self._means.slots.take(attempt, self._claim.images)
        return False

    async def _later(self, reason: Throttled | Unavailable) -> bool:
        """What is ordered is looked up again: by us, or where we are asked to stop by whoever comes next."""
        if self._turned_away >= TURNED_AWAY:
            await self._pause(str(reason))
        elif await self._means.journal.stopped_within(reason.retry_after or self._backoff()):
            await self._means.journal.write(ledger.let_go, self._claim.attempt, 0.0)
        else:
            return False
        return True

    def _backoff(self) -> float:
        """Twice as long each time, with jitter, so that many rows do not come back together."""
        longest = self._means.services.settings.longest_wait
        return random.uniform(0.5, 1.0) * min(longest, 2.0 ** (self._turned_away - 1))  # noqa: S311

    async def _pause(self, reason: str) -> None:
        await self._means.journal.write(pause, self._claim.batch_id, reason)
        if self._ticket:
            await self._means.journal.write(ledger.let_go, self._claim.attempt, ledger.NEXT_LOOK)
            return
        await self._means.journal.write(ledger.unsend, self._claim.attempt)
        await self._means.journal.write(ledger.release, self._claim.attempt)

    async def _keep(self, answer: Answer) -> None:
        """Store the images, then write the row down; what was paid for waits until the disk has room."""
        while True:
            try:
                images = await asyncio.to_thread(self._store, answer.pictures)
                return await self._finish(self._outcome(answer, images))
            except StorageFull as full:
                await self._means.journal.write(pause, self._claim.batch_id, str(full))
            if await self._means.journal.stopped_within(SAVE_AGAIN):
                if self._ticket:
                    await self._means.journal.write(ledger.let_go, self._claim.attempt, 0.0)
                return None

    def _outcome(self, answer: Answer, images: Sequence[Image]) -> Outcome:
        reason = None
        if answer.withheld:
            reason = f"{len(images)} of {self._claim.images}, {answer.withheld} withheld by the provider."
        values = columns.load().with_defaults(self._claim.values)
        ignored = [gap.sentence for gap in self._means.backend.gaps(values)]
        magic = [self._wording.note] if self._wording.note else []
        return Outcome(
            RowState.DONE if images else RowState.REFUSED,
            images,
            answer.withheld,
            billed=min(len(images) + answer.withheld, self._claim.images),
            reason=reason,
            notes=tuple(dict.fromkeys((*magic, *ignored, *answer.notes))),
        )

    async def _finish(self, outcome: Outcome) -> None:
        if not await self._means.journal.write(ledger.finish, self._claim.attempt, outcome):
            for image in outcome.images:
                self._means.services.files.delete(image.key)

    def _store(self, pictures: Sequence[Picture]) -> list[Image]:
        return [self._image(picture) for picture in pictures]

    def _image(self, picture: Picture) -> Image:
        claim = self._claim
        values = columns.load().with_defaults(claim.values)
        with Pillow.open(io.BytesIO(picture.data)) as opened:
            width, height = opened.size
            extension = {"JPEG": "jpg", "WEBP": "webp"}.get(opened.format or "", "png")
        key = f"{claim.batch_id}/{claim.attempt}-{picture.index}.{extension}"
        self._means.services.files.put(key, picture.data)
        return Image(
            id=ids.new(),
            owner=claim.owner,
            batch_id=claim.batch_id,
            row_id=claim.row_id,
            number=claim.number,
            index=picture.index,
            key=key,
            width=width,
            height=height,
            size=len(picture.data),
            seed=picture.seed,
            prompt=str(values["prompt"]),
            prompt_used=picture.prompt_used or self._wording.prompt,
            ratio=str(values["aspect_ratio"]),
            style=str(values["style"]),
            private=values["visibility"] == "private",
            created_at=self._means.services.clock(),
        )

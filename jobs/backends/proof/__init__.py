"""The back end that needs nothing: it draws each row as a poster of its prompt, in threads of its own."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor

from jobs.backends.port import Answer, Gap, Picture, Request, Traits, Values
from jobs.backends.proof.poster import Order, Print, draw
from jobs.backends.proof.seeds import derived
from jobs.errors import Rejected, Unavailable
from jobs.settings import Settings

__all__ = ["Proof", "connect", "terms"]

_MOST_THREADS = 8
"""More would draw faster than rows can be recorded, and each holds about 20 MB while it draws."""


def terms(settings: Settings) -> ProofTerms:  # noqa: ARG001 (the registry's signature; there is nothing to set)
    """What the back end is on this machine."""
    return ProofTerms(_threads())


def connect(settings: Settings) -> Proof:  # noqa: ARG001 (the registry's signature)
    """Threads start with the first row."""
    return Proof(_threads())


def _threads() -> int:
    return min(_MOST_THREADS, os.cpu_count() or 1)


def _traits(threads: int) -> Traits:
    return Traits(
        name="proof",
        title="proof",
        about="Free, not an image model: it sets each prompt as a poster.",
        places=4 * threads,  # rows of four images each: the threads find the next while one is written down
        free_to_repeat=True,
        seconds=(0.05, 0.5),
        caveat="not an image model",
    )


class ProofTerms:
    """What each method promises stands at `Terms` in port.py."""

    def __init__(self, threads: int) -> None:
        self.traits = _traits(threads)

    def gaps(self, values: Values) -> tuple[Gap, ...]:
        if "negative_prompt" in values:
            return (Gap("negative_prompt", "proof draws plain shapes; the negative prompt is ignored."),)
        return ()

    def price(self, values: Values) -> int:  # noqa: ARG002 (the port's signature)
        return 0

    def dollars(self, values: Values) -> float | None:  # noqa: ARG002
        return 0.0

    def size(self, values: Values, wanted: tuple[int, int]) -> tuple[int, int]:  # noqa: ARG002 (the port's signature)
        return wanted


class Proof(ProofTerms):
    """The open back end; what each method promises stands at `Backend` in port.py."""

    def __init__(self, threads: int) -> None:
        super().__init__(threads)
        self.account = "here"
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="proof")
        self._closed = threading.Event()

    async def open(self) -> None:
        """Nothing to load: the threads come with the first row."""

    async def generate(self, request: Request) -> Answer:
        """A row without a seed gets one that belongs to its values, so that equal rows give equal images."""
        seed = derived(request.values) if request.seed is None else request.seed
        orders = [
            Order(request.values, request.width, request.height, seed, index)
            for index in range(1, request.images + 1)
        ]
        prints = await self._drawn(orders)
        pictures = tuple(Picture(index, one.png, seed) for index, one in enumerate(prints, 1))
        return Answer(pictures, notes=tuple(dict.fromkeys(note for one in prints for note in one.notes)))

    async def close(self) -> None:
        """Drop what waits, and end when the images under way are drawn."""
        self._closed.set()
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def _drawn(self, orders: list[Order]) -> list[Print]:
        if self._closed.is_set():
            raise Unavailable("Proof is closed; the row can be drawn again.")
        drawing = [self._pool.submit(_draw, order) for order in orders]
        try:
            return await asyncio.gather(*map(asyncio.wrap_future, drawing))
        except asyncio.CancelledError:
            if self._closed.is_set() and not _cancelled():
                raise Unavailable("Proof was closed before the row was drawn.") from None
            raise
        finally:
            for future in drawing:
                future.cancel()


def _cancelled() -> bool:
    """Whether this call was cancelled, and not merely the work it waited for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _draw(order: Order) -> Print:
    try:
        return draw(order)
    except Exception as reason:
        logging.getLogger(__name__).exception("A poster could not be drawn")
        raise Rejected(
            "Proof could not draw this row. Another seed, or another prompt, may help."
        ) from reason

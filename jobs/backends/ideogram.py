"""The back end for Ideogram's own API: ordered first and fetched later, so that no crash pays twice."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from functools import cached_property
from typing import Any
from urllib.parse import quote

from jobs.backends import ideogram_answers as answers
from jobs.backends import ideogram_routes as routes
from jobs.backends import images
from jobs.backends.addresses import usable_key, web_address
from jobs.backends.calls import PAUSES, Calls, passing, web_host
from jobs.backends.ideogram_answers import Item, Lost, NotYet, Outcome, Whole
from jobs.backends.ideogram_errors import error, failed
from jobs.backends.port import Answer, Gap, Priced, Probe, Request, Traits, Values
from jobs.backends.replies import Endpoint, Reply
from jobs.errors import AnswerLost, Halted, NotConfigured, Throttled, Unavailable
from jobs.prices import Prices
from jobs.settings import Settings

_MOST_BYTES = 64 << 20  # of one image
_ANSWER_BYTES = 1 << 20  # of an answer, which holds links
_ACCEPTED = 60.0  # seconds within which Ideogram says that it took an order
_NOT_KNOWN_YET = 10.0  # seconds for which a fresh generation may be unknown to those who are asked

# Asked how far it is: first when the quickest of late could be done, then ever more seldom. A tenth of a
# second costs 1.7 % of a call of 3 s; ten generations asked so often put a third of the 1,000 questions that
# Ideogram answers in 10 s.
_OFTEN, _GROWING, _SELDOM = 0.1, 0.03, 2.0
_EARLY = 0.95
_OF_LATE = 20

_NOBODY = "AAAAAAAAAAAAAAAAAAAAAA"  # the id of no generation


def terms(settings: Settings) -> IdeogramTerms:
    """What the back end is under these settings, complete or not."""
    return IdeogramTerms(settings)


def _traits(settings: Settings) -> Traits:
    return Traits(
        name="ideogram",
        title="Ideogram",
        about="Images made by Ideogram through its API; each image is charged there.",
        places=settings.ideogram_places,
        free_to_repeat=False,
        seconds=(5.0, 25.0),
        settings=("IDEOGRAM_API_KEY", "IDEOGRAM_BASE_URL", "IDEOGRAM_PLACES", "IDEOGRAM_TIMEOUT"),
    )


def connect(settings: Settings) -> Ideogram:
    """Check the settings; the first connection is opened by the first call. Raises NotConfigured."""
    return Ideogram(settings, Calls(endpoint(settings), settings.ideogram_timeout))


def probe(settings: Settings) -> Probe:
    """A generation that nobody ever ordered: not found, unless the key is refused. Raises NotConfigured."""
    there = endpoint(settings)
    address = f"{there.base}/v2/generations/{_NOBODY}"
    return Probe(address, there.authorization(), frozenset({400, 404}))


def endpoint(settings: Settings) -> Endpoint:
    """Raises NotConfigured that names the setting and says how to set it."""
    parts, key = web_address(settings.ideogram_base_url), settings.ideogram_api_key.strip()
    if parts is None:
        raise NotConfigured(
            "IDEOGRAM_BASE_URL is no web address; it takes one such as https://api.ideogram.ai."
        )
    if not key:
        raise NotConfigured(
            "No key for Ideogram is set. Set IDEOGRAM_API_KEY to one from the API page of its settings."
        )
    if not usable_key(key):
        raise NotConfigured("IDEOGRAM_API_KEY has characters that no key has; copy it once more.")
    base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    return Endpoint(base, key, header="Api-Key", scheme="")


class IdeogramTerms:
    """What each method promises stands at `Terms` in port.py."""

    def __init__(self, settings: Settings) -> None:
        self.traits = _traits(settings)
        self._table = settings.prices

    @cached_property
    def _prices(self) -> Prices:
        return Prices.read(self._table)

    def price(self, values: Values) -> int:
        return self._prices.image({**values, "rendering": routes.rendering(values)})

    def dollars(self, values: Values) -> float | None:
        return self._prices.dollars({**values, "rendering": routes.rendering(values)})

    def size(self, values: Values, wanted: tuple[int, int]) -> tuple[int, int]:  # noqa: ARG002
        return wanted

    def gaps(self, values: Values) -> tuple[Gap, ...]:
        return tuple(routes.gaps(values))


class Ideogram(IdeogramTerms):
    """The open back end; what each method promises stands at `Resumable` and `Quoting` in port.py.

    A ticket is a generation's id, or where the answer came at once (the older interface) what was made.
    """

    def __init__(self, settings: Settings, calls: Calls) -> None:
        super().__init__(settings)
        self._prices = Prices.read(settings.prices)
        self._calls, self._patience = calls, settings.ideogram_timeout
        self.account = calls.endpoint.account
        self._ordered: dict[str, float] = {}
        self._took: deque[float] = deque(maxlen=_OF_LATE)

    async def open(self) -> None:
        self._calls.open()

    async def generate(self, request: Request) -> Answer:
        ticket = await self.begin(request)
        try:
            return await self.collect(request, await self.wait(request, ticket))
        except (Throttled, Unavailable, Halted) as reason:
            raise AnswerLost(f"It was ordered, and could not be fetched: {reason}") from reason

    async def begin(self, request: Request) -> str:
        call, began = routes.call(request.values, request.images, request.seed), time.monotonic()
        within = _ACCEPTED if call.later else None
        reply = await self._calls.post(call.path, call.content, request.attempt, _ANSWER_BYTES, within)
        if not 200 <= reply.status < 300:
            raise error(reply, self._calls.endpoint, time.monotonic() - began)
        document = self._document(reply)
        if isinstance(data := document.get("data"), list) and data:
            return answers.made(data)
        ticket = document.get("generation_id")
        if not call.later or not isinstance(ticket, str) or not ticket:
            raise error(reply, self._calls.endpoint)
        self._ordered[ticket] = time.monotonic()
        return ticket

    async def wait(self, request: Request, ticket: str) -> str:  # noqa: ARG002 (the port's signature)
        if ticket.startswith("{"):
            return ticket
        ordered = self._ordered.pop(ticket, None)
        if ordered and self._took:
            await asyncio.sleep(_EARLY * min(self._took) - (time.monotonic() - ordered))
        began = ordered or time.monotonic()
        while True:
            waited = time.monotonic() - began
            if done := self._done(await self._calls.look(_generation(ticket), _ANSWER_BYTES), waited):
                if ordered:
                    self._took.append(waited)
                return done
            if waited > self._patience:
                raise AnswerLost(
                    f"Ideogram has not finished generation {ticket} within {self._patience:g} s; "
                    "it may bill it all the same."
                )
            await asyncio.sleep(self._pause(waited))

    async def collect(self, request: Request, made: str) -> Answer:
        found = answers.items(made)
        outcomes = await asyncio.gather(*(self._fetch(item) for item in found[: request.images]))
        for one in outcomes:
            if isinstance(one, NotYet):
                raise Unavailable(one.why)
        return answers.answer(found, outcomes, request)

    def kind(self, values: Values) -> str | None:
        return (
            None
            if routes.legacy(values)
            else f"{values['model']} {values['rendering']} {values['num_images']}"
        )

    async def ask(self, request: Request) -> Priced:
        call = routes.call(request.values, request.images, request.seed)
        path = f"{call.path}?dry_run=true"
        reply = await self._calls.post(path, call.content, request.attempt, _ANSWER_BYTES, _ACCEPTED)
        if reply.status != 200:
            raise error(reply, self._calls.endpoint)
        return answers.priced(self._document(reply), self._calls.endpoint.host)

    async def close(self) -> None:
        await self._calls.close()

    def _pause(self, waited: float) -> float:
        often = _OFTEN * max(1.0, self.traits.places / 20)
        return min(_SELDOM, max(often, _GROWING * waited))

    def _document(self, reply: Reply) -> dict[str, Any]:
        """The JSON object of an answer. Raises AnswerLost."""
        try:
            document = json.loads(reply.body)
        except (ValueError, RecursionError):
            raise AnswerLost(
                f"{self._calls.endpoint.host} answered with {reply.looks}; it may have billed the call."
            ) from None
        return document if isinstance(document, dict) else {}

    def _done(self, reply: Reply, waited: float) -> str | None:
        """What a generation made; None while it is under way. Raises what `wait` does."""
        there = self._calls.endpoint
        if reply.status == 404:
            if waited < min(_NOT_KNOWN_YET, self._patience):
                return None
            raise AnswerLost(f"{there.host} knows nothing of what was ordered; it may have billed it.")
        if reply.status != 200:
            reason = error(reply, there)
            raise reason if isinstance(reason, Halted | Throttled) else Unavailable(str(reason))
        try:
            document = self._document(reply)
        except AnswerLost:
            raise Unavailable(f"{there.host} answered with {reply.looks} when asked how far it is.") from None
        if document.get("status") == "failed":
            raise failed(document, there)
        data = document.get("data")
        return (
            answers.made(data) if document.get("status") == "completed" and isinstance(data, list) else None
        )

    async def _fetch(self, item: Item) -> Outcome:
        """Download an image, again where that may help: it costs nothing."""
        if item.address is None:
            return None
        host = web_host(item.address)
        if not host:
            return Lost(f"{self._calls.endpoint.host} gave an address for an image that is no web address.")
        why, lasting = "", False
        for pause in (*PAUSES, None):
            status, data = await self._calls.download(item.address, _MOST_BYTES)
            try:
                if status == 200:
                    return Whole(data, images.size(data))
                why, lasting = (
                    f"{host} did not hand out the finished image ({_said(status)}).",
                    not passing(status),
                )
            except images.Damaged as reason:
                why, lasting = f"{host} handed out a file that cannot be used: {reason}", pause is None
            if lasting or pause is None:
                break
            await asyncio.sleep(pause)
        return Lost(why) if lasting or answers.over(item.address, time.time()) else NotYet(why)


def _generation(ticket: str) -> str:
    return f"v2/generations/{quote(ticket, safe='')}"


def _said(status: int) -> str:
    if status in {401, 403, 404, 410}:
        return f"HTTP {status}: its link has expired"
    return f"HTTP {status}" if status else "the connection broke"

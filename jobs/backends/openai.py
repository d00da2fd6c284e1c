"""The back end for every endpoint that speaks OpenAI's images protocol: POST {base}/images/generations."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

from jobs.backends import images
from jobs.backends.addresses import usable_key, web_address
from jobs.backends.calls import Calls
from jobs.backends.openai_answers import Call, Item, Lost, Outcome, Whole, collect, items, pixels
from jobs.backends.openai_models import Size, family
from jobs.backends.port import Answer, Gap, Request, Traits, Values, usd
from jobs.backends.replies import Endpoint
from jobs.errors import AnswerLost, BackendError, NotConfigured
from jobs.settings import Settings
from schema import columns

_PUBLIC = "https://api.openai.com/v1"
_PATH = "images/generations"
_MOST_BYTES = 64 << 20  # of one image; the largest of 8 MP as PNG has about 30 MB
_FRAME_BYTES = 1 << 20  # of an answer, beside its images in base64
_LACKING = ("seed_number", "negative_prompt", "color_palette")


def terms(settings: Settings) -> OpenAITerms:
    """What the back end is under these settings, complete or not."""
    return OpenAITerms(settings)


def _traits(settings: Settings) -> Traits:
    parts = web_address(_given(settings))
    host = parts.netloc if parts else "an endpoint that is not set"
    return Traits(
        name="openai",
        title="OpenAI-compatible",
        about=f"Images made by {settings.images_model} at {host}; each image is charged there.",
        places=settings.images_places,
        free_to_repeat=False,
        seconds=(8.0, 45.0),
        magic=family(settings.images_model).rewrites,
        settings=(
            "PROMPTSHEET_IMAGES_API_KEY",
            "PROMPTSHEET_IMAGES_BASE_URL",
            "PROMPTSHEET_IMAGES_MODEL",
            "PROMPTSHEET_IMAGES_PRICE",
            "PROMPTSHEET_IMAGES_PLACES",
            "PROMPTSHEET_IMAGES_TIMEOUT",
        ),
    )


def connect(settings: Settings) -> OpenAIImages:
    """Check the settings; the first connection is opened by the first call. Raises NotConfigured."""
    return OpenAIImages(settings, Calls(endpoint(settings), settings.images_timeout))


def endpoint(settings: Settings) -> Endpoint:
    """Where the images come from. An address without a path gets /v1; one with a path is taken as it is.

    Raises NotConfigured that names the setting and says how to set it.
    """
    key = (settings.images_api_key or settings.openai_api_key).strip()
    parts = web_address(_given(settings))
    if parts is None:
        name = "PROMPTSHEET_IMAGES_BASE_URL" if settings.images_base_url else "OPENAI_BASE_URL"
        raise NotConfigured(f"{name} is no web address; it takes one such as http://localhost:8080/v1.")
    if not key and parts.hostname == urlsplit(_PUBLIC).hostname:
        raise NotConfigured(
            "No images endpoint is set. Set PROMPTSHEET_IMAGES_API_KEY to a key of api.openai.com, or "
            "PROMPTSHEET_IMAGES_BASE_URL to the address of a server that speaks its protocol."
        )
    if not usable_key(key):
        raise NotConfigured("PROMPTSHEET_IMAGES_API_KEY has characters that no key has; copy it once more.")
    path = parts.path.rstrip("/").removesuffix(f"/{_PATH}") or "/v1"
    return Endpoint(f"{parts.scheme}://{parts.netloc}{path}", key)


def _given(settings: Settings) -> str:
    return (settings.images_base_url or settings.openai_base_url or _PUBLIC).strip()


class OpenAITerms:
    """What each method promises stands at `Terms` in port.py."""

    def __init__(self, settings: Settings) -> None:
        self.traits = _traits(settings)
        self._model, self._price = settings.images_model, settings.images_price
        self._family = family(settings.images_model)

    def price(self, values: Values) -> int:  # noqa: ARG002 (the port's signature)
        return self._price

    def dollars(self, values: Values) -> float | None:  # noqa: ARG002
        return usd(self._price)

    def size(self, values: Values, wanted: Size) -> Size:  # noqa: ARG002 (the port's signature)
        return self._family.size(wanted)

    def gaps(self, values: Values) -> tuple[Gap, ...]:
        """One sentence a column, the same for the same reason, so that a quote can count its rows."""
        return tuple(Gap(column, sentence) for column, sentence in self._lacking(values))

    def _lacking(self, values: Values) -> Iterator[tuple[str, str]]:
        model, taken = self._model, self._family
        yield "model", f"The model column names Ideogram's models; {model} makes the images here."
        for column in _LACKING:
            if column in values:
                yield column, f"{model} takes no {column}; it is ignored."
        if values["style"] != "auto":
            yield "style", f"{model} takes no style; say it in the prompt."
        if taken.rewrites and values["magic_prompt"] == "off":
            yield "magic_prompt", f"{model} always puts the prompt into its own words; off is ignored."
        if taken.lacks(rendering := str(values["rendering"])):
            yield "rendering", f"{model} has no {rendering} rendering; its usual one is used."
        wanted = columns.load().size(values)
        if (made := taken.size(wanted)) != wanted:
            yield "aspect_ratio", f"{model} makes {pixels(made)} instead of {pixels(wanted)}."


class OpenAIImages(OpenAITerms):
    """The open back end; what each method promises stands at `Backend` in port.py."""

    def __init__(self, settings: Settings, calls: Calls) -> None:
        super().__init__(settings)
        self._calls = calls
        self.account = calls.endpoint.account

    async def open(self) -> None:
        self._calls.open()

    async def generate(self, request: Request) -> Answer:
        """One paid call; several in turn only where the model makes fewer images a call than the row wants.

        What earlier calls gave is kept when a later one fails: repeating the row would pay for it twice.
        """
        answer, at_once = Answer(()), self._family.at_once
        size = self._family.size((request.width, request.height))
        for first in range(0, request.images, at_once):
            call = Call(first, min(at_once, request.images - first), size)
            try:
                answer = _joined(answer, await self._make(request, call))
            except BackendError as reason:
                if not answer.pictures:
                    raise
                return _joined(answer, _cut_off(reason, call, request.images))
        return answer

    async def close(self) -> None:
        await self._calls.close()

    async def _make(self, request: Request, call: Call) -> Answer:
        name = f"{request.attempt}-{call.first + 1}" if call.first else request.attempt
        limit = call.count * _MOST_BYTES * 4 // 3 + _FRAME_BYTES
        reply = await self._calls.post(_PATH, self._content(request, call), name, limit)
        found = items(reply, self._calls.endpoint, self._model)
        outcomes = await asyncio.gather(*(self._outcome(item) for item in found[: call.count]))
        return collect(outcomes, len(found), request, call)

    def _content(self, request: Request, call: Call) -> dict[str, str | int]:
        width, height = call.size
        content: dict[str, str | int] = {
            "model": self._model,
            "prompt": request.prompt,
            "n": call.count,
            "size": f"{width}x{height}",
        }
        if self._family.quality:
            content["quality"] = self._family.quality[str(request.values["rendering"])]
        if self._family.base64:
            content["response_format"] = "b64_json"
        return content

    async def _outcome(self, item: Item) -> Outcome:
        try:
            data = await self._bytes(item)
            return None if data is None else Whole(data, images.size(data), item.prompt_used)
        except (images.Damaged, AnswerLost) as reason:
            return Lost(str(reason))

    async def _bytes(self, item: Item) -> bytes | None:
        if item.encoded:
            return images.decode(item.encoded)
        if item.address and item.address.startswith("data:"):
            return images.decode(item.address)
        return await self._calls.fetch(item.address, _MOST_BYTES) if item.address else None


def _joined(one: Answer, more: Answer) -> Answer:
    return Answer(
        one.pictures + more.pictures,
        one.withheld + more.withheld,
        tuple(dict.fromkeys(one.notes + more.notes)),
    )


def _cut_off(reason: BackendError, call: Call, wanted: int) -> Answer:
    """What is left to say of a row of which only the calls before this one gave images."""
    billed = call.count if isinstance(reason, AnswerLost) else getattr(reason, "billed", 0)
    return Answer((), billed, (f"The calls ended after {call.first} of {wanted} images: {reason}",))

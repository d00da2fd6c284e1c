"""The back end for AUTOMATIC1111, Forge and SD.Next: POST {address}/sdapi/v1/txt2img, one call at a time."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from jobs.backends import images
from jobs.backends.a1111_words import STYLES, folded
from jobs.backends.addresses import host, usable_key, web_address
from jobs.backends.calls import Calls
from jobs.backends.port import Answer, Gap, Picture, Probe, Request, Traits, Values, usd
from jobs.backends.replies import Endpoint, Reply
from jobs.backends.told import Told, quoted
from jobs.errors import AnswerLost, BackendError, Halted, NotConfigured, Rejected, Throttled, Unavailable
from jobs.settings import Settings
from schema import columns

_PATH = "sdapi/v1/txt2img"
_MOST_BYTES = 64 << 20  # of one image
_FORMAT_SIDE = 1024  # of a square image in the format's own sizes
_GRAIN = 8  # every side is a multiple of it: one pixel of the latent image
_RANDOM = -1
_PASSING = {408, 409, 425}


def terms(settings: Settings) -> A1111Terms:
    """What the back end is under these settings, complete or not."""
    return A1111Terms(settings)


def _traits(settings: Settings) -> Traits:
    parts = web_address(settings.a1111_base_url, account=True)
    return Traits(
        name="a1111",
        title="Stable Diffusion web UI",
        about=f"Images made by the model loaded at {host(parts) if parts else 'a server that is not set'}.",
        places=1,  # one graphics card; the server would only queue more
        free_to_repeat=True,
        seconds=(4.0, 60.0),
        magic=False,
        settings=("A1111_BASE_URL", "A1111_SIDE", "A1111_STEPS", "A1111_PRICE", "A1111_TIMEOUT"),
    )


def connect(settings: Settings) -> A1111:
    """Check the settings; the first connection is opened by the first call. Raises NotConfigured."""
    return A1111(settings, Calls(endpoint(settings), settings.a1111_timeout))


def probe(settings: Settings) -> Probe:
    """Its list of models. Raises NotConfigured."""
    there = endpoint(settings)
    return Probe(f"{there.base}/sdapi/v1/sd-models", there.authorization(), frozenset({200}))


def endpoint(settings: Settings) -> Endpoint:
    """The server; name and password before its host are shown as Basic does. Raises NotConfigured."""
    if not settings.a1111_base_url.strip():
        raise NotConfigured(
            "No Stable Diffusion web UI is set. Start AUTOMATIC1111, Forge or SD.Next with --api and set "
            "A1111_BASE_URL to its address, such as http://127.0.0.1:7860."
        )
    parts = web_address(settings.a1111_base_url, account=True)
    if parts is None:
        raise NotConfigured("A1111_BASE_URL is no web address; it takes one such as http://127.0.0.1:7860.")
    account = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    if not usable_key(account):
        raise NotConfigured("A1111_BASE_URL has characters in its name or password that no call can show.")
    key = base64.b64encode(account.encode()).decode() if parts.username else ""
    path = parts.path.rstrip("/").removesuffix(f"/{_PATH}")
    return Endpoint(f"{parts.scheme}://{host(parts)}{path}", key, scheme="Basic")


class A1111Terms:
    """What each method promises stands at `Terms` in port.py."""

    def __init__(self, settings: Settings) -> None:
        self.traits = _traits(settings)
        self._side, self._price = settings.a1111_side, settings.a1111_price

    def price(self, values: Values) -> int:  # noqa: ARG002 (the port's signature)
        return self._price

    def dollars(self, values: Values) -> float | None:  # noqa: ARG002
        return usd(self._price)

    def size(self, values: Values, wanted: tuple[int, int]) -> tuple[int, int]:  # noqa: ARG002
        """The format's own size, scaled to the side that is set and rounded to what the model can make."""
        width, height = columns.load().size(values)
        return self._scaled(width), self._scaled(height)

    def gaps(self, values: Values) -> tuple[Gap, ...]:
        """One sentence a column, the same for the same reason, so that a quote can count its rows."""
        return tuple(Gap(column, sentence) for column, sentence in self._lacking(values))

    def _scaled(self, side: int) -> int:
        return max(1, round(side * self._side / _FORMAT_SIDE / _GRAIN)) * _GRAIN

    def _lacking(self, values: Values) -> Iterator[tuple[str, str]]:
        yield "model", "The model column names Ideogram’s models; the one loaded on the server is used."
        if added := STYLES.get(str(values["style"])):
            yield "style", f"The server knows no styles; “{added}” is added to the prompt."
        elif values["style"] != "auto":
            yield "style", f"The server knows no styles; {values['style']} is ignored."
        if "color_palette" in values:
            yield (
                "color_palette",
                "The server takes no palette; its colours are added to the prompt in words.",
            )
        if self._side != _FORMAT_SIDE:
            yield "aspect_ratio", f"Images are made for squares of {self._side} pixels, as A1111_SIDE says."


class A1111(A1111Terms):
    """The open back end; what each method promises stands at `Backend` in port.py."""

    def __init__(self, settings: Settings, calls: Calls) -> None:
        super().__init__(settings)
        self._steps, self._calls = settings.a1111_steps, calls
        self.account = calls.endpoint.account

    async def open(self) -> None:
        self._calls.open()

    async def generate(self, request: Request) -> Answer:
        limit = request.images * _MOST_BYTES * 4 // 3 + (1 << 20)
        reply = await self._calls.post(_PATH, self._content(request), request.attempt, limit)
        if not 200 <= reply.status < 300:
            raise _error(reply, self._calls.endpoint)
        return _Made.read(reply, self._calls.endpoint).answer(request, self._calls.endpoint.host)

    async def close(self) -> None:
        await self._calls.close()

    def _content(self, request: Request) -> dict[str, str | int]:
        steps = {"turbo": max(1, self._steps // 2), "quality": self._steps * 2}
        return {
            "prompt": folded(request.values),
            "negative_prompt": str(request.values.get("negative_prompt", "")),
            "seed": _RANDOM if request.seed is None else request.seed,
            "width": request.width,
            "height": request.height,
            "steps": steps.get(str(request.values["rendering"]), self._steps),
            "batch_size": 1,  # one after the other: a card that holds one image makes all of them
            "n_iter": request.images,
        }


@dataclass(frozen=True, slots=True)
class _Made:
    """An answer: the images in base64, in order, and what `info` says of each."""

    encoded: list[str]
    seeds: list[Any]
    prompts: list[Any]

    @classmethod
    def read(cls, reply: Reply, there: Endpoint) -> _Made:
        """Raises AnswerLost where this is no answer with images."""
        try:
            answer = json.loads(reply.body)
            info = json.loads(answer["info"])
            first = int(info.get("index_of_first_image") or 0)  # before it stands a grid of them all
            encoded = [str(image) for image in answer["images"]][first:]
            return cls(encoded, list(info.get("all_seeds") or ()), list(info.get("all_prompts") or ()))
        except (ValueError, RecursionError):
            raise AnswerLost(f"{there.host} answered with {reply.looks}, not with images.") from None
        except (KeyError, TypeError, AttributeError):
            raise AnswerLost(f"{there.host} answered, but with no images. {_CHECK_ADDRESS}") from None

    def answer(self, request: Request, server: str) -> Answer:
        """Raises AnswerLost where an image is missing or damaged: the whole row is free to be made again."""
        if len(self.encoded) < request.images:
            raise AnswerLost(f"{server} sent {len(self.encoded)} of {request.images} images.")
        pictures, sizes = [], []
        for index, text in enumerate(self.encoded[: request.images], 1):
            try:
                data = images.decode(text)
                sizes.append(images.size(data))
            except (images.Damaged, binascii.Error) as reason:
                raise AnswerLost(f"{server} sent an image that cannot be used: {reason}") from None
            pictures.append(Picture(index, data, self._seed(index), self._prompt(index)))
        return Answer(tuple(pictures), notes=tuple(dict.fromkeys(_other_size(sizes, request))))

    def _seed(self, index: int) -> int | None:
        seed = self.seeds[index - 1] if index <= len(self.seeds) else None
        return int(seed) if isinstance(seed, int) else None

    def _prompt(self, index: int) -> str | None:
        return str(self.prompts[index - 1]) if index <= len(self.prompts) else None


_CHECK_ADDRESS = "Start it with --api and check A1111_BASE_URL, then resume."


def _other_size(sizes: list[tuple[int, int]], request: Request) -> Iterator[str]:
    for width, height in sizes:
        if (width, height) != (request.width, request.height):
            yield f"Asked for {request.width} × {request.height}, got {width} × {height}."


def _error(reply: Reply, there: Endpoint) -> BackendError:
    """What a reply without images amounts to, in the server's own words."""
    status, words = reply.status, quoted(there.masked(_said(reply.body)))
    if status in {401, 403}:
        return Halted(
            f"{there.host} refused the name and password ({status}){words}. Set A1111_BASE_URL to "
            "http://name:password@host:port, then resume."
        )
    if status in {404, 405}:
        return Halted(f"{there.base} makes no images ({status}){words}. {_CHECK_ADDRESS}")
    if 300 <= status < 400:
        return Halted(f"{there.host} sends calls on to {reply.sent_on_to(there)}. {_CHECK_ADDRESS}")
    if status == 429:
        return Throttled(f"{there.host} takes no more calls just now{words}.", reply.retry_after())
    if status >= 500 or status in _PASSING:
        return Unavailable(f"{there.host} failed ({status}){words}.", reply.retry_after())
    return Rejected(f"{there.host} cannot make this row ({status}){words}. Change it and try again.")


def _said(body: bytes | bytearray) -> str:
    """Its own words: `error` is only the name of a class, `errors` and `detail` hold the sentence."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if isinstance(answer, dict) and isinstance(errors := answer.get("errors"), str) and errors:
        return errors
    if isinstance(answer, dict) and answer.get("detail"):
        return Told.read(json.dumps({"detail": answer["detail"]}).encode()).words
    return Told.read(body).words

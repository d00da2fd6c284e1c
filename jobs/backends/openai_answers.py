"""Answers of OpenAI-compatible images endpoints: their JSON as items, and what came of those as an Answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jobs.backends import images
from jobs.backends.openai_errors import error
from jobs.backends.openai_models import Size
from jobs.backends.port import Answer, Picture, Request
from jobs.backends.replies import Endpoint, Reply
from jobs.errors import AnswerLost, Refused


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of `data`: base64 or an address; neither where the provider keeps the image back."""

    encoded: memoryview | str | None
    address: str | None
    prompt_used: str | None


@dataclass(frozen=True, slots=True)
class Whole:
    """An image that arrived, checked to be whole."""

    data: bytes
    size: Size
    prompt_used: str | None


@dataclass(frozen=True, slots=True)
class Lost:
    """An image that was made and did not arrive whole; `why` is a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class Call:
    """One paid call for `count` of a row's images, of `size` pixels, from `first` (counted from 0) on."""

    first: int
    count: int
    size: Size


Outcome = Whole | Lost | None
"""What became of an item; None: kept back."""


def items(reply: Reply, endpoint: Endpoint, model: str) -> list[Item]:
    """The entries of a reply's `data`. Raises what the error in its place amounts to."""
    if not 200 <= reply.status < 300:
        raise error(reply, endpoint, model)
    try:
        answer, cut = images.parse(reply.body)
    except ValueError:
        raise AnswerLost(
            f"{endpoint.host} answered with {reply.looks}, not with images; it may have billed the call."
        ) from None
    data = answer.get("data", "") if isinstance(answer, dict) else ""
    if not isinstance(data, list | None):
        raise error(reply, endpoint, model)
    return [_item(entry if isinstance(entry, dict) else {}, cut) for entry in data or ()]


def collect(outcomes: Sequence[Outcome], sent: int, request: Request, call: Call) -> Answer:
    """What one call gave: `outcomes` of the images asked for, of which `sent` came, maybe too many.

    An answer without any image is how providers that moderate silently refuse: Refused, and billed like
    images that are kept back. Raises AnswerLost where images were made and none arrived whole.
    """
    places = range(call.first + 1, call.first + 1 + call.count)
    arrived = {place: one for place, one in zip(places, outcomes, strict=False) if isinstance(one, Whole)}
    lost = [one.why for one in outcomes if isinstance(one, Lost)]
    if not arrived and lost:
        raise AnswerLost(f"No image arrived, though they were made: {lost[0]}")
    if not arrived:
        raise Refused(
            "The provider gave no image and no reason. Put the prompt in other words and try again.",
            call.count,
        )
    return Answer(
        pictures=tuple(Picture(place, one.data, None, one.prompt_used) for place, one in arrived.items()),
        withheld=call.count - len(arrived),
        notes=(
            *_missing(len(arrived), lost, call.count),
            *_too_many(sent, call.count),
            *_other_size([one.size for one in arrived.values()], call.size),
            *_reworded([one.prompt_used for one in arrived.values()], request),
        ),
    )


def pixels(size: Size) -> str:
    return f"{size[0]} × {size[1]}"


def _missing(arrived: int, lost: Sequence[str], asked: int) -> Iterator[str]:
    for why in dict.fromkeys(lost):
        yield f"{arrived} of {asked} images arrived; what else was made is lost: {why}"
    if kept_back := asked - arrived - len(lost):
        yield f"{arrived} of {asked} images came, {kept_back} kept back by the provider without a reason."


def _too_many(sent: int, asked: int) -> Iterator[str]:
    if sent > asked:
        yield f"The provider sent {sent} images where {asked} were asked for; the first {asked} are kept."


def _other_size(sizes: Sequence[Size], wanted: Size) -> Iterator[str]:
    for size in dict.fromkeys(sizes):
        if size != wanted:
            yield f"Asked for {pixels(wanted)}, got {pixels(size)}."


def _reworded(prompts: Sequence[str | None], request: Request) -> Iterator[str]:
    if request.values["magic_prompt"] == "off" and any(
        used not in {None, request.prompt} for used in prompts
    ):
        yield "The provider put the prompt into its own words, though magic_prompt is off."


def _item(entry: dict[str, object], cut: Sequence[memoryview]) -> Item:
    """An entry as it stands in the JSON, where a number in place of base64 is a place in `cut`."""
    encoded, address, prompt_used = (entry.get(name) for name in ("b64_json", "url", "revised_prompt"))
    if type(encoded) is int and 0 <= encoded < len(cut):
        encoded = cut[encoded]
    return Item(
        encoded if encoded and isinstance(encoded, memoryview | str) else None,
        address if address and isinstance(address, str) else None,
        prompt_used if prompt_used and isinstance(prompt_used, str) else None,
    )

"""Ideogram's answers: the images it made, by their links, and what came of fetching them as an Answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jobs.backends.ideogram_routes import prompt
from jobs.backends.port import Answer, Picture, Priced, Request
from jobs.errors import AnswerLost, Refused

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Item:
    """One image that was made. Without `address` it is withheld: billed, and not handed out."""

    address: str | None
    seed: int | None
    prompt_used: str | None


@dataclass(frozen=True, slots=True)
class Whole:
    """An image that arrived, checked to be whole."""

    data: bytes
    size: Size


@dataclass(frozen=True, slots=True)
class Lost:
    """An image that was made and will not arrive; `why` is a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class NotYet:
    """An image that could not be fetched now; its link still holds."""

    why: str


Outcome = Whole | Lost | NotYet | None
"""What became of an item; None: withheld."""


def made(data: Sequence[Any]) -> str:
    """What is to be remembered of an answer until its images are here: its `data`, unread."""
    return json.dumps({"data": data})


def items(text: str) -> list[Item]:
    """The images of a remembered answer."""
    return [_item(entry if isinstance(entry, Mapping) else {}) for entry in json.loads(text)["data"]]


def priced(document: Mapping[str, Any], host: str) -> Priced:
    """A price quote. Raises AnswerLost where this is none."""
    amounts = [document.get(name) for name in ("credit_millis", "usd_micros", "upper_bound_usd_micros")]
    price, micros, most = (one if isinstance(one, int) and one >= 0 else None for one in amounts)
    if document.get("object") != "price_quote" or price is None or micros is None:
        raise AnswerLost(f"{host} answered, but with no price.")
    exact = document.get("qualifier") == "exact"
    return Priced(price, micros / 1e6, None if exact or most is None else most / 1e6)


def over(address: str, now: float) -> bool:
    """Whether a link says of itself, in `exp`, that its time is over (seconds since 1970)."""
    try:
        ends = parse_qs(urlsplit(address).query).get("exp", ["inf"])[0]
        return float(ends) < now
    except ValueError:
        return False


def answer(found: Sequence[Item], outcomes: Sequence[Outcome], request: Request) -> Answer:
    """`outcomes` are of the first images that were asked for, of `found`, maybe too many or too few.

    Raises Refused where all was withheld, AnswerLost where images were made and none arrived.
    """
    asked = request.images
    arrived = {
        place: (item, one)
        for place, (item, one) in enumerate(zip(found, outcomes, strict=False), 1)
        if isinstance(one, Whole)
    }
    lost = [one.why for one in outcomes if isinstance(one, Lost)]
    if not arrived and lost:
        raise AnswerLost(f"No image arrived, though they were made and billed: {lost[0]}")
    if not arrived:
        what = f"all {asked} images" if asked > 1 else "the image"
        raise Refused(
            f"Ideogram withheld {what} as unsafe, and bills all the same. "
            "Put the prompt in other words and try again.",
            asked,
        )
    return Answer(
        pictures=tuple(
            Picture(place, one.data, item.seed, item.prompt_used) for place, (item, one) in arrived.items()
        ),
        withheld=asked - len(arrived),
        notes=(
            *_missing(len(arrived), len(found), lost, asked),
            *_too_many(len(found), asked),
            *_other_size([one.size for _, one in arrived.values()], request),
            *_reworded([item.prompt_used for item, _ in arrived.values()], request),
        ),
    )


def _item(entry: Mapping[str, Any]) -> Item:
    address, seed, used = (entry.get(name) for name in ("url", "seed", "prompt"))
    safe = entry.get("is_image_safe") is not False
    return Item(
        address if safe and isinstance(address, str) and address else None,
        seed if isinstance(seed, int) and not isinstance(seed, bool) else None,
        used if isinstance(used, str) and used else None,
    )


def _missing(arrived: int, made: int, lost: Sequence[str], asked: int) -> Iterator[str]:
    for why in dict.fromkeys(lost):
        yield f"{arrived} of {asked} images arrived; what else was made is lost: {why}"
    if made < asked:
        yield f"Ideogram answered with {made} of {asked} images and gave no reason."


def _too_many(sent: int, asked: int) -> Iterator[str]:
    if sent > asked:
        yield f"Ideogram made {sent} images where {asked} were asked for; the first {asked} are kept."


def _other_size(sizes: Sequence[Size], request: Request) -> Iterator[str]:
    for width, height in dict.fromkeys(sizes):
        if (width, height) != (request.width, request.height):
            yield f"Asked for {request.width} × {request.height}, got {width} × {height}."


def _reworded(prompts: Sequence[str | None], request: Request) -> Iterator[str]:
    sent = prompt(request.values)
    if request.values["magic_prompt"] == "off" and any(used not in {None, sent} for used in prompts):
        yield "Ideogram put the prompt into its own words, though magic_prompt is off."

"""Which images a gallery shows, as its address says, and in words where there are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from jobs.store import images
from jobs.store.database import Connection
from jobs.store.images import Wanted
from schema.wording import listed, quoted

OTHERWISE = {
    "starred": "without a star",
    "private": "that are public",
    "ratio": "in another ratio",
    "style": "in another style",
    "batch_id": "in other batches",
    "text": "with other words",
}
"""What the images are called that show when one filter is taken away, the least wanted first."""

NOTHING = Wanted()


@dataclass(frozen=True)
class Wider:
    """What shows when one filter is taken away: how many images, what they are called, the filters left."""

    images: int
    words: str
    wanted: Wanted


def asked() -> Wanted:
    """From ?q=, batch, ratio, style, starred and private."""
    given = request.args
    return Wanted(
        given.get("q", "").strip(),
        given.get("batch") or None,
        given.get("ratio") or None,
        given.get("style") or None,
        given.get("starred") == "1",
        given.get("private") == "1",
    )


def address(wanted: Wanted) -> Mapping[str, Any]:
    """The other way round: what of an address says this."""
    said = {
        "q": wanted.text,
        "batch": wanted.batch_id,
        "ratio": wanted.ratio,
        "style": wanted.style,
        "starred": "1" if wanted.starred else "",
        "private": "1" if wanted.private else "",
    }
    return {name: value for name, value in said.items() if value}


def none_found(wanted: Wanted, batch: str | None) -> str:
    """No starred 2:3 image of “Posters” has “otter” in its prompt."""
    kinds = ["starred"] * wanted.starred + ["private"] * wanted.private + [wanted.ratio or ""]
    which = " ".join(filter(None, ["No", *kinds, "image"]))
    which += f" in the style {wanted.style}" if wanted.style else ""
    which += f" of {quoted(batch or 'this batch')}" if wanted.batch_id else ""
    words = listed([quoted(word) for word in wanted.text.split()])
    return f"{which} has {words} in its prompt" if words else f"{which} is here"


def wider(connection: Connection, owner: str, wanted: Wanted) -> list[Wider]:
    """Each way to see something where nothing fits: one filter less, where that shows any."""
    found = []
    for name, words in OTHERWISE.items():
        if getattr(wanted, name) == getattr(NOTHING, name):
            continue
        less = replace(wanted, **{name: getattr(NOTHING, name)})
        if number := images.count(connection, owner, less):
            found.append(Wider(number, words, less))
    return found

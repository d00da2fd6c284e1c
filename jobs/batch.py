"""What a batch is made of: its states, the moves between them, and a sheet's rows turned into items. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from schema.columns import Value


class BatchState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"


class RowState(StrEnum):
    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REUSED = "reused"


WORKING = (BatchState.QUEUED, BatchState.RUNNING)
"""States in which rows are claimed."""

OPEN = (*WORKING, BatchState.STOPPING)
"""States in which somebody must still see to the batch."""

IN_HAND = (RowState.CLAIMED, RowState.SENT)
"""States of a row that a worker holds."""

SETTLED = (RowState.DONE, RowState.REFUSED, RowState.FAILED, RowState.UNKNOWN, RowState.REUSED)
"""States of a row that nothing moves by itself any more."""

MADE = (RowState.DONE, RowState.REUSED)

TROUBLED = (RowState.REFUSED, RowState.FAILED, RowState.UNKNOWN)
"""States in which a row needs a person."""


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a batch as it is run.

    `values` holds what the person set, by column; `images` how many are to be made, `price` thousandths of a
    credit for all of them, `number` the row's number on screen, `file_row` the one in the uploaded file.
    `micros` is the price in millionths of a US dollar, None where none is listed.
    """

    row_id: str
    number: int
    file_row: int | None
    values: Mapping[str, Value]
    images: int
    price: int
    micros: int | None = None


def file_name(number: int, width: int, index: int, prompt: str, row_id: str, extension: str) -> str:
    """`0007_2_a-sticker-of-a-cheerful-fox_<row id>.png`: sorts as the sheet does, and no two rows share one.

    `width` is the number of digits of the largest row number, at least four.
    """
    return f"{number:0{max(width, 4)}d}_{index}_{slug(prompt)}_{row_id}.{extension}"


def slug(text: str, length: int = 40) -> str:
    """At most `length` small ASCII letters, digits and hyphens: safe on every file system, never empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words[:length].strip("-") or "image"


def spread(count: int, wanted: int) -> list[int]:
    """`wanted` places spread evenly over `count` rows, the first and the last among them."""
    if wanted >= count:
        return list(range(count))
    if wanted == 1:
        return [0]
    return sorted({round(step * (count - 1) / (wanted - 1)) for step in range(wanted)})

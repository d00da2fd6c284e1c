"""What a sheet that is still a file would make and cost."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.backends import registry
from jobs.errors import NotConfigured
from jobs.settings import Settings
from schema import columns
from schema.sheet import Examined


@dataclass(frozen=True)
class Cost:
    """`credits` in thousandths on the default back end, None where that lacks a setting."""

    images: int
    credits: int | None


def cost(found: Examined, settings: Settings) -> Cost:
    """Images and credits of all rows; a faulty cell counts as its column's default. Raises Invalid."""
    rows = [columns.load().with_defaults(values) for values in found.values]
    images = [int(row["num_images"]) for row in rows]
    try:
        backend = registry.connect(settings.backend, settings)
    except NotConfigured:
        return Cost(sum(images), None)
    prices = (backend.price(row) * count for row, count in zip(rows, images, strict=True))
    return Cost(sum(images), sum(prices))

"""What every page that shows images asks: the class of a print's shape, and whether its file is there."""

from __future__ import annotations

import math
from functools import cache

from assistant.here import services
from assistant.web.creations.room import pages
from jobs.store.images import Image
from schema import columns


@pages.app_template_filter()
def shape(size: tuple[int, int]) -> str:
    """The style sheet's class for a width and height: r23 for 2:3, and for what a back end makes of it."""
    wanted = math.log(size[0] / size[1])
    nearest = min(columns.load()["aspect_ratio"].choices, key=lambda ratio: abs(_log(ratio) - wanted))
    return "r" + nearest.replace(":", "")


@pages.app_template_global()
def kept(image: Image) -> bool:
    return services().files.has(image.key)


@cache
def _log(ratio: str) -> float:
    width, height = columns.load().size({"aspect_ratio": ratio})
    return math.log(width / height)

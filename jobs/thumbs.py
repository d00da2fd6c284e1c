"""Small copies of images for lists: made when first asked for, kept beside the images, made once."""

from __future__ import annotations

import io
import logging

from PIL import Image as Pillow

from jobs.errors import NotFound, StorageFull
from jobs.files import Files

SIDE = 480
"""Pixels of the longer side: twice what a list shows, for dense screens."""

QUALITY = 82

TYPE = "image/webp"

log = logging.getLogger(__name__)


def thumb(files: Files, key: str) -> bytes:
    """The small copy of the image kept under `key`, as WebP. Raises NotFound where the image's file is gone.

    Two who ask at once may both make it; each writes it whole, and the copies are equal.
    """
    kept = f"thumbs/{key}.webp"
    try:
        return files.get(kept)
    except NotFound:
        made = shrunk(files.get(key))
    try:
        files.put(kept, made)
    except StorageFull:
        log.warning("No room to keep a small copy of %s", key)
    return made


def shrunk(data: bytes) -> bytes:
    """An image of at most SIDE pixels either way, as WebP. Raises OSError for data that is no whole image."""
    with Pillow.open(io.BytesIO(data)) as opened:
        opened.draft("RGB", (SIDE, SIDE))  # a JPEG is decoded at a fraction of its size
        image = opened.convert("RGBA" if "A" in opened.getbands() or "transparency" in opened.info else "RGB")
    image.thumbnail((SIDE, SIDE), reducing_gap=2.0)
    small = io.BytesIO()
    image.save(small, "WEBP", quality=QUALITY, method=3)
    return small.getvalue()

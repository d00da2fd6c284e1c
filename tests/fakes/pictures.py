"""Real images of any size and weight, made once: noise in a PNG, which no compression makes smaller."""

from __future__ import annotations

import io
import random
import struct
import zlib
from functools import cache


@cache
def png(width: int, height: int, weight: int = 0) -> bytes:
    """A whole PNG of `width` × `height` pixels that takes about `weight` bytes, or as few as it can."""
    stride = width * 3 + 1  # a filter byte before each line
    raw = bytearray(random.Random(f"{width}x{height}").randbytes(min(weight, stride * height)))
    raw.extend(bytes(stride * height - len(raw)))
    raw[::stride] = bytes(height)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(raw, 1)),
            _chunk(b"IEND", b""),
        )
    )


@cache
def converted(width: int, height: int, form: str) -> bytes:
    """The same picture as JPEG or WEBP."""
    from PIL import Image

    file = io.BytesIO()
    with Image.open(io.BytesIO(png(width, height, 50_000))) as picture:
        picture.save(file, form)
    return file.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

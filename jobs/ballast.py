"""A file that is thrown overboard when the disk is full: room for the ledger to say so."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

SIZE = 4 << 20
"""Bytes: some hundred ledger commits, and what Redis appends meanwhile."""

AMPLE = 16 * SIZE
"""Free bytes below which none is laid: it would itself fill the disk."""


def lay(data: Path) -> None:
    """Have one ready, where there is room."""
    file = data / "ballast"
    with contextlib.suppress(OSError):
        free = os.statvfs(data)
        if not file.exists() and free.f_bavail * free.f_frsize > AMPLE:
            with file.open("wb") as opened:
                opened.write(bytes(SIZE))


def throw(data: Path) -> bool:
    """Make its room free; False where there is none left to throw."""
    try:
        (data / "ballast").unlink()
    except FileNotFoundError:
        return False
    return True

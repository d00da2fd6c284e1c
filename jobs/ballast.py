"""Room on the disk: what images leave free, and a file thrown overboard so that the ledger can speak."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from jobs.errors import StorageFull

SIZE = 4 << 20
"""Bytes: some hundred ledger commits, and what Redis appends meanwhile."""

SPARE = 2 * SIZE
"""Free bytes that images never take, and below which no row starts: more than the ballast, so that what it
makes free is the ledger's and Redis' alone."""

AMPLE = 16 * SIZE
"""Free bytes below which none is laid: it would itself fill the disk."""


def free(folder: Path) -> int:
    """Bytes that can still be written there."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def look(data: Path) -> None:
    """Raises StorageFull where only the spare room is left: what is not started then costs nothing."""
    if free(data) < SPARE:
        raise StorageFull(
            f"The disk is full where Promptsheet keeps its data ({data}). Make room, then resume."
        )


def lay(data: Path) -> None:
    """Have one ready, where there is room."""
    file = data / "ballast"
    with contextlib.suppress(OSError):
        if not file.exists() and free(data) > AMPLE:
            with file.open("wb") as opened:
                opened.write(bytes(SIZE))


def throw(data: Path) -> bool:
    """Make its room free; False where there is none left to throw."""
    try:
        (data / "ballast").unlink()
    except FileNotFoundError:
        return False
    return True

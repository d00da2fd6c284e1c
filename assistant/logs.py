"""What the processes that `up` started have to say: a file each, so that no terminal fills with traces."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import BinaryIO

LARGEST = 5 << 20
"""Bytes of a log; a larger one is put aside, in the place of the one put aside before."""


def place(data: Path, name: str) -> Path:
    return data / "logs" / f"{name}.log"


def opened(data: Path, name: str) -> BinaryIO:
    """The log of a part, to be written on at its end."""
    log = place(data, name)
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LARGEST:
            log.replace(log.with_suffix(".old.log"))
    return log.open("ab")


def last_words(data: Path, name: str) -> str:
    """The last line that a part wrote, an empty string where it wrote none."""
    with contextlib.suppress(OSError):
        log = place(data, name)
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 4096))
            lines = file.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""
    return ""

"""Files for the person: written whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from jobs.errors import Invalid


def write(path: Path, data: bytes) -> None:
    """Write a file, in place of one that is there. Raises Invalid that says why it cannot be."""
    with said(path):
        if path.exists() and not path.is_file():  # /dev/stdout is written into, not replaced
            path.write_bytes(data)
            return
        with whole(path.resolve()) as draft:
            draft.write_bytes(data)


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A draft beside `path` that takes its place when the block ends well, and goes where it does not."""
    draft = path.with_name(f".{path.name[:200]}.{os.getpid()}")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextlib.contextmanager
def said(path: Path) -> Iterator[None]:
    """Turns the system's no into a sentence about `path`."""
    try:
        yield
    except OSError as reason:
        why = (reason.strerror or str(reason)).lower()
        raise Invalid(f"{path} cannot be written: {why}. Choose another place with room.") from reason

"""A file that the person named: its bytes, and the sheet in them."""

from __future__ import annotations

from pathlib import Path

from jobs.settings import Settings
from schema.errors import Unreadable
from schema.refusals import refusal
from schema.sheet import Examined, examine
from schema.wording import sized


def opened(path: Path, limit: int) -> bytes:
    """A file's bytes, at most `limit` of them. Raises Unreadable that says why it cannot be read."""
    try:
        size = path.stat().st_size if path.is_file() else 0
        if size > limit:
            raise refusal("too-big", str(path), size=sized(size), limit=sized(limit))
        return path.read_bytes()
    except FileNotFoundError:
        raise Unreadable(f"There is no file {path}. Look at its name and its folder.") from None
    except IsADirectoryError:
        raise Unreadable(f"{path} is a folder. Name the file in it.") from None
    except OSError as reason:
        why = (reason.strerror or str(reason)).lower()
        raise Unreadable(f"{path} cannot be read: {why}.") from reason


def examined(path: Path, settings: Settings) -> Examined:
    """The sheet in a file, checked by the settings' limits. Raises Unreadable."""
    data = opened(path, settings.max_upload)
    return examine(data, path.name, max_rows=settings.max_rows, max_bytes=settings.max_upload)

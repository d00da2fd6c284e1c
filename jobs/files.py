"""Where images are kept: written whole or not at all, on the disk before they are spoken of."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path
from urllib.parse import unquote, urlsplit

from jobs import ballast
from jobs.errors import NotConfigured, NotFound, StorageFull

FULL = (errno.ENOSPC, errno.EDQUOT)


class Files:
    """A folder of files by key, `batch/name`. Safe to use from several threads and processes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, key: str) -> Path:
        return self.root / key

    def has(self, key: str) -> bool:
        return self.path(key).is_file()

    def put(self, key: str, data: bytes) -> None:
        """Write a file so that after a crash it is there whole or not at all.

        Raises StorageFull, also where it fits but what the ledger needs would not be left.
        """
        target = self.path(key)
        draft = target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _ask_for_room(target.parent, len(data))
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
            _sync_folder(target.parent)
        except OSError as reason:
            draft.unlink(missing_ok=True)
            if reason.errno in FULL:
                raise StorageFull(
                    f"The disk is full where images are kept ({self.root}). Make room, then resume."
                ) from reason
            raise

    def get(self, key: str) -> bytes:
        """Raises NotFound where somebody removed the file."""
        try:
            return self.path(key).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"The file of this image is gone from {self.root}.") from None

    def delete(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)


def open_files(url: str, data: Path) -> Files:
    """The folder a STORAGE_URL names; `images` in the data folder without one. Raises NotConfigured."""
    if not url:
        return Files(data / "images")
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not parts.path:
        raise NotConfigured(f"STORAGE_URL is “{url}”; it takes file:/// and the path of a folder.")
    return Files(Path(unquote(parts.path)))


def _ask_for_room(folder: Path, size: int) -> None:
    """Raises what a full disk raises where less than the spare room would be left."""
    if ballast.free(folder) < size + ballast.SPARE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _sync_folder(folder: Path) -> None:
    """Make a rename last: the folder's entry is data of its own."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

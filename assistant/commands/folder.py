"""The folder that `run` fills: images, the manifest, the returned sheet, and whose batch it is."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from assistant.commands.writing import said, whole, write
from jobs import bundle
from jobs.bundle import Bundle, outside_name
from jobs.errors import Invalid
from jobs.services import Services
from jobs.store import images
from jobs.store.batches import Batch

MEMORY = ".promptsheet.json"


@dataclass(frozen=True)
class Begun:
    """What a folder was begun with: the order's key, the sheet's SHA-256, the batch's id once it has one."""

    key: str
    sheet: str
    batch: str | None = None


class Folder:
    """A folder of a person's. Everything in it is written whole or not at all; nothing else is touched."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = 0

    def begun(self) -> Begun | None:
        """What the folder remembers; None for a new one. Raises Invalid where that cannot be read."""
        try:
            return Begun(**json.loads((self.path / MEMORY).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as reason:
            raise Invalid(
                f"{self.path / MEMORY} cannot be read, so nobody knows which batch the folder belongs to. "
                "Choose another one."
            ) from reason

    def begin(self, begun: Begun) -> Begun:
        """Remember, before anything is ordered: who begins twice by accident orders once."""
        with said(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
        write(self.path / MEMORY, json.dumps(asdict(begun)).encode())
        return begun

    def belongs(self, begun: Begun, batch_id: str) -> None:
        """Remember the batch that the order made."""
        self.begin(replace(begun, batch=batch_id))

    def forget(self) -> None:
        (self.path / MEMORY).unlink(missing_ok=True)

    def take(self, services: Services, batch: Batch) -> None:
        """Copy the images that came since the last time, unless they are there.

        Copies, not links: an image that is edited here must not change where Promptsheet keeps it.
        """
        with services.database.read() as connection:
            came = images.since(connection, batch.owner, batch.id, self._seen)
        for image in came:
            source, target = services.files.path(image.key), self.path / outside_name(batch, image)
            if source.exists() and not target.exists():
                with said(target), whole(target) as draft:
                    shutil.copyfile(source, draft)
            self._seen = image.seq

    def finish(self, done: Bundle) -> None:
        """The manifest and the returned sheet, as the ZIP has them."""
        write(self.path / "manifest.csv", bundle.manifest(done))
        write(self.path / "sheet.xlsx", bundle.returned_sheet(done, "xlsx"))


def fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

"""What a person takes home: images under their names, the manifest, the returned sheet, all in a ZIP."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Literal

from zipstream import ZIP_STORED, ZipStream

from jobs.amounts import spoken
from jobs.batch import file_name
from jobs.services import Services
from jobs.store import batches as store
from jobs.store import images
from jobs.store.batches import Batch, BatchRow
from jobs.store.images import Image
from schema import columns, writer
from schema.headers import ROW_ID

MANIFEST = (
    "row",
    "row_id",
    "image",
    "file",
    "status",
    "reason",
    "prompt",
    "prompt_used",
    "model",
    "seed",
    "width",
    "height",
    "credits",
)
"""The manifest's columns: one line for each image, and one for each row without any."""

OUTCOME = ("status", "made", "files", "credits", "reason", "notes")
"""What the returned sheet says of each row, after the sheet's own columns."""


@dataclass(frozen=True)
class Bundle:
    """A batch with its rows and images."""

    batch: Batch
    rows: Sequence[BatchRow]
    images: Sequence[Image]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What each image's file is called outside, by the image's id."""
        return {image.id: outside_name(self.batch, image) for image in self.images}

    @cached_property
    def by_row(self) -> Mapping[str, Sequence[Image]]:
        """The images of each row that has any, by the row's id."""
        found: dict[str, list[Image]] = {}
        for image in self.images:
            found.setdefault(image.row_id, []).append(image)
        return found


def outside_name(batch: Batch, image: Image) -> str:
    """An image's file name wherever it is seen; the row's number is as wide as the batch's largest."""
    digits, extension = len(str(batch.rows + 1)), PurePath(image.key).suffix.removeprefix(".")
    return file_name(image.number, digits, image.index, image.prompt, image.row_id, extension)


def load(services: Services, owner: str, batch_id: str) -> Bundle:
    """Raises NotFound."""
    with services.database.read() as connection:
        return Bundle(
            store.get(connection, owner, batch_id),
            store.rows(connection, owner, batch_id),
            images.of_rows(connection, owner, batch_id),
        )


def zipped(services: Services, bundle: Bundle) -> ZipStream:
    """The ZIP as a stream whose length is known: images as they are (they are compressed already)."""
    stream = ZipStream(compress_type=ZIP_STORED, sized=True)
    for image in bundle.images:
        with contextlib.suppress(FileNotFoundError):  # somebody removed it: the others are here
            stream.add_path(services.files.path(image.key), bundle.names[image.id], recurse=False)
    stream.add(manifest(bundle), "manifest.csv")
    stream.add(returned_sheet(bundle, "xlsx"), "sheet.xlsx")
    return stream


def manifest(bundle: Bundle) -> bytes:
    """CSV, UTF-8 with a byte order mark, so that Excel reads it as it is."""
    lines = io.StringIO()
    written = csv.writer(lines)
    written.writerow(MANIFEST)
    written.writerows(_manifest_lines(bundle))
    return lines.getvalue().encode("utf-8-sig")


def returned_sheet(bundle: Bundle, format: Literal["csv", "xlsx"]) -> bytes:  # noqa: A002
    """The rows as they were run, and what became of each; with their ids, for when the sheet comes back."""
    names = columns.load().names
    lines = [
        [
            *(str(row.values.get(name, "")) for name in names),
            row.state,
            str(row.made),
            " ".join(bundle.names[image.id] for image in bundle.by_row.get(row.row_id, ())),
            spoken(row.spent),
            row.reason or "",
            " ".join(row.notes),
            row.row_id,
        ]
        for row in bundle.rows
    ]
    return writer.write([*names, *OUTCOME, ROW_ID], lines, format)


def _manifest_lines(bundle: Bundle) -> Iterator[Sequence[object]]:
    for row in bundle.rows:
        values = columns.load().with_defaults(row.values)
        made = bundle.by_row.get(row.row_id, ())
        for place, image in enumerate(made):
            price = row.spent // len(made) + (row.spent % len(made) if place == 0 else 0)
            yield (
                row.number,
                row.row_id,
                image.index,
                bundle.names[image.id],
                row.state,
                row.reason or "",
                image.prompt,
                image.prompt_used or image.prompt,
                values["model"],
                "" if image.seed is None else image.seed,
                image.width,
                image.height,
                spoken(price),
            )
        if not made:
            model, prompt = values["model"], values["prompt"]
            none = (row.number, row.row_id, "", "", row.state, row.reason or "", prompt, "", model)
            yield (*none, values.get("seed_number", ""), "", "", spoken(row.spent))

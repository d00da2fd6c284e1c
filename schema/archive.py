"""What is looked at in a zipped workbook before any reader opens it: kind, size, how far its cells lie.

A cell at A1 and one at XFD1048576 make a reader ask for 512 GiB; a megabyte of zeros packs into a kilobyte.
Both are seen here from the directory and from one pass over the text, in pieces, without building anything.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from schema.refusals import refusal

PARTS = 2_000
"""Entries a workbook's archive may have; real ones have up to some hundred."""
INFLATED = 200 << 20
"""Bytes a workbook may unpack to: 100,000 rows of eleven columns are 60 MB."""
CELLS = 5_000_000
"""Cells of the rectangle round a sheet's values: readers reserve memory for all of it, 32 bytes a cell."""
_PIECE = 1 << 18
_TAG = 400
"""Bytes that a cell's opening tag may have. The pattern is bounded so that no text can make it slow."""
_CELL = re.compile(
    rb'<(?:\w{1,20}:)?c\s[^<>]{0,99}?\br=["\x27]([A-Z]{1,3})([0-9]{1,7})["\x27][^<>]{0,200}(?<!/)>'
)
_FORMULA = (b't="e"', b"<f>", b"<f ", b":f>", b":f ")
_UNREADABLE = (BadZipFile, EOFError, OSError, RuntimeError, ValueError, struct.error, zlib.error)

Kind = Literal["xlsx", "xlsb", "ods"]
_FOREIGN = (
    ("word/", "a Word document"),
    ("ppt/", "a PowerPoint presentation"),
    ("index/", "an Apple Numbers document"),
)


@dataclass(frozen=True)
class Package:
    """A zipped workbook that passed. `formulas`: it has some, or error values; an empty cell may be one."""

    kind: Kind
    formulas: bool


def inspect(data: bytes, name: str) -> Package:
    """Look at a zipped file. Raises Unreadable for what is no workbook, and for what is not safe to open."""
    if data.count(b"PK\x01\x02") > 2 * PARTS:  # before the directory is parsed
        raise refusal("too-many-parts", name, what=f"it has more than {PARTS:,} parts")
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            _weigh(parts, name)
            kind = _kind(parts, name)
            if kind == "ods" and b"encryption-data" in _manifest(archive):
                raise refusal("password-protected", name)
            return Package(kind, kind == "xlsx" and _scan(archive, parts, name))
    except _UNREADABLE:
        raise refusal("damaged", name) from None


def _weigh(parts: list[ZipInfo], name: str) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise refusal("password-protected", name)
    if len(parts) > PARTS:
        raise refusal("too-many-parts", name, what=f"it has more than {PARTS:,} parts")
    if sum(part.file_size for part in parts) > INFLATED:
        raise refusal("too-many-parts", name, what=f"it unpacks to more than {INFLATED >> 20} MB")


def _kind(parts: list[ZipInfo], name: str) -> Kind:
    names = {part.filename.replace("\\", "/").lstrip("/").lower() for part in parts}
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(part.startswith("xl/") for part in names):
        return "xlsx"
    for folder, what in _FOREIGN:
        if any(part.startswith(folder) for part in names):
            raise refusal("not-a-sheet", name, what=what)
    if "content.xml" in names:
        return "ods"
    if "[content_types].xml" in names:
        return "xlsx"
    raise refusal("not-a-sheet", name, what="a ZIP archive")


def _manifest(archive: ZipFile) -> bytes:
    """The beginning of an OpenDocument manifest, which lists the parts and how each is encrypted."""
    try:
        with archive.open("META-INF/manifest.xml") as file:
            return file.read(_PIECE)
    except KeyError:
        return b""


def _scan(archive: ZipFile, parts: list[ZipInfo], name: str) -> bool:
    """Measure every part's cells; tells whether there is a formula. A broken part is left to the reader."""
    formulas = False
    for part in parts:
        if part.filename.lower().endswith(".xml") and part.compress_type in (ZIP_STORED, ZIP_DEFLATED):
            spread = _Spread()
            try:
                for piece in _pieces(archive, part):
                    formulas = formulas or any(mark in piece for mark in _FORMULA)
                    spread.add(piece)
            except _UNREADABLE:
                continue
            if spread.cells > CELLS:
                raise refusal("too-many-cells", name, what=str(spread), limit=CELLS)
    return formulas


def _pieces(archive: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    """The text of a part in overlapping pieces, so that each cell's tag stands whole in one of them."""
    with archive.open(part) as file:
        rest = b""
        while piece := file.read(_PIECE):
            piece = rest + piece
            yield piece
            cut = piece.rfind(b"<", len(piece) - _TAG)
            rest = piece[cut:] if cut >= 0 else b""


class _Spread:
    """The rectangle of the cells that hold something."""

    def __init__(self) -> None:
        self.top = self.left = 1 << 30
        self.bottom = self.right = 0

    def add(self, piece: bytes) -> None:
        found = _CELL.findall(piece)
        if not found:
            return
        rows = [int(row) for _, row in found]
        columns = [_column(letters) for letters in {letters for letters, _ in found}]
        self.top, self.bottom = min(self.top, *rows), max(self.bottom, *rows)
        self.left, self.right = min(self.left, *columns), max(self.right, *columns)

    @property
    def cells(self) -> int:
        return max(0, self.bottom - self.top + 1) * max(0, self.right - self.left + 1)

    def __str__(self) -> str:
        return f"{self.bottom - self.top + 1:,} rows by {self.right - self.left + 1:,} columns"


def _column(letters: bytes) -> int:
    """A is 1, XFD is 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number

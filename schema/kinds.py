"""What a file is, by its first bytes and its content, never by its name."""

from __future__ import annotations

import re
from typing import Literal

from schema import archive
from schema.archive import Package
from schema.refusals import refusal

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype\b|html\b|table\b|workbook\b)", re.IGNORECASE)
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (rb"\x89PNG\r\n", "a PNG image"),
    (rb"\xff\xd8\xff", "a JPEG image"),
    (rb"GIF8[79]a", "a GIF image"),
    (rb"RIFF.{4}WEBP", "a WebP image"),
    (rb"%PDF-", "a PDF"),
    (rb"\x1f\x8b", "a gzip archive"),
    (rb"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (rb"Rar!\x1a", "a RAR archive"),
    (rb"BZh[1-9]1AY", "a bzip2 archive"),
    (rb"\xfd7zXZ", "an xz archive"),
    (rb"\{\\rtf", "an RTF document"),
    (rb"SQLite format 3\0", "a database"),
    (rb"PAR1", "a Parquet file"),
    (rb"MIME-Version:", "a web archive saved under a sheet's name"),
    (rb"TABLE\s+0,1\s", "a DIF file"),
    (rb"\x09[\x00\x02\x04][\x04\x06]\x00", "a workbook of Excel 2 to 4, from before 1994"),
)
_WRONG = tuple((re.compile(magic, re.DOTALL), what) for magic, what in _FOREIGN)
_BOF = re.compile(rb"\x09\x08(?:\x10\x00\x00\x06|\x08\x00\x00\x05)\x05\x00")
_FILEPASS = 0x2F

Kind = Literal["text", "xls"]


def kind_of(data: bytes, name: str) -> Package | Kind:
    """A zipped workbook, an old workbook or text. Raises Unreadable for everything else.

    `text` only means that nothing speaks against it: schema/text_file.py decides.
    """
    if not data:
        raise refusal("empty-file", name)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return archive.inspect(data, name)
    if data.startswith(_OLE):
        return _old_workbook(data, name)
    for magic, what in _WRONG:
        if magic.match(data):
            raise refusal("not-a-sheet", name, what=what)
    if data.startswith(b"ID;P") and data.rstrip()[-2:] in (
        b"\nE",
        b"\rE",
    ):  # “ID;Prompt” may begin a CSV file
        raise refusal("not-a-sheet", name, what="a SYLK file")
    if _XML.match(data[:1000]):
        raise refusal("not-a-sheet", name, what=_markup(data))
    return "text"


def _old_workbook(data: bytes, name: str) -> Literal["xls"]:
    """An OLE container: an .xls workbook, or something else that Office made."""
    if _utf16("EncryptedPackage") in data or _has_password(data):
        raise refusal("password-protected", name)
    if _utf16("Workbook") not in data and _utf16("Book") not in data and _utf16("BOOK") not in data:
        raise refusal("not-a-sheet", name, what="an Office document, but no workbook")
    return "xls"


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _has_password(data: bytes) -> bool:
    """Whether a FILEPASS record follows the workbook's first one within the few that may come before it.

    Source: [MS-XLS] 2.1.7.20.3, the order of the globals substream.
    """
    start = _BOF.search(data)
    position = start.start() if start else len(data)
    for _ in range(4):
        kind, size = (int.from_bytes(data[at : at + 2], "little") for at in (position, position + 2))
        if kind == _FILEPASS:
            return True
        position += 4 + size
    return False


def _markup(data: bytes) -> str:
    head = data[:4000].lower()
    if b"schemas-microsoft-com:office:spreadsheet" in head:
        return "a spreadsheet in Excel's XML form of 2003"
    if b"office:document" in head:
        return "a flat OpenDocument file"
    return "a web page saved under a sheet's name" if b"<html" in head or b"<table" in head else "an XML file"

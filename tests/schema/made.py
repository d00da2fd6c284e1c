"""Sheets made for the tests: ordinary ones, and those that were built to harm a reader."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from schema.writer import write

MIB = b"A" * (1 << 20)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="a" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="a" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="b" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}


def csv(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def workbook(rows: Iterable[Sequence[Any]], title: str = "Sheet") -> Workbook:
    """A workbook as a person's program makes it, types and all."""
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def prompts(count: int) -> bytes:
    """A sheet of so many good rows as .xlsx."""
    rows = ([f"A sticker design of fox number {number}", "private"] for number in range(count))
    return write(("prompt", "visibility"), rows, "xlsx")


def raw_xlsx(cells: Iterable[bytes], strings: Iterable[bytes] = (), before: bytes = b"") -> bytes:
    """A workbook whose sheet data, shared strings and document type are given as they are."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(before + f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            part.writelines(cells)
            part.write(b"</sheetData></worksheet>")
        with archive.open("xl/sharedStrings.xml", "w") as part:
            part.write(f'<sst xmlns="{_MAIN}">'.encode())
            part.writelines(strings)
            part.write(b"</sst>")
    return out.getvalue()


def text_cell(at: str, text: bytes) -> bytes:
    return b'<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % (at.encode(), text)


def far_apart(quote: bytes = b'"') -> bytes:
    """Two cells, and a rectangle of 17 billion round them: 512 GiB for a reader that believes it."""
    one = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    other = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return raw_xlsx([(one + other).replace(b'"', quote)])


def one_long_string(mebibytes: int) -> bytes:
    return raw_xlsx(
        [b'<row r="1"><c r="A1" t="inlineStr"><is><t>', *[MIB] * mebibytes, b"</t></is></c></row>"]
    )


def shared_strings(count: int, text: bytes, used: int = 1) -> bytes:
    """So many shared strings, the first of them shown in so many cells."""
    cells = (b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(1, used + 1))
    return raw_xlsx(cells, (b"<si><t>" + text + b"</t></si>" for _ in range(count)))


def entities() -> bytes:
    """A billion laughs."""
    names = "abcdefghij"
    lines = ['<!ENTITY a "ha ha ha ha ha ha">']
    lines += [f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names)]
    before = f"<!DOCTYPE x [{''.join(lines)}]>".encode()
    return raw_xlsx([b'<row r="1">', text_cell("A1", b"&j;"), b"</row>"], before=before)


def outside_entity(path: str) -> bytes:
    before = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{path}">]>'.encode()
    return raw_xlsx([b'<row r="1">', text_cell("A1", b"&e;"), b"</row>"], before=before)


def many_rows(count: int, places: bool = True) -> bytes:
    """So many rows and no dimension; without places not even the cells say where they stand."""

    def rows() -> Iterator[bytes]:
        for row in range(1, count + 1):
            yield (
                b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row)
                if places
                else b"<row><c><v>1</v></c></row>"
            )

    return raw_xlsx(rows())


def slow_for_patterns() -> bytes:
    """Tags that never end, full of what looks like the place of a cell."""
    return raw_xlsx([b'<c r="A1" r="A1"' * 100_000, b"<c " * 1_000_000])


def many_parts(count: int) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(f"xl/{number}", b"")
    return out.getvalue()


def panic() -> bytes:
    """An .xls whose directory breaks off: calamine slices past its end, which is a panic and no exception."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x10I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    head += struct.pack("<108I", *[free] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, end, *[free] * 126)
    return head + table + _entry("Root Entry", 5) + _entry("Workbook", 2) + b"\0"


def _entry(name: str, kind: int) -> bytes:
    """A line of a compound file's directory. Source: [MS-CFB] 2.6.1."""
    text = name.encode("utf-16-le")
    none = 0xFFFFFFFF
    return (
        text.ljust(64, b"\0")
        + struct.pack("<H2B3I", len(text) + 2, kind, 1, none, none, none)
        + bytes(36)
        + struct.pack("<IQ", 0xFFFFFFFE, 0)
    )

"""Files to take home, for the pages and for the HTTP API alike: sheets, templates, a batch as a ZIP."""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO
from urllib.parse import quote

from flask import Response, request, send_file
from werkzeug.http import dump_options_header

from jobs import bundle
from jobs.bundle import Bundle
from jobs.errors import NotFound
from jobs.services import Services
from schema.writer import Format

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
_TYPES: dict[Format, str] = {"csv": CSV, "xlsx": XLSX}

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
"""What some file system, or a header, has no place for."""


def wanted_format() -> Format:
    """?format=csv or xlsx, which is taken where none is named. Raises NotFound for any other."""
    match request.args.get("format", "xlsx"):
        case "csv":
            return "csv"
        case "xlsx":
            return "xlsx"
    raise NotFound("A sheet can be had as csv and as xlsx.")


def sheet_file(data: bytes, stem: str, format: Format) -> Response:  # noqa: A002 (as in schema.writer)
    """A download named `stem`.csv or .xlsx."""
    name = named(stem, format)
    return send_file(BytesIO(data), _TYPES[format], as_attachment=True, download_name=name, max_age=0)


def returned_sheet(done: Bundle, format: Format) -> Response:  # noqa: A002
    """The rows of a batch as they were run, and what became of each."""
    return sheet_file(bundle.returned_sheet(done, format), f"{done.batch.name} returned", format)


def zip_file(services: Services, done: Bundle) -> Response:
    """A batch's images, manifest and returned sheet, streamed; the length is known before the first byte."""
    stream = bundle.zipped(services, done)
    answer = Response(iter(stream), mimetype=ZIP)  # as a generator it is closed when the client goes away
    answer.content_length = len(stream)
    answer.headers["Content-Disposition"] = attachment(named(done.batch.name, "zip"))
    return answer


def attachment(name: str) -> str:
    """Content-Disposition for a file of any name (RFC 6266): in ASCII, and whole for whoever can read it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    names = {"filename": plain}
    if plain != name:
        names["filename*"] = f"UTF-8''{quote(name, safe='')}"
    return dump_options_header("attachment", names)


def named(stem: str, ending: str) -> str:
    """A file name that every system takes, whatever the sheet is called."""
    return f"{_UNSAFE.sub(' ', stem).strip(' .') or 'download'}.{ending}"

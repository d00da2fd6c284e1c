"""Sheets as files to take home: the format a request asks for, and the answer that carries the file."""

from __future__ import annotations

from io import BytesIO

from flask import Response, request, send_file

from jobs.errors import NotFound
from schema.writer import Format

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


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
    name = f"{stem}.{format}"
    return send_file(BytesIO(data), _TYPES[format], as_attachment=True, download_name=name, max_age=0)

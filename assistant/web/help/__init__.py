"""The room of help: what each column takes, and the template to begin with."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from assistant.downloads import sheet_file, wanted_format
from assistant.here import services
from schema import columns, writer
from schema.guide import guide

pages = Blueprint("help", __name__)


@pages.get("/expected-values")
def expected() -> str:
    lines = [(line, columns.load()[line.column]) for line in guide()]
    return render_template("help/expected.html", lines=lines, max_rows=services().settings.max_rows)


@pages.get("/template")
def template() -> Response:
    """The simple template, or with ?full=1 the full one, as ?format=xlsx or csv."""
    full, format = request.args.get("full") == "1", wanted_format()  # noqa: A001 (as in the address)
    data = writer.template(full, format, max_rows=services().settings.max_rows)
    return sheet_file(data, f"promptsheet-template{'-full' if full else ''}", format)

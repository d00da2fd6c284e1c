"""/template: the spreadsheet to begin with."""

from __future__ import annotations

from flask import Blueprint, Response

from assistant.downloads import CSV, XLSX, sheet_file
from assistant.here import services
from assistant.web.api.incoming import TemplateQuery
from assistant.web.api.spec import Answers, spec
from schema import writer

calls = Blueprint("template", __name__)


@calls.get("/template")
@spec.validate(resp=Answers(200, files=(XLSX, CSV)), tags=["sheets"], operation_id="getTemplate")
def template(query: TemplateQuery) -> Response:
    """The template, with two example rows."""
    data = writer.template(query.full, query.format, max_rows=services().settings.max_rows)
    return sheet_file(data, f"promptsheet-template{'-full' if query.full else ''}", query.format)

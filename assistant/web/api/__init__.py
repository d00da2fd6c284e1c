"""The HTTP API, /api/v1: a module a subject, described by /api/v1/openapi.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint

from assistant.guards import csrf
from assistant.web.api import backends, batches, changes, creations, drafts, rewordings, sheets, template
from assistant.web.api.gate import refuse_other_origins
from assistant.web.api.spec import document

pages = Blueprint("api", __name__, url_prefix="/api/v1")
pages.before_request(refuse_other_origins)

for subject in (template, sheets, drafts, changes, backends, batches, rewordings, creations):
    # A program has no page to take a token from: Origin, Sec-Fetch-Site and the body's type guard these.
    csrf.exempt(subject.calls)
    pages.register_blueprint(subject.calls)


@pages.get("/openapi.json")
def openapi() -> Mapping[str, Any]:
    return document()

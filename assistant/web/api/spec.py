"""The calls as spectree knows them: what is checked on the way in and out, and the OpenAPI document."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

from flask import Request
from flask import Response as Answer
from pydantic import BaseModel, ValidationError
from spectree import Response, SpecTree
from spectree.model_adapter import ModelAdapter, get_pydantic_model_adapter
from spectree.plugins.flask_plugin import FlaskPlugin

from assistant.web.api import gate
from assistant.web.api.outgoing import Fault
from assistant.web.api.wording import said
from jobs.errors import Invalid

JSON = "application/json"
PROBLEM = "application/problem+json"
BINARY = {"schema": {"type": "string", "format": "binary"}}

ALWAYS = (400, 403, 422, 503)
"""What any call may answer: unreadable, from another site, not as described, a service is away."""


class Plugin(FlaskPlugin):
    """Three habits of ours: a body is what it says, faults are told in a sentence, finished answers pass.

    Of those spectree would make a copy in memory in order to look at it, of a whole ZIP too.
    """

    def request_validation(self, request: Request, query: Any, json: Any, form: Any, *others: Any) -> None:
        if form:
            gate.require_form()
        if json:
            gate.require_json()
        try:
            super().request_validation(request, query, json, form, *others)  # type: ignore[no-untyped-call]
        except ValidationError as fault:
            raise Invalid(said(fault)) from fault

    def validate_response(self, resp: Any, *details: Any) -> tuple[Answer, Exception | None]:
        if isinstance(resp, Answer):
            return resp, None
        answer: tuple[Answer, Exception | None] = super().validate_response(resp, *details)
        return answer


class Answers(Response):
    """What a call answers: one good answer, a model or a file of some media types, and how it may fail."""

    def __init__(
        self,
        status: int,
        model: type[BaseModel] | None = None,
        *,
        faults: Sequence[int] = (),
        files: Sequence[str] = (),
    ) -> None:
        super().__init__(
            **{f"HTTP_{status}": model, **{f"HTTP_{code}": Fault for code in (*ALWAYS, *faults)}}
        )
        self._status, self._files = str(status), files

    def generate_spec(self, *naming: Any) -> dict[str, Any]:
        responses: dict[str, Any] = super().generate_spec(*naming)
        for status, answer in responses.items():
            if int(status) >= 400:
                answer["content"] = {PROBLEM: answer["content"][JSON]}
        if self._files:
            responses[self._status]["content"] = dict.fromkeys(self._files, BINARY)
        return responses


def _describing_once() -> ModelAdapter[Any, Any, Any]:
    """A third of a second of our start: spectree asks for a model again with each call and status."""
    adapter = get_pydantic_model_adapter()
    adapter.json_schema = cache(adapter.json_schema)  # type: ignore[assignment]
    return adapter


spec = SpecTree(
    backend=Plugin,
    model_adapter=_describing_once(),
    validation_error_model=Fault,
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _, child: child,
    mode="strict",
    title="Promptsheet",
    version=version("promptsheet"),
    description=(
        "A spreadsheet of prompts becomes images. Without a login the API answers on this computer only, to "
        "programs and to Promptsheet's own pages; what another site sends is refused."
    ),
    servers=[{"url": "/"}],
)

OPTIONAL_BODY = frozenset(
    {"acceptChanges", "rejectChanges", "acceptRewordings", "rejectRewordings", "retryBatch"}
)
"""Calls that can be made without their body, which spectree has no word for."""

_writing = threading.Lock()


def document() -> Mapping[str, Any]:
    """The OpenAPI document. Made once, in an application's context, from all calls that are registered."""
    with _writing:
        written: dict[str, Any] = spec.spec
        for call in (call for path in written["paths"].values() for call in path.values()):
            if call["operationId"] in OPTIONAL_BODY:
                call["requestBody"]["required"] = False
            for parameter in call["parameters"]:
                parameter["schema"] = _plain(parameter["schema"])
        return written


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter's schema without its null and its empty default: who has nothing to say leaves it out."""
    kept = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    if schema.get("default"):
        kept["default"] = schema["default"]
    for branch in schema.get("anyOf", ()):
        kept |= branch if branch != {"type": "null"} else {}
    return kept

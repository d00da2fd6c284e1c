"""OpenAI's chat protocol as its reference has it, read strictly: what a call must and must not hold."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

ROLES = {"system", "developer", "user", "assistant"}
PARAMETERS = {
    "model", "messages", "stream", "stream_options", "temperature", "top_p", "max_tokens",
    "max_completion_tokens", "response_format", "seed", "n", "stop", "user", "metadata", "store",
    "reasoning_effort", "frequency_penalty", "presence_penalty", "verbosity",
}  # fmt: skip
KEYWORDS = {
    "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "$ref",
    "$defs", "description", "title",
}  # fmt: skip
"""What strict schemas may hold. OpenAI takes some bounds and patterns too, Azure and others do not."""
LEVELS = 5
"""Of nesting, at Azure; OpenAI takes ten."""


class Complaint(Exception):
    """Why a call is not taken: status and body of the answer."""

    def __init__(
        self,
        message: str,
        parameter: str | None = None,
        code: str | None = "invalid_value",
        status: int = 400,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: Any = {
            "error": {
                "message": message,
                "type": "invalid_request_error",
                "param": parameter,
                "code": code,
            }
        }


@dataclass(frozen=True)
class Wanted:
    """A call that is in order.

    text    all messages in one
    form    text, json_object or json_schema, as asked for
    schema  of the answer, None where none was sent
    limit   tokens of the answer, None where none was given
    usage   whether the stream is to end with the count of tokens
    """

    model: str
    text: str
    form: str
    schema: dict[str, Any] | None
    limit: int | None
    stream: bool
    usage: bool


def check(call: Any, models: Collection[str], refuses: Collection[str]) -> Wanted:
    """Raises Complaint with the first thing that is wrong. `refuses` are names of what this server lacks."""
    if not isinstance(call, dict):
        raise Complaint("The body must be a JSON object.", code=None)
    for name in call:
        if name not in PARAMETERS:
            raise Complaint(f"Unknown parameter: '{name}'.", name, "unknown_parameter")
    _refused(call, refuses)
    model = call.get("model")
    if model not in models:
        words = f"The model `{model}` does not exist or you do not have access to it."
        raise Complaint(words, code="model_not_found", status=404)
    stream = call.get("stream", False)
    options = call.get("stream_options")
    if options is not None and not stream:
        words = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise Complaint(words, "stream_options")
    text = _text(call.get("messages"))
    form, schema = _form(call.get("response_format", {"type": "text"}), text)
    return Wanted(
        model, text, form, schema, _limit(call), bool(stream), bool((options or {}).get("include_usage"))
    )


def _refused(call: dict[str, Any], refuses: Collection[str]) -> None:
    """What a server says of parameters that it lacks, each in the words of one that does."""
    if "system" in refuses and any(message.get("role") == "system" for message in call.get("messages", ())):
        complaint = Complaint("")
        complaint.body = {"object": "error", "message": "System role not supported", "code": 400}
        raise complaint
    for name in ("temperature", "response_format"):
        if name in refuses and name in call:
            words = f"Unsupported parameter: '{name}' is not supported with this model."
            raise Complaint(words, name, "unsupported_parameter")
    if "max_tokens" in refuses and "max_tokens" in call:
        words = "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
        raise Complaint(f"{words}'max_completion_tokens' instead.", "max_tokens", "unsupported_parameter")
    if "max_completion_tokens" in refuses and "max_completion_tokens" in call:
        words = "Unrecognized request argument supplied: max_completion_tokens"
        raise Complaint(words, code=None)
    if "stream_options" in refuses and "stream_options" in call:
        complaint = Complaint("", status=422)
        place = {"loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}
        complaint.body = {"detail": [place]}
        raise complaint
    _refused_form(call.get("response_format") or {}, refuses)


def _refused_form(form: dict[str, Any], refuses: Collection[str]) -> None:
    kind = form.get("type")
    if kind == "json_object" and "json_object" in refuses:
        complaint = Complaint("")
        complaint.body = {"error": "'response_format.type' must be 'json_schema' or 'text'"}
        raise complaint
    if kind == "json_schema" and "json_schema" in refuses:
        words = "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
        raise Complaint(words, "response_format", None)
    if "strict" in refuses and "strict" in form.get("json_schema", {}):
        words = "Unknown parameter: 'response_format.json_schema.strict'."
        raise Complaint(words, "response_format.json_schema.strict", "unknown_parameter")


def _text(messages: Any) -> str:
    if not isinstance(messages, list) or not messages:
        raise Complaint("Invalid 'messages': empty array.", "messages", "empty_array")
    for place, message in enumerate(messages):
        if not isinstance(message, dict) or set(message) - {"role", "content", "name"}:
            raise Complaint(f"Invalid message at {place}.", f"messages[{place}]")
        if message.get("role") not in ROLES:
            raise Complaint(f"Invalid value: '{message.get('role')}'.", f"messages[{place}].role")
        if not isinstance(message.get("content"), str) or not message["content"]:
            raise Complaint("Invalid type: expected a text.", f"messages[{place}].content", "invalid_type")
    if messages[-1]["role"] != "user":
        raise Complaint("The last message must be of the user.", "messages")
    return "\n\n".join(message["content"] for message in messages)


def _limit(call: dict[str, Any]) -> int | None:
    if "max_tokens" in call and "max_completion_tokens" in call:
        raise Complaint("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.")
    limit = call.get("max_tokens", call.get("max_completion_tokens"))
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
        raise Complaint("Expected a whole number of 1 or more.", "max_tokens", "integer_below_min_value")
    temperature = call.get("temperature", 1)
    if not isinstance(temperature, int | float) or not 0 <= temperature <= 2:
        raise Complaint("Expected a number from 0 to 2.", "temperature", "decimal_above_max_value")
    return limit


def _form(form: Any, text: str) -> tuple[str, dict[str, Any] | None]:
    kind = form.get("type") if isinstance(form, dict) else None
    if kind not in {"text", "json_object", "json_schema"}:
        raise Complaint(f"Invalid value: '{kind}'.", "response_format.type")
    if kind == "json_object" and not re.search(r"\bjson\b", text, re.IGNORECASE):
        words = "'messages' must contain the word 'json' in some form, to use 'response_format' of type "
        raise Complaint(f"{words}'json_object'.", "messages", None)
    if kind != "json_schema":
        return kind, None
    given = form.get("json_schema")
    if not isinstance(given, dict) or set(given) - {"name", "schema", "strict", "description"}:
        raise Complaint("Invalid 'response_format.json_schema'.", "response_format.json_schema")
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", str(given.get("name"))):
        raise Complaint("Invalid name.", "response_format.json_schema.name")
    schema = given.get("schema")
    if not isinstance(schema, dict) or schema.get("type") != "object":
        raise _odd("schema must be a JSON Schema of 'type: \"object\"'")
    if given.get("strict"):
        strict(schema)
    return kind, schema


def strict(spec: Any, level: int = 1) -> None:
    """Raises Complaint where a schema holds what strict ones may not."""
    if not isinstance(spec, dict) or level > LEVELS:
        raise _odd(f"more than {LEVELS} levels of nesting, or no schema: {json.dumps(spec)[:80]}")
    if odd := sorted(set(spec) - KEYWORDS):
        raise _odd(f"'{odd[0]}' is not permitted")
    kinds = spec.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "object" in kinds:
        properties = spec.get("properties", {})
        if spec.get("additionalProperties") is not False:
            raise _odd("'additionalProperties' is required to be supplied and to be false")
        if set(spec.get("required", ())) != set(properties):
            raise _odd("'required' is required to be an array including every key in properties")
        for part in properties.values():
            strict(part, level + 1)
    if "array" in kinds:
        strict(spec.get("items"), level + 1)
    if "enum" in spec and None in spec["enum"] and "null" not in kinds:
        raise _odd("enum value None does not validate against the type")
    for part in spec.get("anyOf", ()):
        strict(part, level + 1)


def _odd(why: str) -> Complaint:
    words = f"Invalid schema for response_format: In context=(), {why}."
    return Complaint(words, "response_format", "invalid_json_schema")

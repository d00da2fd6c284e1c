"""The ladder of structured output: how a server is asked, strictest first, and what its refusals teach."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from string import Template
from typing import Any

from assistant.model.failures import Told
from schema.wire import Spec
from templates import PROMPTS

Message = Mapping[str, str]

STRICT, SCHEMA, JSON, LINES, ANYTHING = range(5)
"""The rungs: a schema held strictly, a schema, JSON with the schema told, JSON Lines, whatever comes."""
HOLDS = (
    "answers with the schema held strictly",
    "answers with the schema held, if not strictly",
    "answers in JSON, with the shape told in words",
    "takes no schema: rows are read line by line from plain text",
    "takes no schema: rows are read from whatever it writes, once an answer is whole",
)
"""What each rung means, after the name of a model."""
STEPPED = (
    "",
    "This server does not hold the schema strictly; every row is checked here all the same.",
    "This server ignores or refuses the schema; the model is told the shape in words.",
    "This server ignores or refuses the schema; rows are read from plain text.",
    "This model does not keep to any shape; rows are read from whatever it writes, once an answer is whole.",
)
"""What is said to the person who waits, when a rung was stepped down to."""
_LIMITS = ("max_tokens", "max_completion_tokens")
_SPARE = frozenset({"temperature", "stream_options", *_LIMITS})
_TOO_LARGE = re.compile(
    r"too (?:large|big|high|long)|at most|maximum|exceed|less than|must be|<=|greater", re.IGNORECASE
)
_UNKNOWN = re.compile(
    r"unknown|unrecogni[sz]ed|unexpected|unsupported|not (?:supported|permitted|allowed)|extra", re.IGNORECASE
)
_FORM = re.compile(
    r"response.?format|json.?(?:schema|object|mode|validate)|structured|grammar|schema|\bstrict\b",
    re.IGNORECASE,
)
_KINDS = re.compile(r"json.?schema|json.?object|\btype\b|strict", re.IGNORECASE)
_SYSTEM = re.compile(r"system.{0,20}(?:role|message|prompt|instruction)|role.{0,40}system", re.IGNORECASE)


@dataclass(frozen=True)
class Manners:
    """How a server wants to be asked, as learnt: its rung, and the parameters that it refused.

    `dropped` may hold temperature, stream_options, max_tokens (then max_completion_tokens is sent, unless
    that is dropped too), system (then its words stand in the first message) and stream.
    """

    rung: int = STRICT
    dropped: frozenset[str] = frozenset()

    def with_those_of(self, other: Manners) -> Manners:
        """Both together: several calls may learn at once."""
        return Manners(max(self.rung, other.rung), self.dropped | other.dropped)


def request(manners: Manners, messages: Sequence[Message], schema: Spec, tokens: int) -> dict[str, Any]:
    """The parameters of a call, all but model and stream."""
    asked: dict[str, Any] = {"messages": _messages(manners, messages, schema), "temperature": 1.0}
    if manners.rung <= SCHEMA:
        strictly = {"strict": True} if manners.rung == STRICT else {}
        form = {"name": "answer", "schema": schema, **strictly}
        asked["response_format"] = {"type": "json_schema", "json_schema": form}
    elif manners.rung == JSON:
        asked["response_format"] = {"type": "json_object"}
    limit = next((name for name in _LIMITS if name not in manners.dropped), None)
    if limit:
        asked[limit] = tokens
    if "stream" not in manners.dropped:
        asked["stream_options"] = {"include_usage": True}
    return {name: value for name, value in asked.items() if name not in manners.dropped - set(_LIMITS)}


def after_refusal(manners: Manners, status: int, told: Told) -> Manners | None:
    """How to ask instead after a refusal that is about how it was asked; None after any other."""
    if status not in {400, 404, 422, 501}:
        return None
    sent, words = frozenset({*_SPARE, "system", "stream"}) - manners.dropped, told.all
    limit = next((name for name in _LIMITS if name in sent), None)
    if limit and re.search(r"max_(?:completion_)?tokens|max tokens", words):
        both = _TOO_LARGE.search(words) and not _UNKNOWN.search(words)
        return _drop(manners, *(_LIMITS if both else (limit,)))
    for name in ("stream_options", "temperature"):
        if name in sent and (name in words or (name == "stream_options" and "include_usage" in words)):
            return _drop(manners, name)
    if manners.rung < LINES and _FORM.search(words):
        unknown = _UNKNOWN.search(words) and not _KINDS.search(re.sub(r"invalid_request_error", "", words))
        return replace(manners, rung=LINES if unknown else manners.rung + 1)
    if "system" in sent and _SYSTEM.search(words):
        return _drop(manners, "system")
    if "stream" in sent and re.search(r"\bstream(?:ing)?\b", words, re.IGNORECASE) and _UNKNOWN.search(words):
        return _drop(manners, "stream")
    return None


def plainest(manners: Manners) -> Manners | None:
    """The barest way to ask, for a refusal that does not say what it is about; None where that was asked."""
    bare = Manners(max(manners.rung, LINES), manners.dropped | _SPARE)
    return None if bare == manners else bare


def below(manners: Manners) -> Manners | None:
    """The next rung after an answer that did not keep to the schema; None from the lowest."""
    if manners.rung == ANYTHING:
        return None
    return replace(manners, rung=max(JSON, manners.rung + 1))


def item(schema: Spec, key: str) -> Spec:
    """The shape of one object in the list that a schema asks for."""
    found: Spec = schema["properties"][key]["items"]
    return found


def _drop(manners: Manners, *names: str) -> Manners:
    return replace(manners, dropped=manners.dropped | set(names))


def _messages(manners: Manners, messages: Sequence[Message], schema: Spec) -> list[dict[str, str]]:
    """The messages, with the shape told where no schema holds it, and no system role where it is refused."""
    found = [dict(message) for message in messages]
    if manners.rung >= JSON:
        found[-1]["content"] += "\n\n" + _shape(manners, schema)
    if "system" in manners.dropped and found[0]["role"] == "system":
        first = found.pop(0)["content"]
        found[0]["content"] = f"{first}\n\n{found[0]['content']}"
    return found


def _shape(manners: Manners, schema: Spec) -> str:
    if manners.rung == JSON:
        return _template("shape_object").substitute(schema=_compact(schema))
    (key,) = schema["properties"]
    return _template("shape_lines").substitute(schema=_compact(item(schema, key)))


def _template(name: str) -> Template:
    return Template((PROMPTS / f"{name}.txt").read_text(encoding="utf-8").strip())


def _compact(schema: Spec) -> str:
    return json.dumps(schema, ensure_ascii=False)

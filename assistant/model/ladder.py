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

STRICT, SCHEMA, JSON, LINES, ANYTHING, LIST = range(6)
"""The rungs: a schema held strictly, a schema, JSON with the schema told, JSON Lines, whatever comes; and for
models that keep to no shape, a list that they go on with, one prompt a line."""
HOLDS = (
    "answers with the schema held strictly",
    "answers with the schema held, if not strictly",
    "answers in JSON, with the shape told in words",
    "takes no schema: rows are read line by line from plain text",
    "takes no schema: rows are read from whatever it writes, once an answer is whole",
    "keeps to no shape: it goes on with a list of your examples, a prompt a line, and fills no other columns",
)
"""What each rung means, after the name of a model."""
STEPPED = (
    "",
    "This server does not hold the schema strictly; every row is checked here all the same.",
    "This server ignores or refuses the schema; the model is told the shape in words.",
    "This server ignores or refuses the schema; rows are read from plain text.",
    "This model does not keep to any shape; rows are read from whatever it writes, once an answer is whole.",
    (
        "This model is too small for good rows: it loops or loses the thread when asked for them, so it goes "
        "on with a list of your examples, one prompt a line. A larger model writes better ones."
    ),
)
"""What is said to the person who waits, when a rung was stepped down to."""
_LIMITS = ("max_tokens", "max_completion_tokens")
OWN_LIMIT = "own_limit"
_SPARE = frozenset({"temperature", "stream_options"})
_LEAST = 150
"""Tokens of an answer below which asking is in vain."""
_LETTERS = 3.0
"""Characters that a token stands for at least, on average: for a guess of what a question takes."""
_RESERVED = re.compile(
    r"tokens per (?:minute|day|hour)|\b[ti]p[mdh]\b|can only afford|fewer max_?tokens|"
    r"max_(?:completion_)?tokens|max tokens|maximum (?:context|tokens)|context (?:length|window|size)|"
    r"reserved",
    re.IGNORECASE,
)
_AFFORDED = re.compile(r"can only afford (\d[\d,]*)|(?:at most|less than or equal to|<=) (\d[\d,]*)")
_REQUESTED = re.compile(r"limit:? (\d[\d,]*)\b.{0,60}?requested:? (\d[\d,]*)", re.IGNORECASE | re.DOTALL)
_BUDGET = re.compile(
    r"limit:? (\d[\d,]*)[^.]{0,40}requested|maximum (?:context|model) length (?:is|of) (\d[\d,]*)|"
    r"context (?:length|window|size) (?:is |of )?(?:only )?(\d[\d,]*)",
    re.IGNORECASE,
)
_MESSAGES = re.compile(
    r"(\d[\d,]*) (?:tokens )?in the (?:messages|prompt|input)|messages resulted in (\d[\d,]*)", re.IGNORECASE
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
    """How a server wants to be asked, as learnt.

    rung     the way of asking that works
    dropped  what it refused: temperature, stream_options, max_tokens (then max_completion_tokens is sent,
             unless that is dropped too), system (then its words stand in the first message), stream,
             completions; and own_limit, where its own limit of tokens cut an answer: then one is sent
    most     tokens of an answer that it lets be reserved, 0 where nothing is known of that
    """

    rung: int = STRICT
    dropped: frozenset[str] = frozenset()
    most: int = 0

    def with_those_of(self, other: Manners) -> Manners:
        """Both together: several calls may learn at once."""
        most = min(filter(None, (self.most, other.most)), default=0)
        return Manners(max(self.rung, other.rung), self.dropped | other.dropped, most)

    def reserved(self, tokens: int) -> int:
        """The limit that is sent with a question whose answer takes so many tokens; 0 for none.

        None by default: most servers then give what their model has, and a reservation is held against the
        account or its rate. The answer is bounded here all the same.
        """
        sent = self.rung == LIST or OWN_LIMIT in self.dropped or self.most
        return min(tokens, self.most or tokens) if sent else 0


def request(manners: Manners, messages: Sequence[Message], schema: Spec, tokens: int) -> dict[str, Any]:
    """The parameters of a call, all but model and stream."""
    asked: dict[str, Any] = {"messages": _messages(manners, messages, schema), "temperature": 1.0}
    if manners.rung <= SCHEMA:
        strictly = {"strict": True} if manners.rung == STRICT else {}
        form = {"name": "answer", "schema": schema, **strictly}
        asked["response_format"] = {"type": "json_schema", "json_schema": form}
    elif manners.rung == JSON:
        asked["response_format"] = {"type": "json_object"}
    asked |= _limit(manners, tokens)
    if "stream" not in manners.dropped:
        asked["stream_options"] = {"include_usage": True}
    return {name: value for name, value in asked.items() if name not in manners.dropped - set(_LIMITS)}


def going_on(manners: Manners, text: str, tokens: int) -> dict[str, Any]:
    """The parameters of a call that goes on with a text, line by line, all but model and stream."""
    asked = {"prompt": text, "temperature": 1.0, "frequency_penalty": 0.4, "stop": ["\n\n"]}
    asked |= _limit(manners, tokens)
    return {name: value for name, value in asked.items() if name not in manners.dropped - set(_LIMITS)}


def after_refusal(manners: Manners, status: int, told: Told, asked: int, tokens: int) -> Manners | None:
    """How to ask instead after a refusal that is about how it was asked; None after any other.

    `asked` are the characters of the question, `tokens` what its answer takes.
    """
    if status in {400, 402, 413, 422, 429} and _RESERVED.search(told.words):
        lower = _lower(manners, told, asked, tokens)
        if lower or status not in {400, 422}:
            return lower
    if status not in {400, 404, 422, 501}:
        return None
    sent, words = frozenset({*_SPARE, "system", "stream"}) - manners.dropped, told.all
    limit = next((name for name in _LIMITS if name not in manners.dropped), None)
    if limit and manners.reserved(tokens) and re.search(r"max_(?:completion_)?tokens|max tokens", words):
        return _drop(manners, limit)
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


def _lower(manners: Manners, told: Told, asked: int, tokens: int) -> Manners | None:
    """A smaller reservation, after a refusal that says it is too large; None after any other.

    What is held against a rate, a balance or a context is the question with what is reserved for its answer.
    """
    rate = _REQUESTED.search(told.words)
    passes = rate and int(rate[2].replace(",", "")) <= int(rate[1].replace(",", ""))
    if passes or _UNKNOWN.search(told.words):
        return None
    afforded, budget, messages = (each.search(told.words) for each in (_AFFORDED, _BUDGET, _MESSAGES))
    if afforded:
        room = _number(afforded)
    elif budget:
        room = _number(budget) - (_number(messages) if messages else int(asked / _LETTERS))
    elif manners.reserved(tokens):
        room = manners.reserved(tokens) // 2
    else:
        return None
    before = manners.reserved(tokens)
    if room < _LEAST or (before and room >= before):
        return None
    return replace(manners, most=min(room, tokens))


def _number(found: re.Match[str]) -> int:
    return int(next(filter(None, found.groups())).replace(",", ""))


def _limit(manners: Manners, tokens: int) -> dict[str, int]:
    name = next((name for name in _LIMITS if name not in manners.dropped), None)
    reserved = manners.reserved(tokens)
    return {name: reserved} if name and reserved else {}


def plainest(manners: Manners) -> Manners | None:
    """The barest way to ask, for a refusal that does not say what it is about; None where that was asked."""
    bare = replace(manners, rung=max(manners.rung, LINES), dropped=manners.dropped | _SPARE)
    return None if bare == manners else bare


def below(manners: Manners) -> Manners | None:
    """The next rung after an answer that did not keep to the schema; None from the lowest of objects."""
    if manners.rung >= ANYTHING:
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

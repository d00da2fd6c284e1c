"""What it means when a language model does not answer as asked: our errors, in words to act on."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from assistant.model.endpoint import Endpoint
from jobs.errors import (
    ModelAnswerBroken,
    ModelDeclined,
    ModelError,
    ModelFundsGone,
    ModelKeyRefused,
    ModelUnknown,
    ModelUnreachable,
)
from schema.wording import quoted

PASSING = {408, 409, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529}
"""Statuses after which the same call may succeed a little later."""
_POLICY = re.compile(
    r"content_filter|content_policy|moderation|responsible_?ai|safety|prohibited", re.IGNORECASE
)
_FUNDS = re.compile(
    r"insufficient_quota|billing|insufficient.{0,3}(?:balance|credit|fund)|payment.required", re.IGNORECASE
)
_WRONG_KEY = re.compile(
    r"(?:api.?key|key|token|credentials?)\b.{0,30}(?:not valid|invalid|incorrect|expired|missing|wrong)|"
    r"(?:invalid|incorrect|missing|wrong|no).{0,20}\b(?:api.?key|authorization|credentials)|api_key_invalid",
    re.IGNORECASE,
)
_ROUTER = re.compile(
    r"\b(?:providers?|endpoints? (?:found|available)|data polic|privacy|routing)", re.IGNORECASE
)
_NO_MODEL = re.compile(
    r"model_not_found|model_not_exist|invalid_model|unknown.model|no such model|"
    r"models?\b.{0,80}?(?:not found|does not exist|not exist|is not available|not a valid model)",
    re.IGNORECASE | re.DOTALL,
)
_TOO_LONG = re.compile(
    r"context_length|context (?:length|window|size)|maximum context|too many tokens|prompt is too long|"
    r"exceeds? the (?:available )?context|string_above_max_length",
    re.IGNORECASE,
)
_WORDS = 300
"""Characters of a server's own words in a sentence."""


class Silent(ModelUnreachable):
    """Nothing came within the time that an endpoint has."""


class FellSilent(ModelAnswerBroken):
    """Nothing more came of an answer that had begun."""


@dataclass(frozen=True)
class Told:
    """What the body of an error says: the server's words, the parameter it names, its codes in one text."""

    words: str = ""
    parameter: str = ""
    codes: str = ""

    @classmethod
    def read(cls, body: object) -> Told:
        """Read any shape in use: {"error": {…}}, {"error": "…"}, {"detail": […]}, {"message": "…"}, text."""
        if isinstance(body, str | bytes | bytearray):
            body = _parsed(body)
        if isinstance(body, list):  # Google's endpoint wraps its error in a list
            body = next((part for part in body if isinstance(part, dict)), None)
        if not isinstance(body, dict):
            return cls(body if isinstance(body, str) and "<" not in body[:200] else "")
        error = next((part for name in ("error", "detail", "errors") if (part := body.get(name))), body)
        if isinstance(error, list):
            return cls("; ".join(map(_field, error)))
        if not isinstance(error, dict):
            return cls(str(error), codes=str(body.get("code", "")))
        codes = " ".join(str(error.get(name) or "") for name in ("code", "type", "status"))
        return cls(_message(error), str(error.get("param") or ""), codes)

    @property
    def all(self) -> str:
        return f"{self.codes} {self.parameter} {self.words}"

    @property
    def status(self) -> int | None:
        """The status that an error within a stream names as its code."""
        found = re.match(r"\s*([45]\d\d)\b", self.codes)
        return int(found[1]) if found else None


def of_status(endpoint: Endpoint, status: int, told: Told, location: str = "") -> ModelError:
    """The error an answer with this status amounts to; status 200 is an error told in a good answer."""
    words = said(endpoint, told.words)
    if 300 <= status < 400:
        elsewhere = _elsewhere(endpoint, location)
        return ModelUnknown(f"{endpoint.host} sends calls on to {elsewhere}. Enter that address instead.")
    return _by_code(endpoint, status, told, words) or _by_status(endpoint, status, words)


def _by_code(endpoint: Endpoint, status: int, told: Told, words: str) -> ModelError | None:
    """What the codes and words of an error say; they say more than its status."""
    host, model = endpoint.host, endpoint.named
    wrong = status in {400, 404, 422}
    if _FUNDS.search(told.codes) or status == 402 or (status == 429 and _FUNDS.search(told.words)):
        return ModelFundsGone(
            f"The account at {host} is empty, or its quota used up{words}. Top it up there, then go on."
        )
    if status == 401 or (status in {400, 403} and _WRONG_KEY.search(told.all)):
        return ModelKeyRefused(f"{host} refuses the key{words}. Copy it once more.")
    if status == 403:
        hint = "Check the account, or take another model."
        return ModelKeyRefused(f"{host} does not let this key use {model}{words}. {hint}")
    if _POLICY.search(told.codes) or (wrong and _POLICY.search(told.words)):
        return ModelDeclined(f"{host} declines this request{words}. Put the goal in other words.")
    if too_long(told) or status == 413:
        hint = "Shorten the context and the examples, or take a model with more memory."
        return ModelAnswerBroken(f"The request is longer than {model} at {host} can take in{words}. {hint}")
    if status == 404 and _ROUTER.search(told.words):
        return ModelUnknown(
            f"{host} finds nobody who runs {model}{words}. Choose another model, or change that there."
        )
    if wrong and (_NO_MODEL.search(told.all) or told.parameter == "model"):
        return ModelUnknown(f"{host} has no model {quoted(model)}{words}. Choose one that it has.")
    return None


def _by_status(endpoint: Endpoint, status: int, words: str) -> ModelError:
    host, base = endpoint.host, endpoint.base_url
    if status in {404, 405, 501}:
        return ModelUnknown(f"{base} is no address of a language model ({status}){words}. Most end in /v1.")
    if status == 429:
        return ModelUnreachable(f"{host} takes no more calls just now{words}. Wait a little, then go on.")
    if status >= 500 or status in PASSING:
        return ModelUnreachable(f"{host} fails ({status}){words}. Wait a little, then go on.")
    if status == 200:
        return ModelAnswerBroken(f"{host} broke off with an error{words}.")
    return ModelAnswerBroken(f"{host} does not take the request ({status}){words}.")


def of_connection(endpoint: Endpoint, reason: BaseException) -> ModelError:
    """The error that a connection which did not come about, or broke, amounts to."""
    host, why = endpoint.host, _causes(reason)
    if "ertificate" in why or "CERTIFICATE" in why:
        words = "it shows a certificate that is not to be trusted"
    elif re.search(r"\bssl|\btls", why, re.IGNORECASE):
        words = "no secure connection comes about"
    elif re.search(r"name or service|nodename|getaddrinfo|name resolution|resolve", why, re.IGNORECASE):
        words = "its name is not found on the network"
    elif re.search(r"ConnectTimeout|PoolTimeout", why):
        words = "it does not take up the connection"
    elif re.search(r"ReadError|RemoteProtocol|disconnected|reset|incomplete", why, re.IGNORECASE):
        return ModelUnreachable(f"{host} broke the connection off before its answer was whole.")
    else:
        words = "the connection is refused"
    hint = "Is the server running?" if endpoint.here else "Check the address and the network."
    return ModelUnreachable(f"{host} cannot be reached: {words}. {hint}")


def silent(endpoint: Endpoint, seconds: float, *, began: bool) -> ModelError:
    """Nothing more came for so long."""
    if began:
        return FellSilent(f"{endpoint.host} fell silent in the middle of its answer, for {seconds:g} s.")
    return Silent(
        f"{endpoint.host} gave no answer within {seconds:g} s. It may be busy with other work, or its model "
        "too large for its machine."
    )


def passes(error: ModelError) -> bool:
    """Whether the same call may succeed a little later: not after silence, which would only come again."""
    return isinstance(error, ModelUnreachable) and not isinstance(error, Silent)


def too_long(told: Told) -> bool:
    """Whether the request was refused for its length."""
    return bool(_TOO_LONG.search(told.all))


def said(endpoint: Endpoint, words: str, limit: int = _WORDS) -> str:
    """A server's or a model's own words as part of a sentence: quoted, cut, on one line, without the key."""
    line = " ".join(endpoint.masked(words).split()).rstrip(".")
    return f": {quoted(line, limit)}" if line else ""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a server asks to wait, as seconds, milliseconds or a date; None where it does not."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        text = headers.get(name)
        if not text:
            continue
        try:
            seconds = float(text) * unit
        except ValueError:
            seconds = _until(text)
        if math.isfinite(seconds):
            return max(0.0, seconds)
    return None


def _until(date: str) -> float:
    try:
        return (parsedate_to_datetime(date).astimezone(UTC) - datetime.now(UTC)).total_seconds()
    except ValueError:
        return math.nan


def _parsed(text: str | bytes | bytearray) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text if isinstance(text, str) else text.decode("utf-8", "replace")


def _message(error: Mapping[str, Any]) -> str:
    """The words of an error, with those that a router passes on from behind it."""
    behind = error.get("metadata")
    raw = behind.get("raw") if isinstance(behind, dict) else None
    words = error.get("message") or error.get("msg") or error.get("detail") or ""
    return f"{words} {raw}" if isinstance(raw, str) else str(words)


def _field(item: object) -> str:
    """One entry of FastAPI's list: where and what."""
    if not isinstance(item, dict):
        return str(item)
    place = item.get("loc")
    name = place[-1] if isinstance(place, list) and place else "request"
    return f"{name}: {item.get('msg') or item.get('message') or ''}"


def _elsewhere(endpoint: Endpoint, location: str) -> str:
    try:
        host = urlsplit(urljoin(endpoint.base_url, location)).netloc.rpartition("@")[2]
    except ValueError:
        host = ""
    return host or "another address"


def _causes(reason: BaseException | None) -> str:
    """The names and texts of an exception and of what caused it."""
    found: list[str] = []
    while reason is not None and len(found) < 8:
        found.append(f"{type(reason).__name__}: {reason}")
        reason = reason.__cause__ or reason.__context__
    return " / ".join(found)

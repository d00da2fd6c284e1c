"""What an error of Ideogram's API means for a row. Source: its page of errors and billing."""

from __future__ import annotations

import json
from typing import Any

from jobs.backends.replies import Endpoint, Reply
from jobs.backends.told import Told, quoted
from jobs.errors import AnswerLost, BackendError, Halted, Refused, Rejected, Throttled, Unavailable

_REASONS = {
    "insufficient_funds": "the account has no funds left. Top it up, then resume",
    "subscription_required": "the account needs a subscription for this. Subscribe, then resume",
    "daily_limit": "the account’s limit for the day is reached. Raise it or wait for tomorrow, then resume",
    "priority_credit_required": "this needs priority credits, and none are left. Top them up, then resume",
    "inflight_limit": "more images are in progress than it allows. Lower IDEOGRAM_PLACES, then resume",
    "feature_limit": "the account’s plan does not include this. Change the plan or the rows, then resume",
}
_NO_ROOM = "the account does not allow this. Look at its plan and its balance, then resume"
_CHECK_ADDRESS = "Check IDEOGRAM_BASE_URL, then resume."
_PASSING = {408, 409, 425}
_GAVE_UP_WAITING = {504, 524}  # a gateway handed the call on: what it handed on may still be made and billed
_SYNCHRONOUS = 200.0  # seconds; Ideogram itself answers 503 after 265 s of waiting, and goes on with the work


def error(reply: Reply, there: Endpoint, waited: float = 0.0) -> BackendError:
    """The error of the port that a reply without images amounts to; it came after `waited` seconds."""
    told = Told.read(reply.body)
    words, host, status = quoted(there.masked(told.words)), there.host, reply.status
    if status == 422 and not told.fields:
        return Refused(f"Ideogram declines this prompt{words}. Put it in other words and try again.")
    if 400 <= status < 500:
        return _of_the_call(reply, there, words)
    if 300 <= status < 400:
        return Halted(f"{host} sends calls on to {reply.sent_on_to(there)}. {_CHECK_ADDRESS}")
    if status < 300 or status in _GAVE_UP_WAITING or (status == 503 and waited > _SYNCHRONOUS):
        return AnswerLost(f"{host} gave no images ({status}){words}; it may have billed the call.")
    return Unavailable(f"{host} failed ({status}){words}.", reply.retry_after())


def failed(document: dict[str, Any], there: Endpoint) -> BackendError:
    """What a generation that Ideogram gave up means; it is not billed."""
    reason = str(document.get("failure_reason") or document.get("error") or "")
    words = quoted(there.masked(reason))
    if "safety" in reason.lower() or "moderation" in reason.lower():
        return Refused(f"Ideogram declines this prompt{words}. Put it in other words and try again.")
    return Rejected(f"Ideogram could not make this row{words}. It is not billed; try it again.")


def _of_the_call(reply: Reply, there: Endpoint, words: str) -> BackendError:
    host, status = there.host, reply.status
    if status == 401:
        return Halted(f"Ideogram: key refused (401){words}. Check IDEOGRAM_API_KEY, then resume.")
    if status == 402:
        reason = _field(reply.body, "reject_reason")
        return Halted(f"Ideogram says that {_REASONS.get(str(reason), _NO_ROOM)}{words}.")
    if status == 403:
        return Halted(f"Ideogram forbids the call (403){words}. Check the account and its key, then resume.")
    if status in {404, 405}:
        return Halted(f"{there.base} makes no images ({status}){words}. {_CHECK_ADDRESS}")
    if status == 429:
        limit = _field(reply.body, "max_inflight_requests")
        allowed = limit if isinstance(limit, int) and not isinstance(limit, bool) else None
        return Throttled(f"{host} takes no more calls just now{words}.", reply.retry_after(), allowed)
    if status in _PASSING:
        return Unavailable(f"{host} did not take the call ({status}){words}.", reply.retry_after())
    return Rejected(f"Ideogram cannot make this row ({status}){words}. Change it and try again.")


def _field(body: bytes | bytearray, name: str) -> object:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document.get(name) if isinstance(document, dict) else None

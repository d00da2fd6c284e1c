"""What an error of an OpenAI-compatible images endpoint means for a row, in the provider's own words."""

from __future__ import annotations

from jobs.backends.replies import Endpoint, Reply
from jobs.backends.told import Told, quoted
from jobs.errors import AnswerLost, BackendError, Halted, Refused, Rejected, Throttled, Unavailable

# Codes and types in error bodies; they say more than the status (an empty account is 400, 402 or 429).
_POLICY = {
    "moderation_blocked",
    "content_policy_violation",
    "image_content_policy_violation",
    "content_filter",
    "contentfilter",
}
_FUNDS = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_funds"}
_NO_MODEL = {"model_not_found", "invalid_model", "unsupported_model"}

_CHECK_ADDRESS = "Check PROMPTSHEET_IMAGES_BASE_URL and PROMPTSHEET_IMAGES_MODEL, then resume."
_GAVE_UP_WAITING = {504, 524}  # a gateway handed the call on: what it handed on may still be made and billed
_PASSING = {408, 409, 425}


def error(reply: Reply, endpoint: Endpoint, model: str) -> BackendError:
    """The error of the port that a reply without images amounts to."""
    told = Told.read(reply.body)
    words = quoted(endpoint.masked(told.words))
    host, status = endpoint.host, reply.status
    if told.codes & _POLICY or (status == 422 and not told.fields):
        return Refused(f"{host} declines this prompt{words}. Put it in other words and try again.")
    if told.codes & _FUNDS or status == 402:
        return Halted(f"{host} says that the account has no funds left{words}. Top it up, then resume.")
    if told.codes & _NO_MODEL or (status in {400, 404} and told.parameter == "model"):
        return Halted(
            f"{host} has no model {model}{words}. Set PROMPTSHEET_IMAGES_MODEL to one it has, then resume."
        )
    if 400 <= status < 500:
        return _of_the_call(reply, endpoint, words)
    if 300 <= status < 400:
        return Halted(f"{host} sends calls on to {reply.sent_on_to(endpoint)}. {_CHECK_ADDRESS}")
    if status < 300 or status in _GAVE_UP_WAITING:
        return AnswerLost(f"{host} gave no images ({status}){words}; it may have billed the call.")
    return Unavailable(f"{host} failed ({status}){words}.", reply.retry_after())


def _of_the_call(reply: Reply, endpoint: Endpoint, words: str) -> BackendError:
    """What a status from 400 to 499 means where no code in the body said it."""
    host, status = endpoint.host, reply.status
    if status == 401:
        return Halted(f"{host} refused the key (401){words}. Check PROMPTSHEET_IMAGES_API_KEY, then resume.")
    if status == 403:
        return Halted(f"{host} forbids the call (403){words}. Check the account and its key, then resume.")
    if status in {404, 405}:
        return Halted(f"{endpoint.base} makes no images ({status}){words}. {_CHECK_ADDRESS}")
    if status == 429:
        return Throttled(f"{host} takes no more calls just now{words}.", reply.retry_after())
    if status in _PASSING:
        return Unavailable(f"{host} did not take the call ({status}){words}.", reply.retry_after())
    return Rejected(f"{host} cannot make this row ({status}){words}. Change it and try again.")

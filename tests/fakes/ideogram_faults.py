"""What Ideogram's API can do wrong, each by a name that a prompt or a script can ask for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aiohttp import web

MARKER = re.compile(r"fault:([a-z0-9-]+)(?:\*(\d+))?")
"""In a prompt: `fault:throttle` always, `fault:throttle*2` the first two times."""


def _refusal(
    status: int, error: str, headers: dict[str, str] | None = None, **more: Any
) -> Callable[[], web.Response]:
    return lambda: web.json_response({"error": error, **more}, status=status, headers=headers)


def _payment(reason: str) -> Callable[[], web.Response]:
    return _refusal(402, f"Payment required ({reason}).", reject_reason=reason)


OVER_LIMIT = {"reject_reason": "inflight_limit", "task_completion_speed": "normal"}

REFUSALS: dict[str, Callable[[], web.Response]] = {
    "bad-request": _refusal(400, "Invalid value for prompt."),
    "no-key": _refusal(401, "Invalid API key."),
    "forbidden": _refusal(403, "No access to this model."),
    "not-found": _refusal(404, "No such endpoint."),
    "conflict": _refusal(409, "Another call holds the lock."),
    "too-large": _refusal(413, "The upload is too large."),
    "unsafe": _refusal(
        422, "Prompt provided failed safety check due to the inclusion of prohibited content."
    ),
    "funds": _payment("insufficient_funds"),
    "subscription": _payment("subscription_required"),
    "daily-limit": _payment("daily_limit"),
    "priority": _payment("priority_credit_required"),
    "inflight-402": _payment("inflight_limit"),
    "feature": _payment("feature_limit"),
    "odd-402": lambda: web.Response(status=402),
    "throttle": _refusal(429, "Too many images in progress.", **OVER_LIMIT),
    "throttle-limit": _refusal(429, "Too many images in progress.", **OVER_LIMIT, max_inflight_requests=3),
    "server-error": _refusal(500, "Internal error."),
    "overloaded": _refusal(503, "Overloaded.", {"Retry-After": "2.5"}),
    "gateway-timeout": lambda: web.Response(
        status=504, text="<html>Gateway Time-out</html>", content_type="text/html"
    ),
    "redirect": lambda: web.Response(status=307, headers={"Location": "https://elsewhere.example/"}),
}
"""Answers to a call that is not taken; nothing is made and nothing billed."""

AT_CALL = ("echo-key", "reset-before")
"""The same, by other means."""

ACCEPTED = ("reset-after", "hang", "html", "broken-json", "no-id", "at-once")
"""What becomes of the answer to a call that was taken and is billed."""

WHILE_ASKED = (
    "gen-failed", "gen-unsafe", "gen-forgotten", "gen-stuck",
    "poll-down", "poll-throttle", "poll-html", "poll-reset", "poll-refused",
)  # fmt: skip
"""What becomes of a generation, or of the question how far it is."""

IN_DATA = (
    "withheld", "one-withheld", "fewer", "more", "reworded", "wrong-size", "jpeg", "webp",
    "odd-url", "file-url",
)  # fmt: skip
"""What stands in the data of one that is completed."""

AT_DOWNLOAD = (
    "expired-url", "down-url", "html-image", "truncated-image", "flipped-image", "one-broken", "one-expired",
)  # fmt: skip
"""What comes when an image is fetched."""

EVERY: tuple[str, ...] = (*REFUSALS, *AT_CALL, *ACCEPTED, *WHILE_ASKED, *IN_DATA, *AT_DOWNLOAD)


class Faults:
    """Which fault is due, by a text that holds a marker; counts how often each was met."""

    def __init__(self) -> None:
        self._met: dict[str, int] = {}

    def due(self, prompt: str, moment: str, among: tuple[str, ...] | None = None) -> str:
        """The fault that the prompt asks for at this moment, "" for none."""
        marked = MARKER.search(prompt)
        if not marked or (among is not None and marked[1] not in among):
            return ""
        key = f"{moment} {prompt}"
        self._met[key] = self._met.get(key, 0) + 1
        return marked[1] if self._met[key] <= int(marked[2] or 1_000_000) else ""

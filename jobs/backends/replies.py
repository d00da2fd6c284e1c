"""Both ends of a call over HTTP: the endpoint it goes to and the reply that came back."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
_UNIT = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where calls go: `base` without a slash at its end, and the key, empty where the server needs none.

    The key is shown in `header`, after the word `scheme` if there is one.
    """

    base: str
    key: str
    header: str = "Authorization"
    scheme: str = "Bearer"

    @property
    def host(self) -> str:
        """The host for sentences, with its port where it has one."""
        return urlsplit(self.base).netloc

    @property
    def account(self) -> str:
        """A word that is the same for the same address and key, and tells neither."""
        return hashlib.sha256(f"{self.base}\n{self.key}".encode()).hexdigest()[:12]

    def authorization(self) -> dict[str, str]:
        """The header that shows the key; none where there is no key."""
        return {self.header: f"{self.scheme} {self.key}".strip()} if self.key else {}

    def masked(self, text: str) -> str:
        """`text` without the key, should a server repeat it."""
        return text.replace(self.key, "…") if self.key else text

    def __repr__(self) -> str:
        return f"Endpoint({self.base!r})"


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole HTTP answer. `headers` are found by any spelling of their names."""

    status: int
    headers: Mapping[str, str]
    body: bytes | bytearray

    def retry_after(self) -> float | None:
        """Seconds the server asks to wait: Retry-After (seconds or a date), else the x-ratelimit headers."""
        asked = self.headers.get("Retry-After")
        return _until(asked) if asked else _used_up(self.headers)

    def sent_on_to(self, endpoint: Endpoint) -> str:
        """The host that a redirect names, for a sentence."""
        try:
            host = urlsplit(urljoin(endpoint.base, self.headers.get("Location", ""))).hostname
        except ValueError:
            host = None
        return host or "another address"

    @property
    def looks(self) -> str:
        """What came in place of the JSON that was asked for."""
        return "a web page" if self.body.lstrip()[:1] == b"<" else "something unreadable"


def _until(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(text).astimezone(UTC) - datetime.now(UTC)).total_seconds()
        except ValueError:
            return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _used_up(headers: Mapping[str, str]) -> float | None:
    """The longest wait among limits of which nothing remains, as in `x-ratelimit-reset-requests: 1m0.5s`."""
    waits = [
        sum(float(number) * _UNIT[unit] for number, unit in _DURATION.findall(value))
        for name, value in headers.items()
        if name.lower().startswith("x-ratelimit-reset-")
        and headers.get(name.lower().replace("-reset-", "-remaining-")) == "0"
    ]
    return max(waits, default=None)

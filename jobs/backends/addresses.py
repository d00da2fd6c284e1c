"""Addresses of services as people type them into settings."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit


def web_address(text: str, *, account: bool = False) -> SplitResult | None:
    """The parts of an http or https address; None where it is none, or holds more than host and path.

    `account` says that a name and a password may stand before the host.
    """
    try:
        parts = urlsplit(text.strip())
        fits = parts.scheme in {"http", "https"} and (parts.hostname or "").encode("idna") and parts.port != 0
    except ValueError:  # a name, a port or an IPv6 address that is none
        return None
    secret = parts.username and not account
    return parts if fits and not (secret or parts.query or parts.fragment) else None


def host(parts: SplitResult) -> str:
    """The host with its port, without what may stand before it."""
    return parts.netloc.rpartition("@")[2]


def usable_key(key: str) -> bool:
    """Whether a key can stand in a header; those that cannot were pasted with typographic marks or breaks."""
    return key.isascii() and key.isprintable()

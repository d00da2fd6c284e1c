"""Ids: short, for life, safe in file names on every file system: small letters and digits, no look-alikes."""

from __future__ import annotations

import re
import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


_ID = re.compile(f"[{ALPHABET}]{{12}}")


def valid(text: str) -> bool:
    """Whether a text from elsewhere can be a row's id."""
    return bool(_ID.fullmatch(text))


def new(length: int = 12) -> str:
    """A random id; 12 characters hold 59 bits, so 100,000 rows meet by chance once in 10^8 sheets."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))

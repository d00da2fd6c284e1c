"""Waiting for a condition, and never for a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    """Returns as soon as the condition holds; fails where it does not within `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "the condition was waited for in vain"
        threading.Event().wait(0.02)

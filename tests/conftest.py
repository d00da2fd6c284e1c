"""What every suite shares: the browser, started as this machine has it."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.machine import chromium

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium where there is one; without its calls home, and as root without its sandbox."""
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    found = chromium()
    chosen = {"executable_path": found} if found else {}
    return browser_type_launch_args | chosen | {"args": arguments}

"""How a child ends with its supervisor, even a killed one: a pipe that closes when that is gone."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping

VARIABLE = "PROMPTSHEET_LIFELINE"


def hold(environment: Mapping[str, str] | None = None) -> None:
    """Send ourselves SIGTERM when the supervisor's end closes; does nothing without a supervisor."""
    handle = (os.environ if environment is None else environment).get(VARIABLE)
    if handle is not None:
        threading.Thread(target=_watch, args=(int(handle),), name="lifeline", daemon=True).start()


def _watch(handle: int) -> None:
    os.read(handle, 1)
    os.kill(os.getpid(), signal.SIGTERM)

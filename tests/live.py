"""The product as a person starts it: `promptsheet up` in a process of its own, on a free port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen


@dataclass(frozen=True)
class Live:
    """A running stack: its process, and what to open in a browser."""

    process: subprocess.Popen[str]
    url: str


@contextmanager
def up(data: Path, **settings: str) -> Iterator[Live]:
    """Start everything on a data folder; once it answers it is yours, and is ended with the block."""
    environment = os.environ | {"PROMPTSHEET_DATA": str(data), "PROMPTSHEET_PORT": "0"} | settings
    with subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", "up"], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        ready = next((line for line in process.stdout if "http://" in line), "")
        assert ready, "promptsheet up ended before it was ready"
        url = next(word for word in ready.split() if word.startswith("http://"))
        try:
            with urlopen(f"{url}/healthz") as answer:
                assert answer.status == 200
            yield Live(process, url)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)

"""A terminal to type commands in: real processes on a data folder of their own."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from jobs.settings import ALL
from tests.waiting import until

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "assistant.cli")


class Process:
    """A command that runs; what it says goes into a file."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._log = log
        with log.open("wb") as file:
            self._popen = subprocess.Popen(
                [*COMMAND, *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self._log.read_text(encoding="utf-8")

    @property
    def running(self) -> bool:
        return self._popen.poll() is None

    def says(self, words: str, seconds: float = 30) -> str:
        """Wait until it has said something; returns all that it said."""
        until(lambda: words in self.said or not self.running, seconds)
        assert words in self.said, self.said
        return self.said

    def interrupt(self) -> None:
        self._popen.send_signal(signal.SIGINT)

    def kill(self) -> None:
        self._popen.kill()
        self._popen.wait(10)

    def ends(self, seconds: float = 30) -> int:
        """Its exit status."""
        return self._popen.wait(seconds)


class Terminal:
    """Commands typed in `folder`, with settings of their own and none of the machine's."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder, self.data = folder, data
        known = {setting.name for setting in ALL}
        self.environment = {name: value for name, value in os.environ.items() if name not in known} | {
            "PROMPTSHEET_DATA": str(data),
            "PROMPTSHEET_PORT": "0",
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "200",
        }
        self._started: list[Process] = []

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Type a command and wait for its end; file names are seen from `folder`."""
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=self.environment | settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )

    def start(self, *arguments: str, **settings: str) -> Process:
        """Type a command that goes on; file names must be whole."""
        log = self.folder / f"{len(self._started)}.log"
        process = Process(arguments, self.environment | settings, log)
        self._started.append(process)
        return process

    def close(self) -> None:
        """End what still runs."""
        for process in self._started:
            if process.running:
                process.interrupt()
                process.ends()

    def sheet(self, rows: int, name: str = "sheet.csv", **columns: str) -> Path:
        """A sheet with different prompts, one image a row."""
        path = self.folder / name
        values = {"visibility": "private", "num_images": "1", **columns}
        with path.open("w", encoding="utf-8", newline="") as file:
            written = csv.writer(file)
            written.writerow(["prompt", *values])
            written.writerows([f"a fox number {number}", *values.values()] for number in range(rows))
        return path

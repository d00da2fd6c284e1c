"""What a process works with, opened once: database, Redis, files, prices, clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.backoff import NoBackoff
from redis.retry import Retry

from jobs import embedded
from jobs.errors import NotConfigured
from jobs.files import Files, open_files
from jobs.prices import Prices
from jobs.settings import Settings
from jobs.store.database import Database

LOCAL = "local"
"""The owner of everything while there is no login: the one built-in person."""

PATIENCE = 5.0
"""Seconds Redis gets to answer a page or a command before it is said to be away."""


@dataclass(frozen=True)
class Services:
    """Open connections. `clock` gives seconds since 1970, UTC."""

    settings: Settings
    database: Database
    redis: Redis
    files: Files
    prices: Prices
    clock: Callable[[], float] = field(default=time.time)

    def async_redis(self) -> AsyncRedis:
        """A client for the running event loop; the caller closes it."""
        return AsyncRedis.from_url(redis_url(self.settings), socket_timeout=PATIENCE, retry=None)

    def close(self) -> None:
        self.redis.close()
        self.database.close()


def open_services(settings: Settings) -> Services:
    """Open what the settings name; connects to nothing yet but makes the data folder.

    Raises NotConfigured where a setting cannot be used.
    """
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as reason:
        raise NotConfigured(
            f"PROMPTSHEET_DATA: {settings.data} cannot be made ({reason.strerror})."
        ) from reason
    return Services(
        settings,
        Database(settings.database_url or f"sqlite:///{settings.data / 'promptsheet.sqlite3'}"),
        Redis.from_url(
            redis_url(settings),
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
        ),
        open_files(settings.storage_url, settings.data),
        Prices.read(settings.prices),
    )


def redis_url(settings: Settings) -> str:
    """REDIS_URL, or the address of the data folder's own Redis."""
    return settings.redis_url or f"unix://{embedded.socket_path(settings.data)}"

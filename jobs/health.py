"""Whether what we work with is there now: database, Redis, storage."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from redis.exceptions import RedisError

from jobs.errors import DatabaseAway
from jobs.services import Services

Look = Callable[[Services], str | None]


def health(services: Services) -> Mapping[str, str | None]:
    """What is wrong with each part, in a sentence; None for one that is well."""
    return {part: look(services) for part, look in PARTS.items()}


def _database(services: Services) -> str | None:
    try:
        there = services.database.revision()
    except DatabaseAway as reason:
        return str(reason)
    return None if there else "The database has no tables yet; a start makes them."


def _redis(services: Services) -> str | None:
    try:
        services.redis.ping()
    except (RedisError, OSError):
        return "Redis does not answer. Nothing is lost; work goes on when it is back."
    return None


def _storage(services: Services) -> str | None:
    """The folder of images comes with the first one; until then the folder that it will be in counts."""
    root = services.files.root
    place = next(folder for folder in (root, *root.parents) if folder.exists())
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        return f"Images cannot be written to {root}."
    return None


PARTS: Mapping[str, Look] = {"database": _database, "redis": _redis, "storage": _storage}

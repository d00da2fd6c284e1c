"""Database, Redis and storage: whether each is there and ready."""

from __future__ import annotations

from assistant.checkup.finding import OK, PROBLEM, Finding, masked
from assistant.checkup.machine import room
from jobs import embedded
from jobs.errors import PromptsheetError
from jobs.files import open_files
from jobs.services import open_services
from jobs.settings import Settings
from jobs.store.database import newest_revision


def database(settings: Settings) -> Finding:
    """Its tables' revision. One that a start would make or bring up to date is well."""
    place = masked(settings.database_url) or "SQLite in the data folder"
    if not settings.database_url and not (settings.data / "promptsheet.sqlite3").exists():
        return Finding("Database", OK, f"{place}; the first start makes it")
    try:
        opened = open_services(settings)
        try:
            revision = opened.database.revision()
        finally:
            opened.close()
    except PromptsheetError as reason:
        return Finding("Database", PROBLEM, str(reason))
    if revision == newest_revision():
        return Finding("Database", OK, f"{place}, up to date")
    if revision is None or revision < newest_revision():
        return Finding("Database", OK, f"{place}; the next start brings it up to date")
    return Finding("Database", PROBLEM, f"{place} is of a newer Promptsheet than this one. Update this one.")


def redis(settings: Settings) -> Finding:
    """The one that is set answers; else our own runs, or its program is there to be started."""
    if settings.redis_url:
        return _redis_at(settings)
    if embedded.answers(settings.data):
        return Finding("Redis", OK, "our own, running")
    try:
        return Finding("Redis", OK, f"our own, ready to start: {embedded.program()}")
    except PromptsheetError as reason:
        return Finding("Redis", PROBLEM, str(reason))


def storage(settings: Settings) -> Finding:
    try:
        return room("Storage", open_files(settings.storage_url, settings.data).root)
    except PromptsheetError as reason:
        return Finding("Storage", PROBLEM, str(reason))


def _redis_at(settings: Settings) -> Finding:
    from redis import Redis
    from redis.exceptions import RedisError

    place = masked(settings.redis_url)
    try:
        with Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=5) as client:
            client.ping()
    except (RedisError, OSError, ValueError) as reason:
        why = str(reason).replace(settings.redis_url, place)
        return Finding("Redis", PROBLEM, f"{place} does not answer: {why}. Look at REDIS_URL.")
    return Finding("Redis", OK, f"{place} answers")

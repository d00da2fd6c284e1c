"""What a part that runs alone needs: a Redis that somebody else keeps."""

from __future__ import annotations

from assistant.supervisor import owned
from jobs.errors import NotConfigured
from jobs.settings import Settings


def require_redis(settings: Settings, part: str) -> None:
    """Raises NotConfigured where neither REDIS_URL names one nor `up` runs one on the data folder."""
    if not settings.redis_url and not owned(settings.data):
        raise NotConfigured(
            f"`promptsheet {part}` alone needs a Redis: set REDIS_URL, or start `promptsheet up` on the same "
            "data folder, which brings one. `promptsheet up` by itself runs everything."
        )

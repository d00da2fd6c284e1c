"""The key that signs sessions: from the setting, or made once and kept where only its owner can read it."""

from __future__ import annotations

import os
import secrets

from jobs.settings import Settings


def key(settings: Settings) -> str:
    """Two processes that start together end up with the same key."""
    if settings.secret_key:
        return settings.secret_key
    file = settings.data / "secret.key"
    if not file.exists():
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = settings.data / f".secret.key.{os.getpid()}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as opened:
            opened.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, file)  # fails where another process was first, whose key then counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text()

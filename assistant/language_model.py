"""Which language model drafts for the person asking, as every page says it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant import secret
from assistant.here import owner, services
from assistant.model import endpoint
from assistant.model.endpoint import Endpoint
from jobs.errors import NotConfigured


@dataclass(frozen=True)
class Connected:
    """The endpoint in use, None where there is none; `trouble` says why one that is set cannot be used."""

    endpoint: Endpoint | None
    trouble: str | None = None

    @property
    def model(self) -> str:
        return self.endpoint.named if self.endpoint else ""

    @property
    def host(self) -> str:
        return self.endpoint.host if self.endpoint else ""

    @property
    def here(self) -> bool:
        """Whether it runs on this machine, where nobody charges for tokens."""
        return self.endpoint is not None and self.endpoint.here


def connected() -> Connected:
    """The endpoint that the person saved, else that of the settings."""
    try:
        return Connected(endpoint.configured(services(), owner(), secret.key(services().settings)))
    except NotConfigured as reason:
        return Connected(None, str(reason))

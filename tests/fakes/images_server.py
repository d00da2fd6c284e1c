"""A strict stand-in for an OpenAI-compatible images endpoint, in a process of its own on loopback.

`with ImagesServer() as server:` starts and ends it; `python -m tests.fakes.images_server` runs it by hand.
"""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any

from tests.fakes import images_faults
from tests.fakes.images_app import KEY, Behaviour, Counts, Endpoint
from tests.fakes.stand_in import ROOT, StandIn, arguments, serve

__all__ = ["ROOT", "UNTRUSTED", "ImagesServer"]

UNTRUSTED = Path(__file__).with_name("untrusted.pem")
"""A certificate for localhost that nobody has signed, and its key: of no worth to anyone."""


class ImagesServer(StandIn):
    """The running stand-in. `behaviour` is what Behaviour (images_app.py) has as fields."""

    module = "tests.fakes.images_server"
    faults = (*images_faults.BEFORE, *images_faults.AFTER)

    def __init__(self, tls: bool = False, **behaviour: Any) -> None:
        super().__init__(*(["--tls"] if tls else []), **behaviour)
        self._key = behaviour.get("key", KEY)

    @property
    def origin(self) -> str:
        return self.url.removesuffix("/v1")

    def environment(self) -> dict[str, str]:
        """The settings with which the `openai` back end uses it."""
        return {
            "PROMPTSHEET_IMAGES_BASE_URL": self.url,
            "PROMPTSHEET_IMAGES_API_KEY": self._key,
            "PROMPTSHEET_IMAGES_MODEL": "gpt-image-2",
        }

    def counts(self) -> Counts:
        return Counts(**self.told())


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--bytes", type=int, default=0, help="weight of one image, about")
    parser.add_argument("--tls", action="store_true", help="speak HTTPS, with a certificate nobody trusts")
    given = parser.parse_args()
    context = None
    if given.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(UNTRUSTED)
    behaviour = Behaviour(**{"weight": given.bytes} | given.behave)
    asyncio.run(serve(Endpoint(behaviour).app(), given.port, given.with_parent, "/v1", context))


if __name__ == "__main__":
    main()

"""A web over batches that a test has brought to where it needs them; no worker changes them meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, make_server

from assistant.app import create_app
from jobs.services import Services, open_services
from jobs.settings import Settings


@dataclass
class Table:
    """The services of a folder, and its web, which can be switched off and on again at the same address."""

    services: Services
    port: int = 0
    _server: BaseWSGIServer | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def on(self) -> None:
        self._server = make_server(
            "127.0.0.1", self.port, create_app(self.services.settings, self.services), threaded=True
        )
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def off(self) -> None:
        if self._server:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None


@contextmanager
def laid(folder: Path, **settings: str) -> Iterator[Table]:
    """A table on an empty folder, switched on."""
    services = open_services(Settings.read({"PROMPTSHEET_DATA": str(folder)} | settings))
    table = Table(services)
    table.on()
    try:
        yield table
    finally:
        table.off()
        services.close()

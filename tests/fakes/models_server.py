"""An endpoint that lists models, on loopback, as OpenAI-compatible servers do; or does wrong on request."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class ModelsServer:
    """`status` and `body` are what GET /v1/models answers; `keys` the Authorization headers it was shown.

    `paths` are the answers of other addresses, as JSON: {"/props": {…}}. There are no more.
    """

    def __init__(
        self, *models: str, status: int = 200, body: str | None = None, paths: dict[str, Any] | None = None
    ) -> None:
        listed = {"object": "list", "data": [{"id": model, "object": "model"} for model in models]}
        listing = (json.dumps(listed) if body is None else body).encode()
        others = {path: json.dumps(value).encode() for path, value in (paths or {}).items()}
        self.keys: list[str | None] = []
        keys = self.keys

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                keys.append(self.headers["Authorization"])
                answer = listing if self.path == "/v1/models" else others.get(self.path, b"{}")
                self.send_response(
                    status if self.path == "/v1/models" else 200 if self.path in others else 404
                )
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_POST = do_GET  # noqa: N815  (the name that the library calls)

            def log_message(self, *_: object) -> None:
                """Tests' output is for failures."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

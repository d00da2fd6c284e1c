"""The web process: `python -m assistant.serve [HANDLE]`, on the supervisor's socket or one of its own."""

from __future__ import annotations

import logging
import signal
import socket
import sys

import waitress

from assistant.app import create_app
from assistant.listening import address, listen
from jobs import lifeline
from jobs.errors import PromptsheetError
from jobs.settings import Settings

THREADS = 64
"""Requests at once. Event streams hold a thread each; 64 cost 24 MB and block nobody (measured with 50)."""


def serve(settings: Settings, listening: socket.socket) -> None:
    """Answer until SIGTERM or SIGINT."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    app = create_app(settings)
    try:
        waitress.serve(
            app,
            sockets=[listening],
            threads=THREADS,
            ident=None,
        )
    finally:
        app.extensions["services"].close()


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    # A waiting request is no news: pages poll, and 64 threads are soon free again.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    lifeline.hold()
    try:
        settings = Settings.read()
        given = socket.socket(fileno=int(sys.argv[1])) if len(sys.argv) > 1 else None
        listening = given or listen(settings)
        if not given:
            sys.stdout.write(f"Promptsheet is ready at {address(listening)}\n")
            sys.stdout.flush()
        serve(settings, listening)
    except PromptsheetError as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()

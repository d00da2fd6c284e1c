"""What keeps other sites and other machines out: host, origin, CSRF, and the headers of every answer."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import Forbidden

from jobs.errors import NotConfigured

LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
"""Host names we answer to while there is no login: a name that another site rebinds to us is none of them."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

csrf = CSRFProtect()


def init(app: Flask) -> None:
    app.config.update(
        TRUSTED_HOSTS=LOOPBACK,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        # A browser keeps one cookie for all ports of a host: two instances must not overwrite each other's.
        SESSION_COOKIE_NAME="promptsheet-" + sha256(str(app.secret_key).encode()).hexdigest()[:8],
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a page may lie open over night
    )
    app.before_request(refuse_other_sites)
    csrf.init_app(app)
    app.after_request(add_headers)


def refuse_other_sites() -> None:
    """Only this instance's own pages, and programs that send no Origin, may change anything."""
    if request.method in SAFE:
        return
    origin = request.headers.get("Origin")
    if (origin is not None and origin != request.host_url.rstrip("/")) or request.headers.get(
        "Sec-Fetch-Site", "same-origin"
    ) not in ("same-origin", "none"):
        raise Forbidden("Another site asked for this. Do it from Promptsheet's own pages.")


def add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def require_vendor_files(folder: Path) -> None:
    """Raises NotConfigured that says how to fetch them."""
    if not (folder / "htmx.min.js").is_file():
        raise NotConfigured(
            "The front-end files are missing. Run `make setup`, or `pip install --no-build-isolation -e .`, "
            "which fetches them."
        )

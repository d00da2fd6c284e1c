"""The room of the image back ends: what each is, lacks and asks for, how it is set up, whether it answers."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from htmx_flask import request as htmx_request

from assistant.back import back
from assistant.backends import every
from assistant.checkup import endpoints
from assistant.checkup.finding import OK, PROBLEM
from assistant.here import services
from assistant.web.backends.telling import pages

__all__ = ["pages"]


@dataclass(frozen=True)
class Tested:
    """What a test came to: `level` is fixed, warning or error."""

    name: str
    level: str
    sentence: str


@pages.get("")
def page() -> str:
    return _shown()


@pages.post("/<name>/test")
def test(name: str) -> str:
    """Ask its service for something that costs nothing, and say in a sentence what came of it."""
    found = endpoints.backend(name, services().settings)
    level = {OK: "fixed", PROBLEM: "error"}.get(found.state, "warning")
    words = found.words if found.words.endswith(".") else f"{found.words}."
    tested = Tested(name, level, f"{words} Nothing was spent." if found.state == OK else words)
    if htmx_request.htmx:
        return render_template("backends/_result.html", name=name, tested=tested)
    return _shown(tested)


def _shown(tested: Tested | None = None) -> str:
    described = every(services().settings)
    return render_template("backends/page.html", backends=described, tested=tested, back=back())

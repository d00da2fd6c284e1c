"""Every image back end by name: one line here and a module beside it, loaded when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Protocol, cast

from jobs.backends.port import Backend, Probe, Terms, Traits
from jobs.errors import Invalid, NotConfigured
from jobs.settings import Settings

MODULES: Mapping[str, str] = {
    "proof": "jobs.backends.proof",
    "ideogram": "jobs.backends.ideogram",
    "openai": "jobs.backends.openai",
    "a1111": "jobs.backends.a1111",
}


class Module(Protocol):
    """What a back end's module holds."""

    def terms(self, settings: Settings) -> Terms:
        """What the back end is, lacks and takes under these settings, complete or not."""

    def connect(self, settings: Settings) -> Backend:
        """The back end ready for use. Threads and connections come with its first call, not here.

        Raises NotConfigured that names what is missing.
        """

    # One that talks to a service may also hold `probe(settings) -> Probe`, see `probe` below.


def names() -> tuple[str, ...]:
    """Every back end, usable or not."""
    return tuple(MODULES)


def traits(name: str, settings: Settings) -> Traits:
    """Raises Invalid where there is no such back end."""
    return terms(name, settings).traits


def terms(name: str, settings: Settings) -> Terms:
    """Raises Invalid where there is no such back end."""
    return _module(name).terms(settings)


def connect(name: str, settings: Settings) -> Backend:
    """Raises Invalid where there is no such back end, NotConfigured where it lacks a setting."""
    return _module(name).connect(settings)


def configured(name: str, settings: Settings) -> str | None:
    """Why the back end cannot run under these settings, in a sentence; None where it can. Raises Invalid."""
    try:
        connect(name, settings)
    except NotConfigured as reason:
        return str(reason)
    return None


def probe(name: str, settings: Settings) -> Probe | None:
    """What to ask, for nothing, to see whether its service is there; None without one. Raises Invalid."""
    look: Callable[[Settings], Probe] | None = getattr(_module(name), "probe", None)
    return look(settings) if look else None


def _module(name: str) -> Module:
    if name not in MODULES:
        raise Invalid(f"There is no image back end “{name}”; there are {' and '.join(MODULES)}.")
    return cast("Module", import_module(MODULES[name]))

"""The endpoints that others run: each is asked for something that costs nothing, a list of models at most."""

from __future__ import annotations

import os
from collections.abc import Iterator
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from assistant.checkup.finding import OK, PROBLEM, UNSET, Finding
from assistant.model.endpoint import of_settings
from assistant.words import count
from jobs.backends import openai as images
from jobs.backends import registry
from jobs.backends.port import Probe
from jobs.errors import NotConfigured
from jobs.settings import Settings

SECONDS = 5.0
"""An endpoint that has not listed its models by then does not answer."""

NO_KEY = "none"
"""A server that takes no key is sent this word, because the client insists on one."""


def backends(settings: Settings) -> Iterator[Finding]:
    """Every image back end. One that nobody has set up is no problem, unless it is the default."""
    if settings.backend not in registry.names():
        words = f"There is no back end “{settings.backend}”; there are {', '.join(registry.names())}."
        yield Finding("Images: default", PROBLEM, f"PROMPTSHEET_BACKEND: {words}")
    for name in registry.names():
        yield backend(name, settings)


def language_model(settings: Settings) -> Finding:
    part = "Language model"
    try:
        there = of_settings(settings)
    except NotConfigured as reason:
        return Finding(part, PROBLEM, str(reason))
    if there is None:
        return Finding(part, UNSET, "Set OPENAI_API_KEY, or OPENAI_BASE_URL to a server of yours.")
    return _asked(part, there.base_url, there.key, there.model)


def backend(name: str, settings: Settings) -> Finding:
    """One image back end, asked for something that costs nothing. Raises Invalid where there is none such."""
    default = " (default)" if name == settings.backend else ""
    part = f"Images: {name}{default}"
    traits = registry.traits(name, settings)
    if why := registry.configured(name, settings):
        wanted = default or any(os.environ.get(setting) for setting in traits.settings)
        return Finding(part, PROBLEM if wanted else UNSET, why)
    if name == "openai":
        there = images.endpoint(settings)
        return _asked(part, there.base, there.key, settings.images_model)
    probe = registry.probe(name, settings)
    return _probed(part, probe) if probe else Finding(part, OK, traits.about)


def _probed(part: str, probe: Probe) -> Finding:
    """Whether a back end's service is there and takes the key."""
    where = urlsplit(probe.url)
    url = f"{where.scheme}://{where.netloc}"
    try:
        with urlopen(Request(probe.url, headers=dict(probe.headers)), timeout=SECONDS) as answer:  # noqa: S310 (an address of the settings, checked)
            status = answer.status
    except HTTPError as refused:
        status = refused.code
    except (OSError, HTTPException):
        return Finding(part, PROBLEM, f"{url} does not answer. Look at the address, and whether it runs.")
    if status in probe.fine:
        return Finding(part, OK, f"{url} answers" + (" and does not refuse the key" if probe.headers else ""))
    if status in (401, 403):
        return Finding(part, PROBLEM, f"{url} refuses the key ({status}). Copy it once more.")
    return Finding(part, PROBLEM, f"{url} answers, but not as this back end's service does ({status}).")


def _asked(part: str, url: str, key: str, model: str = "") -> Finding:
    """Whether the endpoint lists its models. What it says is not repeated: it may hold the key."""
    from openai import APIConnectionError, APIStatusError, OpenAI, OpenAIError

    try:
        with OpenAI(base_url=url, api_key=key or NO_KEY, max_retries=0, timeout=SECONDS) as client:
            names = [listed.id for listed in client.models.list()]
    except APIStatusError as reason:
        return _no(part, url, reason.status_code)
    except APIConnectionError:
        return Finding(part, PROBLEM, f"{url} does not answer. Look at the address, and whether it runs.")
    except (OpenAIError, ValueError, TypeError, AttributeError):
        return Finding(part, PROBLEM, f"{url} answers, but not as an OpenAI-compatible endpoint does.")
    words = f"{url} answers with {count(len(names), 'model')}"
    if model and model not in names:
        words += f"; {model} is not among them, which some servers do not mind"
    return Finding(part, OK, words)


def _no(part: str, url: str, status: int) -> Finding:
    if status in (401, 403):
        return Finding(part, PROBLEM, f"{url} refuses the key ({status}). Copy it once more.")
    if status in (404, 405, 501):
        return Finding(part, OK, f"{url} answers, but lists no models ({status})")
    return Finding(part, PROBLEM, f"{url} answers with an error ({status}). Try again later.")

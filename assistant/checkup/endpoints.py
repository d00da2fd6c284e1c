"""The endpoints that others run: each is asked for its list of models, which costs nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator

from assistant.checkup.finding import OK, PROBLEM, UNSET, Finding
from assistant.words import count
from jobs.backends import openai as images
from jobs.backends import registry
from jobs.settings import Settings

SECONDS = 5.0
"""An endpoint that has not listed its models by then does not answer."""

NO_KEY = "none"
"""A server that takes no key is sent this word, because the client insists on one."""

PUBLIC = "https://api.openai.com/v1"


def backends(settings: Settings) -> Iterator[Finding]:
    """Every image back end. One that nobody has set up is no problem, unless it is the default."""
    if settings.backend not in registry.names():
        words = f"There is no back end “{settings.backend}”; there are {', '.join(registry.names())}."
        yield Finding("Images: default", PROBLEM, f"PROMPTSHEET_BACKEND: {words}")
    for name in registry.names():
        yield _backend(name, settings)


def language_model(settings: Settings) -> Finding:
    part = "Language model"
    if not settings.openai_api_key and not settings.openai_base_url:
        return Finding(part, UNSET, "Set OPENAI_API_KEY, or OPENAI_BASE_URL to a server of yours.")
    return _asked(part, settings.openai_base_url or PUBLIC, settings.openai_api_key)


def _backend(name: str, settings: Settings) -> Finding:
    default = " (default)" if name == settings.backend else ""
    part = f"Images: {name}{default}"
    traits = registry.traits(name, settings)
    if why := registry.configured(name, settings):
        wanted = default or any(os.environ.get(setting) for setting in traits.settings)
        return Finding(part, PROBLEM if wanted else UNSET, why)
    if name != "openai":
        return Finding(part, OK, traits.about)
    there = images.endpoint(settings)
    return _asked(part, there.base, there.key, settings.images_model)


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

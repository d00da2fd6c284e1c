"""An endpoint as a person enters it: address, key and model, each with what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from assistant.model.endpoint import Endpoint
from jobs import naming
from jobs.errors import Invalid

LONGEST = 500
"""Characters of an address, a key or a model's name; keys of 200 are in use."""


@dataclass(frozen=True)
class Entered:
    """What was typed, and the endpoint that it is, None where a field is wrong."""

    base_url: str = ""
    model: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    endpoint: Endpoint | None = None


def entered(sent: MultiDict[str, str], kept: Endpoint | None) -> Entered:
    """Read the form; where no key was typed for the address that is saved now, the kept one goes on."""
    base_url, key = sent.get("base_url", "").strip(), sent.get("key", "").strip()
    model = naming.clean(sent.get("model", ""))
    long = {
        name: f"That has {len(text):,} characters; {LONGEST} are the most."
        for name, text in (("base_url", base_url), ("key", key), ("model", model))
        if len(text) > LONGEST
    }
    if long:
        return Entered(base_url, model, long)
    try:
        endpoint = Endpoint.of(base_url, "", model)
    except Invalid as reason:
        return Entered(base_url, model, {"base_url": str(reason)})
    if not key and kept and _server(kept) == _server(endpoint):
        key = kept.key
    try:
        return Entered(base_url, model, {}, Endpoint.of(base_url, key, model))
    except Invalid as reason:
        name = "key" if str(reason).startswith("The key") else "base_url"
        return Entered(base_url, model, {name: str(reason)})


def _server(endpoint: Endpoint) -> tuple[str, str]:
    """What a key belongs to: it is not sent to another server because only the address was changed."""
    parts = urlsplit(endpoint.base_url)
    return parts.scheme, parts.netloc.casefold()

"""The page of the language model: what is used now, the form, and what was found or tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request

from assistant import secret
from assistant.back import back
from assistant.here import owner, services
from assistant.language_model import Connected, connected
from assistant.model import providers
from assistant.model.endpoint import Endpoint
from assistant.model.listing import Found
from assistant.web.model.entered import Entered
from assistant.web.model.room import pages
from jobs.errors import NotConfigured
from jobs.store import endpoints
from jobs.vault import Vault, masked


@dataclass(frozen=True)
class Kept:
    """What is saved, its key masked; `trouble` where the key was sealed with another secret key."""

    base_url: str
    model: str
    key: str
    saved_at: float
    trouble: str | None = None


@dataclass(frozen=True)
class Result:
    """What trying a connection came to: `level` is fixed, warning or error; `prompts` it wrote."""

    level: str
    sentence: str
    steps: Sequence[str] = ()
    prompts: Sequence[str] = ()


@pages.app_context_processor
def in_every_page() -> dict[str, object]:
    return {"language_model": connected}


@pages.get("")
def page() -> str:
    return shown()


def shown(
    entered: Entered | None = None, result: Result | None = None, found: Sequence[Found] | None = None
) -> str:
    """The page with the form as it was entered, else for the provider of ?with=, else as it is saved."""
    kept, now, picked = kept_now(), connected(), providers.provider(request.args.get("with"))
    fill = entered or (Entered(kept.base_url, kept.model) if kept else Entered())
    if picked and not entered:
        fill = Entered(picked.base_url)
    return render_template(
        "model/page.html",
        kept=kept,
        now=now,
        fill=fill,
        result=result,
        found=found,
        picked=picked,
        own=providers.OWN,
        hosted=providers.HOSTED,
        back=back(),
    )


def kept_now() -> Kept | None:
    here = services()
    with here.database.read() as connection:
        saved = endpoints.get(connection, owner())
    if saved is None:
        return None
    try:
        key = masked(Vault(secret.key(here.settings)).open(saved.sealed_key))
    except NotConfigured as reason:
        return Kept(saved.base_url, saved.model, "cannot be read", saved.saved_at, str(reason))
    return Kept(saved.base_url, saved.model, key, saved.saved_at)


def kept_endpoint() -> Endpoint | None:
    """What is saved, with its key, which never leaves the server; None where there is none to be read."""
    if kept_now() is None:
        return None
    now: Connected = connected()
    return now.endpoint

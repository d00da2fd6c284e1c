"""The endpoint is saved, its key sealed, or forgotten."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant import secret
from assistant.back import back
from assistant.here import owner, services
from assistant.toasts import say
from assistant.web.model.entered import entered
from assistant.web.model.page import kept_endpoint, shown
from assistant.web.model.room import pages
from jobs.store import endpoints
from jobs.vault import Vault


@pages.post("")
def save() -> ResponseReturnValue:
    """Keep `base_url`, `key` and `model`; an empty key keeps the one that is there for the same address."""
    here, given = services(), entered(request.form, kept_endpoint())
    endpoint = given.endpoint
    if endpoint is None:
        return shown(given), 422
    sealed = Vault(secret.key(here.settings)).seal(endpoint.key)
    with here.database.write() as connection:
        endpoints.save(connection, owner(), endpoint.base_url, sealed, endpoint.model, here.clock())
    say(f"{endpoint.named} drafts from now on.")
    return redirect(back() or url_for(".page"), 303)


@pages.post("/forget")
def forget() -> ResponseReturnValue:
    """Delete the saved endpoint with its key."""
    with services().database.write() as connection:
        endpoints.forget(connection, owner())
    say("The model and its key are forgotten.")
    return redirect(url_for(".page", back=back() or None), 303)

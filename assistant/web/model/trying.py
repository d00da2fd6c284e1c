"""A connection is tried, or a server looked for on this machine: both only when a person asks."""

from __future__ import annotations

import asyncio

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from htmx_flask import request as htmx_request

from assistant.back import back
from assistant.drafting.brief import Brief, tidy
from assistant.drafting.examples import examples_of
from assistant.drafting.samples import sample
from assistant.drafting.trial import Tried, trial
from assistant.here import owner, services
from assistant.model import listing, providers
from assistant.model.client import Limits, Manners, Model
from assistant.model.endpoint import Endpoint
from assistant.model.ladder import STRICT
from assistant.web.model.entered import entered
from assistant.web.model.page import Result, kept_endpoint, shown
from assistant.web.model.room import pages
from jobs.errors import ModelError
from jobs.store import briefs, endpoints

PORTS = "MODEL_PORTS"
"""The application's word for the ports that are looked at, where it is not those of known servers."""
PATIENCE = Limits(connect=5.0, idle=20.0, wall=45.0)
"""A person waits before the page: less than for a draft. A local model is loaded within it or tells so."""


@pages.post("/test")
def test() -> ResponseReturnValue:
    """Let what is in the form draft two rows, and say how it answers. Saves nothing but how it is asked."""
    given = entered(request.form, kept_endpoint())
    if given.endpoint is None:
        result = Result("error", " ".join(given.errors.values()))
    else:
        result = _tried(given.endpoint)
    if htmx_request.htmx:
        return render_template("model/_result.html", result=result)
    return shown(given, result)


@pages.post("/look")
def look() -> str:
    """The servers that list models on the usual ports of this machine. No prompt is sent."""
    found = asyncio.run(listing.discover(current_app.config.get(PORTS, tuple(providers.LOCAL))))
    if htmx_request.htmx:
        return render_template("model/_found.html", found=found, own=providers.OWN, back=back())
    return shown(found=found)


def _tried(endpoint: Endpoint) -> Result:
    model = Model(endpoint, limits=PATIENCE)
    try:
        tried = asyncio.run(_asked(model))
    except ModelError as reason:
        return Result("error", str(reason), model.said)
    _remember(endpoint, model.manners, tried.rate)
    level = "fixed" if tried.rung == STRICT else "warning"
    return Result(level, tried.sentence, model.said, tried.prompts)


async def _asked(model: Model) -> Tried:
    try:
        return await trial(model, _own_kind())
    finally:
        await model.close()


def _own_kind() -> Brief:
    """The person's newest brief that says what is made, else a sample."""
    here = services()
    with here.database.read() as connection:
        found = briefs.newest(connection, owner())
    for form in found:
        if goal := tidy(str(form.form.get("goal", ""))):
            return Brief(goal[:500], examples_of(str(form.form.get("examples", "")))[:5])
    return sample()


def _remember(endpoint: Endpoint, manners: Manners, rate: float) -> None:
    """So that the first draft asks at once as the endpoint wants to be asked, and says how long it takes."""
    here = services()
    with here.database.write() as connection:
        endpoints.remember(
            connection,
            owner(),
            endpoint.base_url,
            endpoint.model,
            manners.rung,
            sorted(manners.dropped),
            here.clock(),
            rate,
        )

"""/backends: the image back ends that a batch can be started on, and what each takes and lacks."""

from __future__ import annotations

from flask import Blueprint

from assistant.backends import Described, every
from assistant.here import services
from assistant.web.api.outgoing import Backends, BackendShape, LackShape, PriceShape, SettingShape
from assistant.web.api.spec import Answers, spec
from jobs.amounts import THOUSAND

calls = Blueprint("backends", __name__)


@calls.get("/backends")
@spec.validate(resp=Answers(200, Backends), tags=["batches"], operation_id="listBackends")
def listing() -> Backends:
    """Every image back end, also those that lack a setting. Nobody is asked over the network."""
    return Backends(backends=[_shape(one) for one in every(services().settings)])


def _shape(one: Described) -> BackendShape:
    return BackendShape(
        name=one.traits.name,
        title=one.traits.title,
        about=one.traits.about,
        default=one.default,
        ready=one.trouble is None,
        reason=one.trouble,
        places=one.traits.places,
        free_to_repeat=one.traits.free_to_repeat,
        settings=[SettingShape(name=line.name, set=line.given, help=line.help) for line in one.settings],
        takes=list(one.abilities.takes),
        lacks=[LackShape(column=gap.column, sentence=gap.sentence) for gap in one.abilities.lacks],
        prices=[
            PriceShape(
                model=price.model,
                rendering=price.rendering,
                credits=price.credits / THOUSAND,
                usd=price.dollars,
            )
            for price in one.prices
        ],
    )

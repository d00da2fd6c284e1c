"""The image back ends as people are told of them: state, settings, prices, what each lacks; no secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checkup.finding import masked
from jobs import amounts
from jobs.backends import registry
from jobs.backends.abilities import Abilities, Price, abilities, prices
from jobs.backends.port import Traits
from jobs.errors import NotConfigured
from jobs.settings import ALL, Setting, Settings, attribute, thousandths


@dataclass(frozen=True)
class Line:
    """A setting: its value as it may be shown; `given` says that it is not the default."""

    name: str
    value: str
    given: bool
    help: str


@dataclass(frozen=True)
class Described:
    """`trouble` is why it cannot run, None where it can; no `prices` where the table cannot be read."""

    traits: Traits
    trouble: str | None
    default: bool
    settings: Sequence[Line]
    abilities: Abilities
    prices: Sequence[Price]


def every(settings: Settings) -> list[Described]:
    """All that are registered, set up or not; nobody is asked over the network."""
    return [_described(name, settings) for name in registry.names()]


def _described(name: str, settings: Settings) -> Described:
    terms = registry.terms(name, settings)
    known = {setting.name: setting for setting in ALL}
    try:
        table: Sequence[Price] = prices(terms)
    except NotConfigured:
        table = ()
    return Described(
        terms.traits,
        registry.configured(name, settings),
        name == settings.backend,
        [_line(known[setting], settings) for setting in terms.traits.settings],
        abilities(terms),
        table,
    )


def _line(setting: Setting, settings: Settings) -> Line:
    value = getattr(settings, attribute(setting.name))
    given = value != setting.read(setting.default)
    if setting.secret:
        shown = "set" if given else "not set"
    elif setting.read is thousandths:
        shown = amounts.spoken(value)
    else:
        shown = masked(str(value)) or "not set"
    return Line(setting.name, shown, given, setting.help)

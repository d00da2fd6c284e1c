"""What running a sheet would take: items, images, credits, time, and what the back end will not honour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from jobs import credits
from jobs.backends import registry
from jobs.backends.port import Gap, Traits
from jobs.batch import Item, spread
from jobs.services import Services
from jobs.sheet import look
from jobs.store.sheets import Sheet
from schema import columns as schema_columns


@dataclass(frozen=True)
class Warned:
    """One thing a back end will not honour, and the numbers of the rows that ask for it."""

    gap: Gap
    numbers: Sequence[int]


@dataclass(frozen=True)
class Quote:
    """What is shown before anything is spent. Credits in thousandths, dollars None where a price is missing.

    required   on the chosen back end          available  what the person has
    ideogram   what it would cost at Ideogram  dollars    the same through Ideogram's API
    seconds    low and high estimate for the whole sheet
    """

    sheet: Sheet
    traits: Traits
    items: tuple[Item, ...]
    errors: int
    required: int
    available: int
    ideogram: int
    dollars: float | None
    seconds: tuple[float, float]
    warnings: tuple[Warned, ...]

    def trial(self, rows: int) -> Sequence[Item]:
        """The rows that a trial of so many runs first, spread over the sheet."""
        return [self.items[place] for place in spread(len(self.items), rows)]

    @cached_property
    def images(self) -> int:
        return sum(item.images for item in self.items)

    @cached_property
    def image_counts(self) -> list[tuple[int, int]]:
        """How many rows make how many images: (images a row, rows), the commonest first."""
        return Counter(item.images for item in self.items).most_common()


def quote(services: Services, owner: str, sheet_id: str, backend: str) -> Quote:
    """Raises NotFound, and Invalid for a back end that is not known; an unready sheet has `errors`."""
    view = look(services, owner, sheet_id)
    columns = schema_columns.load()
    chosen = registry.connect(backend, services.settings)
    items: list[Item] = []
    gaps: dict[Gap, list[int]] = {}
    ideogram, dollars = 0, 0.0
    missing = False
    for row in view.rows:
        values = columns.with_defaults(row.values)
        images = int(values["num_images"])
        items.append(
            Item(row.id, row.number, row.file_row, row.values, images, chosen.price(values) * images)
        )
        ideogram += services.prices.image(values) * images
        usd = services.prices.dollars(values)
        missing, dollars = missing or usd is None, dollars + (usd or 0) * images
        for gap in chosen.gaps(values):
            gaps.setdefault(gap, []).append(row.number)
    return Quote(
        sheet=view.sheet,
        traits=chosen.traits,
        items=tuple(items),
        errors=view.errors,
        required=sum(item.price for item in items),
        available=_available(services, owner),
        ideogram=ideogram,
        dollars=None if missing else dollars,
        seconds=estimate(chosen.traits, items),
        warnings=tuple(Warned(gap, numbers) for gap, numbers in gaps.items()),
    )


def estimate(traits: Traits, items: Sequence[Item]) -> tuple[float, float]:
    """Seconds a run will take, low and high: waves of calls, as many at once as the back end has places."""
    places = sum(min(item.images, traits.places) for item in items)
    waves = -(-places // traits.places)
    return waves * traits.seconds[0], waves * traits.seconds[1]


def _available(services: Services, owner: str) -> int:
    with services.database.read() as connection:
        return credits.available(connection, owner, services.clock(), services.settings.credits)

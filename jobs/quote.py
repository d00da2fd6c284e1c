"""What running a sheet would take: items, images, credits, time, and what the back end will not honour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from jobs import credits, magic
from jobs import reuse as reusing
from jobs.backends import registry
from jobs.backends.port import Gap, Quoting, Terms, Traits, Values
from jobs.batch import Item, spread
from jobs.services import Services
from jobs.sheet import look
from jobs.store.finished import Finished
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
    ideogram   what the whole sheet would cost at Ideogram; `dollars` the same through its API
    enlarged_by  the language model that does magic_prompt, where rows want it and the back end has none
    usd        in dollars where it is made     asks       whether its provider tells prices (dry_run.py)
    seconds    low and high estimate for what is to be made
    finished   by row id what was made before of rows as they are now; `taken` says that it is taken over
    """

    sheet: Sheet
    traits: Traits
    items: tuple[Item, ...]
    errors: int
    required: int
    available: int
    ideogram: int
    dollars: float | None
    enlarged_by: str | None
    usd: float | None
    asks: bool
    seconds: tuple[float, float]
    warnings: tuple[Warned, ...]
    finished: Mapping[str, Finished]
    taken: bool

    @cached_property
    def to_make(self) -> tuple[Item, ...]:
        """The rows that would be made: all, without those that are taken over."""
        return _to_make(self.items, self.finished if self.taken else {})

    def trial(self, rows: int) -> Sequence[Item]:
        """The rows that a trial of so many runs first, spread over the sheet."""
        return [self.to_make[place] for place in spread(len(self.to_make), rows)]

    @cached_property
    def images(self) -> int:
        return sum(item.images for item in self.items)

    @cached_property
    def image_counts(self) -> list[tuple[int, int]]:
        """How many rows make how many images: (images a row, rows), the commonest first."""
        return Counter(item.images for item in self.items).most_common()


def quote(services: Services, owner: str, sheet_id: str, backend: str, *, reuse: bool = False) -> Quote:
    """Raises NotFound, and Invalid for a back end that is not known; an unready sheet has `errors`.

    With `reuse` what was finished before is taken over and costs nothing.
    """
    view = look(services, owner, sheet_id)
    columns = schema_columns.load()
    chosen = registry.connect(backend, services.settings)
    rows = [(row, columns.with_defaults(row.values)) for row in view.rows]
    items = [
        Item(row.id, row.number, row.file_row, row.values, *cost(chosen, values)) for row, values in rows
    ]
    wanting = [row.number for row, values in rows if magic.wanted(chosen.traits, values)]
    model = magic.connect(services).model(owner) if wanting else None
    gaps: dict[Gap, list[int]] = {magic.gap(chosen.traits): wanting} if wanting and not model else {}
    for row, values in rows:
        for gap in chosen.gaps(values):
            gaps.setdefault(gap, []).append(row.number)
    with services.database.read() as connection:
        finished = reusing.finished(connection, services, owner, backend, items)
    to_make = _to_make(items, finished if reuse else {})
    counted = [(values, item.images) for (_, values), item in zip(rows, items, strict=True)]
    to_pay = [(columns.with_defaults(item.values), item.images) for item in to_make]
    return Quote(
        sheet=view.sheet,
        traits=chosen.traits,
        items=tuple(items),
        errors=view.errors,
        required=sum(item.price for item in to_make),
        available=_available(services, owner),
        ideogram=sum(services.prices.image(values) * images for values, images in counted),
        dollars=_dollars(services.prices.dollars, counted),
        enlarged_by=model,
        usd=_dollars(chosen.dollars, to_pay),
        asks=isinstance(chosen, Quoting),
        seconds=estimate(chosen.traits, to_make),
        warnings=tuple(Warned(gap, numbers) for gap, numbers in gaps.items()),
        finished=finished,
        taken=reuse,
    )


def cost(terms: Terms, values: Values) -> tuple[int, int, int | None]:
    """Images of a row with these effective values, and their price.

    In thousandths of a credit, and where that is listed in millionths of a US dollar.
    """
    images, usd = int(values["num_images"]), terms.dollars(values)
    return images, terms.price(values) * images, None if usd is None else round(usd * 1e6) * images


def _dollars(price: Callable[[Values], float | None], counted: Sequence[tuple[Values, int]]) -> float | None:
    """For so many images of each row; None where a price is missing."""
    each = [(price(values), images) for values, images in counted]
    if any(usd is None for usd, _ in each):
        return None
    return sum((usd or 0.0) * images for usd, images in each)


def _to_make(items: Sequence[Item], taken: Mapping[str, Finished]) -> tuple[Item, ...]:
    return tuple(item for item in items if item.row_id not in taken)


def estimate(traits: Traits, items: Sequence[Item]) -> tuple[float, float]:
    """Seconds a run will take, low and high: waves of calls, as many at once as the back end has places."""
    places = sum(min(item.images, traits.places) for item in items)
    waves = -(-places // traits.places)
    return waves * traits.seconds[0], waves * traits.seconds[1]


def _available(services: Services, owner: str) -> int:
    with services.database.read() as connection:
        return credits.available(connection, owner, services.clock(), services.settings.credits)

"""What a provider itself says that a sheet would cost, where it tells that before the start."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobs import ids
from jobs.backends import registry
from jobs.backends.port import Priced, Quoting, Request
from jobs.batch import Item
from jobs.errors import BackendError
from jobs.services import Services
from schema import columns

PATIENCE = 8.0
"""Seconds that asking for all prices may take; a person waits."""

MOST_KINDS = 12
"""Kinds of rows whose price is asked for: more than most sheets have."""


@dataclass(frozen=True)
class Told:
    """Of all rows of a sheet: thousandths of a credit, and dollars, None where one is missing.

    `most` is what it may come to in dollars where some price is not exact, else None. `told` rows have the
    provider's price, those with the numbers `by_table` that of the price table; `why` says why nothing more
    was told, in a sentence, where something went wrong.
    """

    credits: int
    dollars: float | None
    most: float | None
    told: int
    by_table: Sequence[int]
    why: str | None


def ask(services: Services, name: str, items: Sequence[Item], patience: float = PATIENCE) -> Told | None:
    """Ask for the price of each kind of rows, not of each row; None where the back end cannot be asked.

    Nothing is billed. What is not told is reckoned by the price table. Raises NotConfigured and Invalid.
    """
    backend = registry.connect(name, services.settings)
    return asyncio.run(_Asking(backend, items, patience).all()) if isinstance(backend, Quoting) else None


class _Asking:
    """One round of questions."""

    def __init__(self, backend: Quoting, items: Sequence[Item], patience: float) -> None:
        self._backend, self._patience = backend, patience
        known = columns.load()
        self._rows = [(item, known.with_defaults(item.values)) for item in items]
        self._kinds = [backend.kind(values) for _, values in self._rows]

    async def all(self) -> Told:
        prices: dict[str, Priced] = {}
        try:
            why = await self._ask(prices)
        finally:
            await self._backend.close()
        return self._sum(prices, why)

    async def _ask(self, prices: dict[str, Priced]) -> str | None:
        """Fill in what is told; why something is not, in a sentence.

        One goes first: a gateway that does not know what a dry run is makes one row, not one of each kind.
        """
        common = [kind for kind, _ in Counter(filter(None, self._kinds)).most_common(MOST_KINDS)]
        try:
            async with asyncio.timeout(self._patience):
                for kinds in (common[:1], common[1:]):
                    told = await asyncio.gather(*map(self._price, kinds))
                    prices |= zip(kinds, told, strict=True)
        except TimeoutError:
            return f"{self._backend.traits.title} did not tell its prices within {self._patience:g} s."
        except BackendError as reason:
            return str(reason)
        return None

    async def _price(self, kind: str) -> Priced:
        item, values = self._rows[self._kinds.index(kind)]
        width, height = self._backend.size(values, columns.load().size(values))
        request = Request(ids.new(), item.row_id, item.number, values, width, height, item.images, None)
        return await self._backend.ask(request)

    def _sum(self, prices: Mapping[str, Priced], why: str | None) -> Told:
        each = [
            (item, prices.get(kind or ""), self._backend.dollars(values))
            for (item, values), kind in zip(self._rows, self._kinds, strict=True)
        ]
        missing = any(told is None and usd is None for _, told, usd in each)
        dollars = sum(told.dollars if told else (usd or 0.0) * item.images for item, told, usd in each)
        over = sum(told.most - told.dollars for _, told, _ in each if told and told.most is not None)
        by_table = [item.number for item, told, _ in each if told is None]
        return Told(
            credits=sum(told.credits if told else item.price for item, told, _ in each),
            dollars=None if missing else dollars,
            most=dollars + over if over and not missing else None,
            told=len(each) - len(by_table),
            by_table=by_table,
            why=why,
        )

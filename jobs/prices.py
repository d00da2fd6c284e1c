"""Ideogram's price table: configuration, not code. What a row would cost there, whatever back end runs it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobs.errors import NotConfigured

BUILT_IN = Path(__file__).with_name("prices.json")
IMAGES_PER_PRICE = 4

Values = Mapping[str, str | int]


@dataclass(frozen=True)
class Prices:
    """`credits` per 4 images and `usd` per image, each by model and rendering."""

    credits: Mapping[str, Mapping[str, float]]
    usd: Mapping[str, Mapping[str, float | None]]

    @classmethod
    def read(cls, path: str = "") -> Prices:
        """Read a table from a file; "" is the built-in one. Raises NotConfigured that says what is wrong."""
        file = Path(path) if path else BUILT_IN
        try:
            document: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return cls(document["credits"], document["usd"])
        except (OSError, ValueError, KeyError) as reason:
            raise NotConfigured(
                f"PROMPTSHEET_PRICES: {file} cannot be used as a price table ({reason}). "
                "It needs “credits” and “usd”, each by model and rendering."
            ) from reason

    def image(self, values: Values) -> int:
        """Thousandths of a credit for one image of a row, by its effective values."""
        try:
            price = self.credits[str(values["model"])][str(values["rendering"])]
        except KeyError as missing:
            raise NotConfigured(f"The price table has no price for {missing}.") from missing
        return round(price * 1000 / IMAGES_PER_PRICE)

    def dollars(self, values: Values) -> float | None:
        """US dollars for one image through Ideogram's API; None where no price is listed."""
        return self.usd.get(str(values["model"]), {}).get(str(values["rendering"]))

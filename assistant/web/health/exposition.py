"""Figures in the Prometheus text format, version 0.0.4; its labels hold our own plain words only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jobs.amounts import THOUSAND
from jobs.store.totals import Totals

TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Family:
    """One metric: `values` by the word of its one label, or under "" where it has none."""

    name: str
    kind: str
    help: str
    values: Mapping[str, float]
    label: str = field(default="state")

    def lines(self) -> Iterator[str]:
        yield f"# HELP {self.name} {self.help}"
        yield f"# TYPE {self.name} {self.kind}"
        for word, value in self.values.items():
            yield f'{self.name}{{{self.label}="{word}"}} {value:g}' if word else f"{self.name} {value:g}"


def exposition(figures: Totals | None, up: Mapping[str, bool]) -> str:
    """The whole text; without `figures`, where the database is away, only what is up."""
    families = [Family("promptsheet_up", "gauge", "Whether a part answers.", up, "part")]
    if figures:
        spent = figures.spent / THOUSAND
        families += [
            Family("promptsheet_batches", "gauge", "Batches by state.", figures.batches),
            Family("promptsheet_rows", "gauge", "Rows of batches by state.", figures.rows),
            Family("promptsheet_images_total", "counter", "Images made.", {"": figures.images}),
            Family("promptsheet_credits_spent_total", "counter", "Credits spent.", {"": spent}),
        ]
    return "".join(f"{line}\n" for family in families for line in family.lines())

"""A plan of strands: kinds of image that a goal asks for and that do not overlap, each with its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jobs.errors import Conflict, Invalid
from schema.wording import quoted

UNPLANNED = 40
"""Rows up to which none is made: they are written one call after the other, each shown all before."""
TOGETHER = 6
"""Calls of one draft at once, where the endpoint tells nothing else."""
MOST, LEAST = 20, 2
"""Strands of a plan, and of one that is worth following."""
NAME, HOLDS, HOLD, LEAVES = 60, 16, 240, 400
"""Characters of a name; directions of a strand, and characters of each; characters of what it leaves."""
ALL_ROWS = "all rows"
"""The entry of a model's plan that says what holds for every row."""
ORDERS = ("mixed", "strands")
"""How the rows stand in the sheet at the end: as they came, or strand by strand."""


@dataclass(frozen=True)
class Strand:
    """One kind of image of a sheet.

    id       stays when it is renamed; rows keep it
    rows     wanted of it
    holds    directions, each a field with room for several rows
    leaves   what looks as if it belonged to it and is another's
    dropped  no more of it is wanted; the rows that came are kept
    """

    id: str
    name: str
    rows: int
    holds: tuple[str, ...] = ()
    leaves: str = ""
    dropped: bool = False

    def to_json(self) -> dict[str, Any]:
        found = {
            "id": self.id,
            "name": self.name,
            "rows": self.rows,
            "holds": list(self.holds),
            "leaves": self.leaves,
        }
        return found | ({"dropped": True} if self.dropped else {})


@dataclass(frozen=True)
class Plan:
    """Strands, and what holds for every row.

    shared   sentences: what each row is for and must show, how it opens, its manner, what would be useless
    columns  that the brief was found to speak of, by the model that planned
    order    one of ORDERS
    """

    strands: tuple[Strand, ...]
    shared: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    order: str = ORDERS[0]

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Plan:
        """What `to_json` wrote; trusted."""
        strands = (
            Strand(one["id"], one["name"], one["rows"], tuple(one["holds"]), one["leaves"], "dropped" in one)
            for one in document["strands"]
        )
        shared, columns = tuple(document["shared"]), tuple(document["columns"])
        return cls(tuple(strands), shared, columns, document["order"])

    def to_json(self) -> dict[str, Any]:
        return {
            "shared": list(self.shared),
            "columns": list(self.columns),
            "order": self.order,
            "strands": [strand.to_json() for strand in self.strands],
        }

    @property
    def rows(self) -> int:
        return sum(strand.rows for strand in self.strands)

    def __getitem__(self, strand_id: str) -> Strand:
        """Raises Invalid where it is not there."""
        for strand in self.strands:
            if strand.id == strand_id:
                return strand
        raise Invalid("That strand is not in the plan any more. Load the page again.")

    def get(self, strand_id: str | None) -> Strand | None:
        return next((strand for strand in self.strands if strand.id == strand_id), None)

    def scaled(self, rows: int) -> Plan:
        """The same for so many rows, in proportion; one each at least while there are enough."""
        shares = _shares([strand.rows for strand in self.strands], rows)
        return replace(
            self, strands=tuple(replace(one, rows=n) for one, n in zip(self.strands, shares, strict=True))
        )

    def renamed(self, strand_id: str, name: str) -> Plan:
        """Raises Invalid for no name, or one that another strand has."""
        self[strand_id]
        return self.changed(strand_id, name=self._free(name, strand_id))

    def weighed(self, strand_id: str, rows: int, came: Mapping[str, int]) -> Plan:
        """With so many rows of a strand. Raises Invalid for fewer than came."""
        least = came.get(strand_id, 0)
        strand = self[strand_id]
        if rows < max(least, 1):
            raise Invalid(
                f"{least:,} rows of {quoted(strand.name)} are there already, so it cannot have fewer. Delete "
                "some in the grid."
                if least
                else f"A strand has one row at least. Drop {quoted(strand.name)} instead."
            )
        return self.changed(strand_id, rows=rows, dropped=False)

    def with_more(self, name: str, about: str, rows: int) -> Plan:
        """With another strand. Raises Invalid where it cannot be, Conflict where there are too many."""
        if len(self.strands) >= MOST:
            raise Conflict(f"A plan has {MOST} strands at the most. Drop one first.")
        if rows < 1:
            raise Invalid("A strand has one row at least.")
        numbers = [int(strand.id) for strand in self.strands if strand.id.isdecimal()]
        holds = tuple(filter(None, (_clean(part, HOLD) for part in re.split(r"[\n;]", about))))[:HOLDS]
        new = Strand(str(max(numbers, default=0) + 1), self._free(name), rows, holds)
        return replace(self, strands=(*self.strands, new))

    def without(self, strand_id: str, came: Mapping[str, int]) -> Plan:
        """Without what is missing of a strand: the others share it. Rows that came are kept.

        Raises Conflict where it is the only one left.
        """
        strand, kept = self[strand_id], came.get(strand_id, 0)
        others = [one for one in self.strands if one.id != strand_id and not one.dropped]
        if not others:
            raise Conflict(f"{quoted(strand.name)} is the only strand left. Stop the draft instead.")
        more = dict(
            zip(
                (one.id for one in others),
                _shares([one.rows for one in others], strand.rows - kept),
                strict=True,
            )
        )
        left = tuple(
            replace(one, rows=one.rows + more.get(one.id, 0))
            for one in self.strands
            if one.id != strand_id or kept
        )
        found = replace(self, strands=left)
        return found.changed(strand_id, rows=kept, dropped=True) if kept else found

    def ordered(self, order: str) -> Plan:
        """Raises Invalid for no order."""
        if order not in ORDERS:
            raise Invalid(f"An order is {' or '.join(ORDERS)}.")
        return replace(self, order=order)

    def changed(self, strand_id: str, **values: Any) -> Plan:
        """With other values of one strand."""
        return replace(
            self,
            strands=tuple(replace(one, **values) if one.id == strand_id else one for one in self.strands),
        )

    def _free(self, name: str, of: str | None = None) -> str:
        clean = _clean(name, NAME)
        if not clean:
            raise Invalid(f"A strand has a name of one to {NAME} characters.")
        if any(one.name.casefold() == clean.casefold() and one.id != of for one in self.strands):
            raise Invalid(f"There is a strand {quoted(clean)} already.")
        return clean


def planned(entries: Iterable[Mapping[str, Any]], rows: int, columns: Iterable[str] = ()) -> Plan | None:
    """A plan from what a model wrote, for so many rows; None where it is too poor to follow.

    Strands without a name, or with the name or the directions of an earlier one, are left out.
    """
    strands: dict[str, Strand] = {}
    known: set[frozenset[str]] = set()
    shared: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    for entry in entries:
        name, holds = _clean(entry.get("name"), NAME), _holds(entry.get("holds"))
        leaves = _clean(entry.get("leaves"), LEAVES)
        if name.casefold() == ALL_ROWS:
            shared = shared or holds
            spoken = spoken or tuple(one for one in columns if re.search(rf"\b{one}\b", leaves))
            continue
        key = frozenset(hold.casefold() for hold in holds)
        if name and name.casefold() not in strands and not (key and key in known) and len(strands) < MOST:
            known.add(key)
            weight = _whole(entry.get("rows"))
            strands[name.casefold()] = Strand(str(len(strands) + 1), name, weight, holds, leaves)
    if len(strands) < LEAST:
        return None
    return Plan(tuple(strands.values())[:rows], shared, spoken).scaled(rows)


def read(document: object, rows: int | None, max_rows: int) -> Plan:
    """A plan as `GET /drafts/{id}` shows it and a person may have written it; for `rows`, or as it says.

    Raises Invalid with what is wrong.
    """
    shape = '{"strands": [{"name": "…", "rows": 40, "holds": ["…"], "leaves": "…"}], "shared": ["…"]}'
    if not isinstance(document, Mapping) or not isinstance(document.get("strands"), list):
        raise Invalid(f"A plan is a JSON object: {shape}.")
    plan = Plan((), _holds(document.get("shared")), (), str(document.get("order", ORDERS[0])))
    plan = plan.ordered(plan.order)
    for place, entry in enumerate(document["strands"], 1):
        if not isinstance(entry, Mapping):
            raise Invalid(f"Strand {place} of the plan is no JSON object: {shape}.")
        if not 1 <= _whole(entry.get("rows", 1)) <= max_rows:
            raise Invalid(f"Strand {place} of the plan has no number of rows from 1 to {max_rows - 1:,}.")
        plan = plan.with_more(_clean(entry.get("name"), NAME), "", _whole(entry.get("rows", 1)))
        more = {"holds": _holds(entry.get("holds")), "leaves": _clean(entry.get("leaves"), LEAVES)}
        plan = plan.changed(plan.strands[-1].id, **more)
    if not plan.strands:
        raise Invalid(f"The plan has no strands: {shape}.")
    wanted = rows or plan.rows
    if wanted > max_rows - 1:
        raise Invalid(f"The plan has {wanted:,} rows; a sheet takes {max_rows - 1:,}.")
    return plan.scaled(wanted)


def _shares(weights: Sequence[int], total: int) -> list[int]:
    """A total parted by weights, by largest remainders; one each at least while there are enough."""
    given = weights if sum(weights) else [1] * len(weights)
    exact = [total * weight / sum(given) for weight in given]
    shares = list(map(int, exact))
    by_rest = sorted(range(len(given)), key=lambda place: (shares[place] - exact[place], place))
    for place in by_rest[: total - sum(shares)]:
        shares[place] += 1
    while 0 in shares and total >= len(shares):
        shares[shares.index(max(shares))] -= 1
        shares[shares.index(0)] += 1
    return shares


def _holds(value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return tuple(dict.fromkeys(filter(None, (_clean(part, HOLD) for part in parts))))[:HOLDS]


def _clean(value: object, longest: int) -> str:
    """A text on one line, cut at a word where it is longer."""
    text = " ".join(str(value or "").split()).strip()
    return text if len(text) <= longest else f"{text[: longest - 1].rsplit(' ', 1)[0]}…"


def _whole(value: object) -> int:
    try:
        return max(0, min(int(str(value)), 1_000_000))
    except ValueError:
        return 0

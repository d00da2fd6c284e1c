"""Edits of a grid taken in against what the sheet holds now: what fits is one change, the rest a conflict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jobs import ids
from jobs.errors import Invalid
from jobs.mend import LONGEST_CELL
from jobs.services import Services
from jobs.store import edits as log
from jobs.store import sheets as store
from jobs.store.edits import Edit
from jobs.store.sheets import Sheet, SheetRow
from schema.columns import load

ORIGINS = frozenset({"edit", "paste", "fill", "fix", "add", "delete", "move", "release"})
"""What a grid may say of its edits."""

MOST_ROWS = 100_000
LEAST_GAP = 1e-6
"""Between the places of two rows; where it would be less, all rows are numbered anew."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that a grid asks for.

    set      write `text` into `column` of the row, where it holds `before` (None or "": empty)
    add      a new row with `cells`, below the row `after` (None: on top)
    delete   the row
    move     the row below the row `after`
    release  the lock of `column`
    """

    op: str
    row_id: str
    column: str = ""
    before: str | None = None
    text: str | None = None
    after: str | None = None
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clash:
    """A wish that was not granted: the cell holds `theirs` by now (None: it is empty), or its row is gone."""

    wish: Wish
    theirs: str | None
    gone: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the wishes; `group` is None where nothing had to be changed."""

    group: int | None
    clashes: tuple[Clash, ...]


def read(documents: object) -> list[Wish]:
    """The wishes of a request's body. Raises Invalid with what is wrong."""
    if not isinstance(documents, list):
        raise Invalid("`edits` has to be a list.")
    return [_wish(document) for document in documents]


def take(services: Services, owner: str, sheet_id: str, wishes: Sequence[Wish], origin: str) -> Taken:
    """Write what fits as one change of the person's. Raises NotFound, and Invalid where a wish cannot be.

    The same wishes twice change nothing the second time, so that they may be sent again after a silence.
    """
    if origin not in ORIGINS:
        raise Invalid(f"`origin` is one of {', '.join(sorted(ORIGINS))}.")
    with services.database.write() as connection:
        sheet = store.get(connection, owner, sheet_id)
        table = _Table(sheet, store.rows(connection, owner, sheet_id))
        for wish in wishes:
            table.grant(wish)
        made = table.edits()
        if not made:
            return Taken(None, tuple(table.clashes))
        group = log.append(connection, sheet, made, actor=owner, origin=origin, at=services.clock())
        return Taken(group, tuple(table.clashes))


def _wish(document: object) -> Wish:
    if not isinstance(document, dict):
        raise Invalid("An edit has to be an object.")
    found = document.get
    texts = [found(name) for name in ("column", "before", "after")]
    row_id, cells = found("row_id"), found("cells") or {}
    if not isinstance(row_id, str) or any(text is not None and not isinstance(text, str) for text in texts):
        raise Invalid("`row_id`, `column`, `before` and `after` have to be texts.")
    if not isinstance(cells, dict) or not all(isinstance(text, str) for text in cells.values()):
        raise Invalid("`cells` has to be an object of texts.")
    op = found("op", "set")
    if op not in ("set", "add", "delete", "move", "release"):
        raise Invalid(f"There is no edit “{op}”.")
    column, before, after = texts
    if op == "set":
        return Wish(op, row_id, column or "", before or None, after or None)
    return Wish(op, row_id, column or "", after=after, cells=cells)


class _Table:
    """The rows while wishes are granted one by one."""

    def __init__(self, sheet: Sheet, rows: Sequence[SheetRow]) -> None:
        self._keys = {heading.key for heading in sheet.headings} | set(load().names)
        self._rows = {row.id: row for row in rows}
        self._order = [row.id for row in rows]
        self._cells: dict[str, dict[str, str]] = {row.id: dict(row.cells) for row in rows}
        self._moved: set[str] = set()
        self._released: list[Edit] = []
        self.clashes: list[Clash] = []

    def grant(self, wish: Wish) -> None:
        match wish.op:
            case "add":
                self._add(wish)
            case "delete":
                if self._cells.pop(wish.row_id, None) is not None:
                    self._order.remove(wish.row_id)
            case "move":
                self._move(wish)
            case "release":
                self._release(wish)
            case _:
                self._set(wish)

    def edits(self) -> list[Edit]:
        """All that was granted, as entries of the log: rows that come, places, cells, locks, rows that go."""
        places = _places(self._order, self._rows, self._moved)
        gone = [row for row in self._rows.values() if row.id not in self._cells]
        return [
            *self._added(places),
            *(
                log.moved(self._rows[row_id], place, self._rows[row_id].file_row)
                for row_id, place in places.items()
                if row_id in self._rows
            ),
            *self._written(),
            *self._released,
            *(Edit(row.id, None, log.whole(row), None) for row in gone),
        ]

    def _added(self, places: Mapping[str, float]) -> Iterator[Edit]:
        for row_id in self._order:
            if row_id not in self._rows:
                cells = {key: text for key, text in self._cells[row_id].items() if text}
                whole = log.new_row(places[row_id], cells)
                yield Edit(row_id, None, None, whole)

    def _written(self) -> Iterator[Edit]:
        for row_id, row in self._rows.items():
            now = self._cells.get(row_id, row.cells)
            for column in row.cells.keys() | now.keys():
                before, after = row.cells.get(column), now.get(column)
                if before != after:
                    yield Edit(row_id, column, before, after)

    def _set(self, wish: Wish) -> None:
        self._check(wish.column, wish.text)
        cells = self._cells.get(wish.row_id)
        if cells is None:
            self.clashes.append(Clash(wish, None, gone=True))
            return
        now = cells.get(wish.column) or None
        if now == wish.text:
            return
        if now != wish.before:
            self.clashes.append(Clash(wish, now, gone=False))
        elif wish.text is None:
            del cells[wish.column]
        else:
            cells[wish.column] = wish.text

    def _add(self, wish: Wish) -> None:
        if not ids.valid(wish.row_id):
            raise Invalid("A new row's id has twelve small letters and digits.")
        if wish.row_id in self._cells or wish.row_id in self._rows:
            return
        if len(self._order) >= MOST_ROWS:
            raise Invalid(f"A sheet holds {MOST_ROWS:,} rows.")
        for column, text in wish.cells.items():
            self._check(column, text)
        self._order.insert(self._below(wish.after), wish.row_id)
        self._cells[wish.row_id] = dict(wish.cells)
        self._moved.add(wish.row_id)

    def _move(self, wish: Wish) -> None:
        if wish.row_id not in self._cells:
            self.clashes.append(Clash(wish, None, gone=True))
        elif wish.row_id != wish.after:
            self._order.remove(wish.row_id)
            self._order.insert(self._below(wish.after), wish.row_id)
            self._moved.add(wish.row_id)

    def _release(self, wish: Wish) -> None:
        self._check(wish.column, None)
        if wish.row_id in self._cells:
            now = self._cells[wish.row_id].get(wish.column)
            self._released.append(Edit(wish.row_id, wish.column, now, now))

    def _below(self, row_id: str | None) -> int:
        """Where a row below this one stands; at the end where that one is gone meanwhile."""
        if row_id is None:
            return 0
        if row_id not in self._cells or self._order[-1] == row_id:
            return len(self._order)
        return self._order.index(row_id) + 1

    def _check(self, column: str, text: str | None) -> None:
        if column not in self._keys:
            raise Invalid(f"There is no column “{column}” in this sheet.")
        if text is not None and len(text) > LONGEST_CELL:
            raise Invalid(f"A cell holds {LONGEST_CELL:,} characters; this has {len(text):,}.")


def _places(order: Sequence[str], rows: Mapping[str, SheetRow], moved: set[str]) -> dict[str, float]:
    """New places for the rows that have none yet or moved, between those of their neighbours."""
    places: dict[str, float] = {}
    start = 0
    while start < len(order):
        if order[start] not in moved:
            start += 1
            continue
        end = next((place for place in range(start, len(order)) if order[place] not in moved), len(order))
        low = rows[order[start - 1]].place if start else None
        high = rows[order[end]].place if end < len(order) else None
        first, step = _steps(low, high, end - start)
        if step < LEAST_GAP:
            return {row_id: float(place) for place, row_id in enumerate(order, start=1)}
        places |= {order[start + place]: first + step * place for place in range(end - start)}
        start = end
    return places


def _steps(low: float | None, high: float | None, count: int) -> tuple[float, float]:
    """The first of so many places between two, and the distance from one to the next."""
    if high is None:
        return (low or 0.0) + 1, 1.0
    if low is None:
        return high - count, 1.0
    step = (high - low) / (count + 1)
    return low + step, step

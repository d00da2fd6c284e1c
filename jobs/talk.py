"""The conversation over a sheet: what is asked is kept, a proposal is taken, whole or row by row, or not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from jobs import mend, recall
from jobs.errors import Conflict, Invalid
from jobs.services import Services
from jobs.store import edits as log
from jobs.store import sheets, turns
from jobs.store.database import Connection
from jobs.store.edits import Edit
from jobs.store.turns import Turn, TurnState
from jobs.taking import Taking

Items = Sequence[Mapping[str, Any]]

LONGEST = 4_000
"""Characters of what is asked at once."""

ORIGINS = {"model": "change", "program": "asked"}
"""The origin in the log of an accepted change, by who proposed it: a model's words are told as a model's."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: a sentence, a change set to decide on, the rows that are left alone.

    source    program or model
    released  the cells whose locks are taken off with it: row id and column
    operations  what the request came to, as assistant/chat/operations.py has it
    """

    reply: str | None
    changes: Items = ()
    left: Items = ()
    source: str = "program"
    released: Collection[tuple[str, str]] = ()
    failed: bool = False
    operations: Sequence[Mapping[str, Any]] = ()

    def values(self) -> dict[str, Any]:
        """As a turn has it; without anything to decide it is over at once."""
        over = TurnState.FAILED if self.failed else TurnState.ANSWERED
        return {
            "state": TurnState.PROPOSED if self.changes else over,
            "reply": self.reply,
            "changes": list(self.changes),
            "left": list(self.left),
            "source": self.source,
            "operations": list(self.operations),
        }


def cleaned(text: str) -> str:
    """What is asked, as it is kept. Raises Invalid for no text, and for one that is too long."""
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise Invalid(
            "There is nothing in the message. Write what should be changed, “all 16:9” for example."
        )
    if len(text) > LONGEST:
        raise Invalid(
            f"The message has {len(text):,} characters; {LONGEST:,} are the most. Ask for less at once."
        )
    return text


def wait(
    services: Services,
    owner: str,
    sheet_id: str,
    text: str,
    seen: Mapping[str, Sequence[str]] | None = None,
) -> Turn:
    """Keep what was asked, and what the person had before their eyes, until a model has answered it.

    Raises NotFound.
    """
    with services.database.write() as connection:
        sheets.get(connection, owner, sheet_id)
        n = turns.add(connection, owner, sheet_id, text, "model", services.clock(), seen)
        return turns.get(connection, owner, sheet_id, n)


def tell(services: Services, owner: str, sheet_id: str, text: str, answer: Answer) -> Turn:
    """Keep what was asked with its answer, and take off the locks that it takes off. Raises NotFound."""
    now = services.clock()
    with services.database.write() as connection:
        sheets.get(connection, owner, sheet_id)
        n = turns.add(connection, owner, sheet_id, text, answer.source, now)
        asked = turns.get(connection, owner, sheet_id, n)
        turns.write(connection, asked, answered_at=now, **answer.values())
        if answer.released:
            unlock(connection, services, owner, sheet_id, answer.released)
        return turns.get(connection, owner, sheet_id, n)


def conversation(services: Services, owner: str, sheet_id: str) -> list[Turn]:
    """All turns, oldest first. Raises NotFound."""
    with services.database.read() as connection:
        sheets.get(connection, owner, sheet_id)
        return turns.of_sheet(connection, owner, sheet_id)


def turn(services: Services, owner: str, sheet_id: str, n: int) -> Turn:
    """Raises NotFound."""
    with services.database.read() as connection:
        sheets.get(connection, owner, sheet_id)
        return turns.get(connection, owner, sheet_id, n)


def arriving(services: Services, asked: Turn, changes: Items, left: Items) -> bool:
    """Keep what has come so far of an answer. False: the turn is over, or another worker's."""
    with services.database.write() as connection:
        return turns.note(connection, asked, changes=list(changes), left=list(left))


def waits(services: Services, asked: Turn) -> bool:
    """Whether the turn still waits for whoever holds it."""
    with services.database.read() as connection:
        found = turns.get(connection, asked.owner, asked.sheet_id, asked.n)
    return found.state == TurnState.WAITING and found.holder == asked.holder


def settle(services: Services, asked: Turn, answer: Answer) -> bool:
    """The answer is complete, and takes off the locks that it takes off. False as for `arriving`."""
    with services.database.write() as connection:
        over = {"answered_at": services.clock(), "holder": None, "lease": None}
        ours = turns.note(connection, asked, **answer.values(), **over)
        if ours and answer.released:
            unlock(connection, services, asked.owner, asked.sheet_id, answer.released)
        return ours


def stop(services: Services, owner: str, sheet_id: str, n: int) -> Turn:
    """Wait no longer for an answer; what has come of it is kept as a proposal. Raises NotFound."""
    with services.database.write() as connection:
        found = turns.get(connection, owner, sheet_id, n, lock=True)
        if found.state == TurnState.WAITING:
            state = TurnState.PROPOSED if found.changes else TurnState.FAILED
            reply = "You stopped this before its answer was complete."
            now = services.clock()
            turns.write(connection, found, state=state, reply=reply, answered_at=now, holder=None, lease=None)
        return turns.get(connection, owner, sheet_id, n)


def accept(
    services: Services, owner: str, sheet_id: str, n: int, row_ids: Collection[str] | None = None
) -> Turn:
    """Take what is open of a proposal, or of it these rows, as one change of the person's.

    What was changed meanwhile is left as it is: its item's state is `gone`, its `why` says so. A row for
    which there is no room stays open. Items that are taken have the change's group, with which mend.undo
    takes it back. Raises NotFound, Invalid for a row that is not in the proposal, and Conflict while the
    answer is still coming or where there is none to accept.
    """
    with services.database.write() as connection:
        found = _decidable(connection, owner, sheet_id, n, row_ids)
        taking = Taking(sheets.rows(connection, owner, sheet_id), services.settings.max_rows)
        decided = taking.all([dict(item) for item in found.changes], lambda item: _meant(item, row_ids))
        made = taking.edits()
        group = None
        if made:
            sheet = sheets.get(connection, owner, sheet_id)
            origin = ORIGINS.get(found.source, "change")
            group = log.append(connection, sheet, made, actor=owner, origin=origin, at=services.clock())
        for item, before in zip(decided, found.changes, strict=True):
            if item["state"] == "accepted" != before["state"]:
                item["group"] = group
        return _decided(connection, found, decided)


def reject(
    services: Services, owner: str, sheet_id: str, n: int, row_ids: Collection[str] | None = None
) -> Turn:
    """Do not take what is open of a proposal, or of it these rows. Raises as `accept` does."""
    with services.database.write() as connection:
        found = _decidable(connection, owner, sheet_id, n, row_ids)
        decided = [
            {**item, "state": "rejected"} if _meant(item, row_ids) else dict(item) for item in found.changes
        ]
        return _decided(connection, found, decided)


def take_back(services: Services, owner: str, sheet_id: str, n: int) -> Turn:
    """Take back all that was accepted of a turn, in however many steps, and stands.

    Raises NotFound, and Conflict where nothing of it is left to take back.
    """
    with services.database.read() as connection:
        found = turns.get(connection, owner, sheet_id, n)
        back = recall.undone(connection, owner, sheet_id)
    groups = {item["group"] for item in found.changes if item.get("group")} - back
    done = 0
    for group in sorted(groups, reverse=True):
        with suppress(Conflict):
            mend.undo(services, owner, sheet_id, group)
            done += 1
    if not done:
        raise Conflict("What was accepted was changed again since, so there is nothing of it to take back.")
    return found


def take_back_last(services: Services, owner: str, sheet_id: str) -> Turn:
    """Take back the newest accepted proposal that stands. Raises Conflict where there is none."""
    with services.database.read() as connection:
        found = recall.last_taken(connection, owner, sheet_id)
    if found is None:
        raise Conflict(
            "No proposal was accepted here that could be taken back; the grid's Undo takes back edits."
        )
    return take_back(services, owner, sheet_id, found.n)


def release(services: Services, owner: str, sheet_id: str, n: int, row_id: str) -> Turn:
    """Release what kept a row from a proposal; it is proposed then. Raises NotFound, Conflict."""
    with services.database.write() as connection:
        found = turns.get(connection, owner, sheet_id, n, lock=True)
        entry = next((one for one in found.left if one["row_id"] == row_id and one.get("locked")), None)
        if entry is None or found.state == TurnState.WAITING:
            raise Conflict("That row is not left alone any more, or the answer is still coming.")
        unlock(connection, services, owner, sheet_id, [(row_id, column) for column in entry["locked"]])
        rest = [one for one in found.left if one is not entry]
        turns.write(connection, found, left=rest)
        items = _with(found.changes, entry)
        return _decided(connection, found, items) if items else turns.get(connection, owner, sheet_id, n)


def unlock(
    connection: Connection, services: Services, owner: str, sheet_id: str, places: Iterable[tuple[str, str]]
) -> int | None:
    """Take the locks off cells; returns the change's group, None where the rows are gone."""
    sheet = sheets.get(connection, owner, sheet_id)
    cells = {row.id: row.cells for row in sheets.rows(connection, owner, sheet_id)}
    made = [
        Edit(row_id, column, cells[row_id].get(column), cells[row_id].get(column))
        for row_id, column in places
        if row_id in cells
    ]
    if not made:
        return None
    return log.append(connection, sheet, made, actor=owner, origin="release", at=services.clock())


def _decidable(
    connection: Connection, owner: str, sheet_id: str, n: int, row_ids: Collection[str] | None
) -> Turn:
    found = turns.get(connection, owner, sheet_id, n, lock=True)
    if found.state == TurnState.WAITING:
        raise Conflict("The answer is still coming. Stop it, or wait until it is complete.")
    if not found.changes:
        raise Conflict("There is nothing to decide: this answer proposes no change.")
    strange = set(row_ids or ()) - {item["row_id"] for item in found.changes}
    if strange:
        raise Invalid(f"There is no row {min(strange)} in this proposal.")
    return found


def _meant(item: Mapping[str, Any], row_ids: Collection[str] | None) -> bool:
    return item["state"] == "open" and (row_ids is None or item["row_id"] in row_ids)


def _decided(connection: Connection, found: Turn, items: Items) -> Turn:
    states = {item["state"] for item in items}
    state = next(
        (
            state
            for word, state in (("open", TurnState.PROPOSED), ("accepted", TurnState.ACCEPTED))
            if word in states
        ),
        TurnState.REJECTED,
    )
    turns.write(connection, found, changes=list(items), state=state)
    return turns.get(connection, found.owner, found.sheet_id, found.n)


def _with(items: Items, entry: Mapping[str, Any]) -> Items:
    """The change set with what was left alone; an open item of the same row takes it in."""
    listed = [dict(item) for item in items]
    if not entry["cells"]:
        return listed
    for item in listed:
        if item["row_id"] == entry["row_id"] and item["state"] == "open" and item["op"] == entry["op"]:
            item["cells"] = {**item["cells"], **entry["cells"]}
            return listed
    new = {
        "id": max((item["id"] for item in listed), default=0) + 1,
        "op": entry["op"],
        "row_id": entry["row_id"],
        "number": entry["number"],
        "cells": dict(entry["cells"]),
        "state": "open",
        "why": None,
        "after": None,
        "problems": [],
    }
    return sorted([*listed, new], key=lambda item: (item["number"], item["op"] == "add", item["id"]))

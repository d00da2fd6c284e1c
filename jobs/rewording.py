"""Other wordings of refused rows: asked for, then taken or left by a person, row by row."""

from __future__ import annotations

from collections.abc import Sequence

from jobs import hints, revising
from jobs.batch import RowState
from jobs.errors import Conflict
from jobs.revising import texts
from jobs.services import Services
from jobs.store import batches as store
from jobs.store import rewordings
from jobs.store.rewordings import Proposal, Rewording, Wording
from schema import columns

MOST = 100
"""Rows for which other words are asked at once."""


def prompt_column() -> str:
    """The name of the column with the words that were refused: the needed free text."""
    return next(one.name for one in columns.load().all if one.required and one.editor == "text")


def ask(services: Services, owner: str, batch_id: str) -> int:
    """Let the language model find other words for the refused rows; returns for how many.

    Those that have a proposal already keep it. The caller knows that there is a model. Raises NotFound, and
    Conflict where no row waits for other words.
    """
    with services.database.write() as connection:
        store.get(connection, owner, batch_id)
        standing = rewordings.of_batch(connection, owner, batch_id)
        known = {one.rewording.row_id for one in standing if one.rewording.state != Wording.FAILED}
        refused = store.rows(connection, owner, batch_id, states=[RowState.REFUSED])
        wanted = [row for row in refused if row.row_id not in known][:MOST]
        if not wanted:
            raise Conflict(
                "Every refused row of this batch has a proposal already."
                if refused
                else "No row of this batch is refused."
            )
        words = prompt_column()
        rewordings.ask(
            connection,
            [
                Rewording(
                    batch_id,
                    row.row_id,
                    owner,
                    row.number,
                    Wording.WAITING,
                    texts(row.values)[words],
                    row.reason or "",
                )
                for row in wanted
            ],
        )
    hints.hint(services, hints.DRAFTS)
    return len(wanted)


def accept(services: Services, owner: str, batch_id: str, row_ids: Sequence[str] | None = None) -> int:
    """Try rows again in the words that were proposed: these or all; returns how many.

    Raises NotFound, Conflict where nothing is proposed of them any more, and what `revising.revise` does.
    """
    chosen = _open(services, owner, batch_id, row_ids)
    words = prompt_column()
    revising.revise(
        services,
        owner,
        batch_id,
        {one.rewording.row_id: {words: one.rewording.after or ""} for one in chosen},
    )
    return len(chosen)


def reject(services: Services, owner: str, batch_id: str, row_ids: Sequence[str] | None = None) -> None:
    """Leave rows as they are: these or all. Raises Conflict where nothing is proposed of them any more."""
    chosen = [one.rewording.row_id for one in _open(services, owner, batch_id, row_ids)]
    with services.database.write() as connection:
        rewordings.drop(connection, owner, batch_id, chosen)


def _open(services: Services, owner: str, batch_id: str, row_ids: Sequence[str] | None) -> list[Proposal]:
    with services.database.read() as connection:
        store.get(connection, owner, batch_id)
        found = rewordings.of_batch(connection, owner, batch_id)
    chosen = [
        one
        for one in found
        if one.rewording.state == Wording.PROPOSED and (row_ids is None or one.rewording.row_id in row_ids)
    ]
    if not chosen:
        raise Conflict("That was decided already, or the row was tried again meanwhile.")
    return chosen

"""Refused rows in other words: proposed by the model, nothing run before it is accepted."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from jobs import control, rewording
from jobs.batch import RowState
from jobs.errors import Conflict
from jobs.services import LOCAL, Services
from jobs.store import batches as store
from jobs.store import rewordings
from jobs.store.batches import BatchRow
from jobs.store.rewordings import Proposal
from tests.drafting.conftest import DeskOf
from tests.fakes.chat_server import ChatServer
from tests.web import rows

REASON = "Declined: depicts a weapon."


@pytest.fixture
def batch_id(services: Services) -> str:
    """Two rows refused, one done, one failed."""
    made = rows.batch(services, 4, backend="proof", price=0)
    rows.end(services, made, (2, 4), RowState.REFUSED, reason=REASON)
    rows.end(services, made, (3,))
    rows.end(services, made, (5,), RowState.FAILED)
    return made


def proposals(services: Services, batch_id: str) -> list[Proposal]:
    with services.database.read() as connection:
        return rewordings.of_batch(connection, LOCAL, batch_id)


def rows_of(services: Services, batch_id: str) -> Sequence[BatchRow]:
    with services.database.read() as connection:
        return store.rows(connection, LOCAL, batch_id)


def test_refused_rows_get_other_words_and_run_again_once_they_are_accepted(
    desk: DeskOf, services: Services, server: ChatServer, batch_id: str
) -> None:
    assert rewording.ask(services, LOCAL, batch_id) == 2
    desk.write()
    found = proposals(services, batch_id)
    assert [(one.rewording.number, one.rewording.state) for one in found] == [
        (2, "proposed"),
        (4, "proposed"),
    ]
    assert all(one.rewording.after != one.rewording.before for one in found)
    assert all(REASON in str(call["body"]) for call in server.requests() if "declined it" in str(call))
    assert [row.state for row in rows_of(services, batch_id)] == ["refused", "done", "refused", "failed"]
    first, second = found
    assert rewording.accept(services, LOCAL, batch_id, [first.rewording.row_id]) == 1
    now = rows_of(services, batch_id)[0]
    assert (now.state, now.values["prompt"]) == ("pending", first.rewording.after)
    rewording.reject(services, LOCAL, batch_id, [second.rewording.row_id])
    assert proposals(services, batch_id) == []
    with pytest.raises(Conflict, match="decided already"):
        rewording.accept(services, LOCAL, batch_id)


def test_what_the_model_cannot_is_told_and_can_be_asked_again(
    desk: DeskOf, services: Services, server: ChatServer, batch_id: str
) -> None:
    server.behave(key="another")
    rewording.ask(services, LOCAL, batch_id)
    desk.write()
    found = proposals(services, batch_id)
    assert {one.rewording.state for one in found} == {"failed"}
    assert all("key" in (one.rewording.why or "") for one in found)
    server.reset()
    assert rewording.ask(services, LOCAL, batch_id) == 2
    with pytest.raises(Conflict, match="proposal already"):
        rewording.ask(services, LOCAL, batch_id)


def test_a_row_that_was_tried_again_meanwhile_has_no_proposal_any_more(
    desk: DeskOf, services: Services, batch_id: str
) -> None:
    rewording.ask(services, LOCAL, batch_id)
    desk.write()
    control.retry(services, LOCAL, batch_id)
    assert proposals(services, batch_id) == []

"""Rows that were ordered: whoever takes them over fetches them, nobody orders them again, the bill agrees."""

from __future__ import annotations

import time

import pytest

from jobs import credits, ledger
from jobs.batch import RowState
from jobs.closing import pause
from jobs.control import resume, retry, stop
from jobs.hints import tick
from jobs.ledger import NEXT_LOOK, Claim, Outcome
from jobs.reconcile import MAX_CRASHES, Lost, new_holder, reconcile
from jobs.services import LOCAL, Services
from jobs.store import batches as store
from jobs.store import moves
from tests.jobs.making import batch, item, items, state, states

NOW = time.time()
ME, ANOTHER = new_holder(), new_holder()
LATER = NOW + ledger.LEASE + 1


@pytest.fixture(params=["sqlite", "postgres"])
def environment(request: pytest.FixtureRequest, environment: dict[str, str]) -> dict[str, str]:
    """Every promise of the ledger holds on both databases."""
    if request.param == "sqlite":
        return environment
    return environment | {"DATABASE_URL": request.getfixturevalue("postgres_url")}


def ordered(services: Services, rows: int = 1, ticket: str | None = "gen_1") -> tuple[str, list[Claim]]:
    """A batch whose rows are sent, and ordered where there is a ticket."""
    batch_id = batch(services, items(rows, price=4000), "ideogram")
    with services.database.write() as connection:
        claims = ledger.claim(connection, "ideogram", ME, rows, NOW)
        for claim in claims:
            assert ledger.mark_sent(connection, claim.attempt, NOW)
            if ticket:
                ledger.keep_ticket(connection, claim.attempt, ticket, NOW)
    return batch_id, claims


def look(services: Services, at: float, adopter: str | None = ANOTHER) -> list[Lost]:
    with services.database.write() as connection:
        return reconcile(connection, "proof".__eq__, at, adopter)


def finish(services: Services, attempt: str, outcome: Outcome) -> bool:
    with services.database.write() as connection:
        return ledger.finish(connection, attempt, outcome, NOW)


def bill(services: Services, batch_id: str) -> tuple[int, int]:
    """Thousandths spent as the rows have it, and still held."""
    with services.database.read() as connection:
        spent = store.tallies(connection, LOCAL, [batch_id])[batch_id].spent
        return spent, credits.held(connection, LOCAL, batch_id)


DONE = Outcome(RowState.DONE, billed=1)


def test_a_row_with_a_ticket_goes_to_whoever_looks_next_and_stays_sent(services: Services) -> None:
    batch_id, (claimed,) = ordered(services)
    (lost,) = look(services, LATER)
    assert lost.claim is not None
    assert (lost.claim.ticket, lost.claim.row_id, lost.over) == ("gen_1", claimed.row_id, False)
    assert states(services, batch_id) == {"sent": 1}
    assert look(services, LATER) == []
    with services.database.read() as connection:
        assert store.rows(connection, LOCAL, batch_id)[0].attempts == 1


def test_a_row_without_a_ticket_is_unknown_as_ever(services: Services) -> None:
    batch_id, _ = ordered(services, ticket=None)
    look(services, LATER)
    assert states(services, batch_id) == {"unknown": 1}


def test_whoever_had_the_row_before_cannot_finish_it_any_more(services: Services) -> None:
    batch_id, (claimed,) = ordered(services)
    (lost,) = look(services, LATER)
    assert lost.claim is not None
    assert not finish(services, claimed.attempt, DONE)
    assert finish(services, lost.claim.attempt, DONE)
    assert states(services, batch_id) == {"done": 1}
    assert bill(services, batch_id) == (4000, 0)


def test_without_an_adopter_what_was_ordered_is_left_alone(services: Services) -> None:
    batch_id, _ = ordered(services)
    assert look(services, LATER, None) == []
    assert states(services, batch_id) == {"sent": 1}


def test_a_row_that_was_let_go_is_taken_at_once_or_after_its_pause(services: Services) -> None:
    _, (claimed,) = ordered(services)
    with services.database.write() as connection:
        ledger.let_go(connection, claimed.attempt, NEXT_LOOK, NOW)
    assert look(services, NOW) == []
    assert len(look(services, NOW + NEXT_LOOK + 1)) == 1


def test_rows_on_their_way_are_fetched_for_a_batch_that_is_stopped_or_paused(services: Services) -> None:
    stopped, (one,) = ordered(services)
    stop(services, LOCAL, stopped)
    assert state(services, stopped)[0] == "stopping"
    paused, (two,) = ordered(services)
    with services.database.write() as connection:
        pause(connection, paused, "The key was refused.", NOW)
    adopted = {lost.claim.row_id: lost.claim.attempt for lost in look(services, LATER) if lost.claim}
    assert adopted.keys() == {one.row_id, two.row_id}
    for attempt in adopted.values():
        assert finish(services, attempt, DONE)
    assert state(services, stopped)[0] == "stopped"
    assert state(services, paused) == ("finished", None)


def test_a_paused_batch_with_only_rows_on_their_way_is_looked_after_and_can_be_resumed(
    services: Services,
) -> None:
    batch_id, _ = ordered(services)
    with services.database.write() as connection:
        pause(connection, batch_id, "The key was refused.", NOW)
    with services.database.read() as connection:
        assert moves.to_look_after(connection)
    assert resume(services, LOCAL, batch_id).state == "queued"
    tick(services)  # harmless without Redis


def test_a_paused_batch_with_nothing_on_its_way_needs_nobody(services: Services) -> None:
    batch_id = batch(services, items(2), "ideogram")
    with services.database.write() as connection:
        pause(connection, batch_id, "A cap.", NOW)
    with services.database.read() as connection:
        assert not moves.to_look_after(connection)


def test_what_was_left_to_the_next_worker_does_not_wait_for_a_clock_that_was_set_back(
    services: Services,
) -> None:
    _, (claimed,) = ordered(services)
    with services.database.write() as connection:
        ledger.let_go(connection, claimed.attempt, ledger.NEXT_LOOK, NOW + 86_400)
    (lost,) = look(services, NOW)
    assert lost.claim is not None
    with services.database.write() as connection:
        ledger.let_go(connection, lost.claim.attempt, ledger.NEXT_LOOK, NOW)
    assert look(services, NOW) == []  # it waits its time


def crash_often(services: Services) -> str:
    batch_id, _ = ordered(services)
    for number in range(1, MAX_CRASHES + 1):
        look(services, NOW + number * (ledger.LEASE + 1))
    return batch_id


def test_a_row_that_ended_its_worker_twice_is_parked_with_its_ticket_and_named(services: Services) -> None:
    batch_id = crash_often(services)
    assert states(services, batch_id) == {"failed": 1}
    with services.database.read() as connection:
        (row,) = store.rows(connection, LOCAL, batch_id)
        told = str(store.story(connection, LOCAL, batch_id))
    assert "Its worker ended twice" in (row.reason or "")
    assert "Row 2 failed. Its worker ended twice" in told
    assert bill(services, batch_id) == (0, 4000)


def test_trying_a_parked_row_again_fetches_what_was_ordered(services: Services) -> None:
    batch_id = crash_often(services)
    retry(services, LOCAL, batch_id)
    assert states(services, batch_id) == {"sent": 1}
    with services.database.write() as connection:
        assert ledger.claim(connection, "ideogram", ME, 5, NOW) == []
    (lost,) = look(services, NOW)
    assert lost.claim is not None
    assert lost.claim.ticket == "gen_1"
    assert finish(services, lost.claim.attempt, DONE)
    assert bill(services, batch_id) == (4000, 0)


def test_a_row_that_ended_has_no_ticket_left_and_is_ordered_anew_when_tried_again(services: Services) -> None:
    batch_id, (claimed,) = ordered(services)
    finish(services, claimed.attempt, Outcome(RowState.UNKNOWN, reason="Its links have expired."))
    assert bill(services, batch_id) == (0, 4000)
    retry(services, LOCAL, batch_id, unknown=True)
    assert states(services, batch_id) == {"pending": 1}
    with services.database.write() as connection:
        (again,) = ledger.claim(connection, "ideogram", ME, 5, NOW)
    assert again.ticket is None


def test_a_cap_counts_what_was_ordered_and_not_fetched(services: Services) -> None:
    rows = [item(number, price=4000) for number in range(2, 5)]
    batch_id = batch(services, rows, "ideogram", budget=8000)
    with services.database.write() as connection:
        first, second = ledger.claim(connection, "ideogram", ME, 5, NOW)
        for claimed in (first, second):
            ledger.mark_sent(connection, claimed.attempt, NOW)
        ledger.keep_ticket(connection, first.attempt, "gen_1", NOW)
        ledger.finish(connection, second.attempt, Outcome(RowState.FAILED, reason="No."), NOW)
        (third,) = ledger.claim(connection, "ideogram", ME, 5, NOW)
        assert ledger.claim(connection, "ideogram", ME, 5, NOW) == []
    assert third.number == 4
    assert states(services, batch_id) == {"sent": 1, "claimed": 1, "failed": 1}

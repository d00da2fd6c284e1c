"""Claim, sent, finish, reconcile: what keeps a row from being lost or paid twice."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import pytest

from jobs import credits, ids, ledger
from jobs.batch import RowState
from jobs.ledger import Claim, Outcome
from jobs.reconcile import gone, new_holder, reconcile
from jobs.services import LOCAL, Services
from jobs.store import batches as store
from jobs.store.images import Image
from tests.jobs.making import batch, item, items, state, states

NOW = time.time()
ME = new_holder()


@pytest.fixture(params=["sqlite", "postgres"])
def environment(request: pytest.FixtureRequest, environment: dict[str, str]) -> dict[str, str]:
    """Every promise of the ledger holds on both databases."""
    if request.param == "sqlite":
        return environment
    return environment | {"DATABASE_URL": request.getfixturevalue("postgres_url")}


def claim(services: Services, limit: int = 1, backend: str = "openai", holder: str = ME) -> list[Claim]:
    with services.database.write() as connection:
        return ledger.claim(connection, backend, holder, limit, NOW)


def sent(services: Services, attempt: str) -> bool:
    with services.database.write() as connection:
        return ledger.mark_sent(connection, attempt, NOW)


def finish(services: Services, attempt: str, outcome: Outcome, at: float = NOW) -> bool:
    with services.database.write() as connection:
        return ledger.finish(connection, attempt, outcome, at)


def image(claimed: Claim, index: int = 1) -> Image:
    return Image(
        id=ids.new(),
        owner=claimed.owner,
        batch_id=claimed.batch_id,
        row_id=claimed.row_id,
        number=claimed.number,
        index=index,
        key=f"{claimed.attempt}-{index}.png",
        width=8,
        height=8,
        size=1,
        seed=None,
        prompt=str(claimed.values["prompt"]),
        prompt_used=None,
        ratio="1:1",
        style="auto",
        private=True,
        created_at=NOW,
    )


def done(claimed: Claim) -> Outcome:
    made = [image(claimed, index) for index in range(1, claimed.images + 1)]
    return Outcome(RowState.DONE, made, billed=claimed.images)


def bill(services: Services, batch_id: str) -> dict[str, int]:
    """Of a batch, in thousandths: spent as its rows have it, and what the credit ledger still holds."""
    with services.database.read() as connection:
        tally = store.tallies(connection, LOCAL, [batch_id])[batch_id]
        return {"spent": tally.spent, "held": credits.held(connection, LOCAL, batch_id)}


def left(services: Services) -> int:
    with services.database.read() as connection:
        return credits.available(connection, LOCAL, services.clock(), services.settings.credits)


def test_a_row_goes_from_pending_to_done_once(services: Services) -> None:
    batch_id = batch(services, [item(2, images=2, price=8000)], "openai")
    (claimed,) = claim(services)
    assert not claim(services)
    assert sent(services, claimed.attempt)
    assert not sent(services, claimed.attempt)
    assert finish(services, claimed.attempt, done(claimed))
    assert not finish(services, claimed.attempt, done(claimed))
    assert states(services, batch_id) == {"done": 1}
    assert state(services, batch_id) == ("finished", None)
    assert bill(services, batch_id) == {"spent": 8000, "held": 0}


def test_batches_are_served_in_turn(services: Services) -> None:
    long, short = batch(services, items(20), "openai"), batch(services, items(2), "openai")
    served = [claimed.batch_id for claimed in claim(services, 4)]
    assert served.count(long) == served.count(short) == 2
    assert {claimed.batch_id for claimed in claim(services, 4)} == {long}


def test_a_batch_started_later_is_served_next(services: Services) -> None:
    batch(services, items(20), "openai")
    claim(services, 4)
    short = batch(services, items(1), "openai")
    assert claim(services, 1)[0].batch_id == short


def test_owners_are_served_in_turn_however_many_batches_each_has(services: Services) -> None:
    for _ in range(3):
        batch(services, items(5), "openai")
    hers = batch(services, items(5), "openai", owner="hers")
    served = [claimed.batch_id for claimed in claim(services, 2)]
    assert hers in served


def test_only_the_rows_of_the_back_end_are_claimed(services: Services) -> None:
    batch(services, items(2), "proof")
    assert not claim(services, 5, backend="openai")
    assert len(claim(services, 5, backend="proof")) == 2


def test_a_stopped_batch_sends_nothing_more(services: Services) -> None:
    batch_id = batch(services, items(3), "openai")
    (claimed,) = claim(services)
    with services.database.write() as connection:
        connection.execute(store.batches.update().values(state="stopping"))
    assert not claim(services)
    assert not sent(services, claimed.attempt)
    with services.database.write() as connection:
        ledger.release(connection, claimed.attempt, NOW)
    assert states(services, batch_id) == {"pending": 3}
    assert state(services, batch_id)[0] == "stopped"


def test_a_row_taken_away_cannot_be_finished(services: Services) -> None:
    batch_id = batch(services, items(1), "proof")
    (first,) = claim(services, backend="proof")
    sent(services, first.attempt)
    with services.database.write() as connection:
        reconcile(connection, "proof".__eq__, NOW + ledger.LEASE + 1)
    (second,) = claim(services, backend="proof")
    assert second.attempt != first.attempt
    assert not finish(services, first.attempt, done(first))
    assert states(services, batch_id) == {"claimed": 1}


def test_a_sent_row_whose_lease_ran_out_is_unknown_and_not_sent_again(services: Services) -> None:
    batch_id = batch(services, [item(2, price=4000), item(3, price=4000)], "openai")
    one, _two = claim(services, 2)
    sent(services, one.attempt)
    with services.database.write() as connection:
        assert len(reconcile(connection, "proof".__eq__, NOW + ledger.LEASE + 1)) == 2
    assert states(services, batch_id) == {"unknown": 1, "pending": 1}
    assert [claimed.number for claimed in claim(services, 5)] == [3]


def test_a_late_answer_turns_unknown_into_done_even_after_the_end(services: Services) -> None:
    batch_id = batch(services, [item(2, price=4000)], "openai")
    (claimed,) = claim(services)
    sent(services, claimed.attempt)
    with services.database.write() as connection:
        reconcile(connection, "proof".__eq__, NOW + ledger.LEASE + 1)
    assert state(services, batch_id)[0] == "finished"
    assert bill(services, batch_id) == {"spent": 0, "held": 4000}
    assert finish(services, claimed.attempt, done(claimed))
    assert states(services, batch_id) == {"done": 1}
    assert bill(services, batch_id) == {"spent": 4000, "held": 0}


def test_a_renewed_lease_keeps_the_row(services: Services) -> None:
    batch_id = batch(services, items(1), "openai")
    (claimed,) = claim(services)
    sent(services, claimed.attempt)
    with services.database.write() as connection:
        ledger.renew(connection, [claimed.attempt], NOW + ledger.LEASE)
        assert not reconcile(connection, "proof".__eq__, NOW + ledger.LEASE + 1)
    assert states(services, batch_id) == {"sent": 1}


def test_rows_of_a_process_that_is_gone_are_freed_at_once(services: Services) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    batch_id = batch(services, items(2), "openai")
    claim(services, 2, holder=f"{socket.gethostname()}:{ended.pid}:abc")
    with services.database.write() as connection:
        assert len(reconcile(connection, "proof".__eq__, NOW)) == 2
    assert states(services, batch_id) == {"pending": 2}


def test_a_process_that_ended_and_that_nobody_collected_is_gone() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)  # a zombie, until the next line but one
    assert gone(f"{socket.gethostname()}:{ended.pid}:abc")
    ended.wait()


def test_nothing_is_known_of_another_machines_processes() -> None:
    assert not gone("another.example:1:abc")
    assert not gone(f"{socket.gethostname()}:{os.getpid()}:abc")


def test_a_row_that_ended_its_worker_twice_is_parked_and_named(services: Services) -> None:
    batch_id = batch(services, items(1), "proof")
    for _ in ("once", "twice"):
        (claimed,) = claim(services, backend="proof")
        sent(services, claimed.attempt)
        with services.database.write() as connection:
            reconcile(connection, "proof".__eq__, NOW + ledger.LEASE + 1)
    assert states(services, batch_id) == {"failed": 1}
    with services.database.read() as connection:
        (row,) = store.rows(connection, LOCAL, batch_id)
        told = str(store.story(connection, LOCAL, batch_id))
    assert row.reason == "Its worker ended twice while this row was being made."
    assert f"Row 2 failed. {row.reason}" in told


def test_the_cap_holds_and_pauses_with_its_reason(services: Services) -> None:
    batch_id = batch(services, items(5, price=4000), "openai", budget=9000)
    two = claim(services, 5)
    assert len(two) == 2
    assert not claim(services, 5)
    assert state(services, batch_id)[0] == "running"
    for claimed in two:
        sent(services, claimed.attempt)
        finish(services, claimed.attempt, done(claimed))
    assert not claim(services, 5)
    assert state(services, batch_id) == ("paused", "Your cap of 9 credits is reached.")


def test_a_row_that_was_refused_leaves_room_under_the_cap(services: Services) -> None:
    batch(services, items(3, price=4000), "openai", budget=4000)
    (first,) = claim(services, 3)
    sent(services, first.attempt)
    finish(services, first.attempt, Outcome(RowState.REFUSED, reason="No."))
    assert len(claim(services, 3)) == 1


def test_a_trial_runs_its_rows_and_waits(services: Services) -> None:
    rows = items(5)
    batch_id = batch(services, rows, "openai", trial={rows[0].row_id, rows[4].row_id})
    taken = claim(services, 5)
    assert [claimed.number for claimed in taken] == [2, 6]
    for claimed in taken:
        sent(services, claimed.attempt)
        finish(services, claimed.attempt, done(claimed))
    assert state(services, batch_id)[0] == "paused"
    assert states(services, batch_id) == {"done": 2, "pending": 3}


def test_what_did_not_run_is_refunded_at_the_end(services: Services) -> None:
    before = left(services)
    batch_id = batch(services, [item(2, images=4, price=16000), item(3, images=4, price=16000)], "openai")
    assert left(services) == before - 32000
    one, two = claim(services, 2)
    for claimed in (one, two):
        sent(services, claimed.attempt)
    part = Outcome(RowState.DONE, [image(one)], withheld=1, billed=2)
    finish(services, one.attempt, part)
    finish(services, two.attempt, Outcome(RowState.FAILED, reason="It broke."))
    assert bill(services, batch_id) == {"spent": 8000, "held": 0}
    assert left(services) == before - 8000


@pytest.mark.parametrize("word", [RowState.FAILED, RowState.REFUSED])
def test_what_went_wrong_is_told_with_its_reason(services: Services, word: RowState) -> None:
    batch_id = batch(services, items(1), "openai")
    (claimed,) = claim(services)
    sent(services, claimed.attempt)
    finish(services, claimed.attempt, Outcome(word, reason="The provider said so."))
    with services.database.read() as connection:
        told = [text for _, text in store.story(connection, LOCAL, batch_id)]
    assert f"Row 2 {word}: The provider said so." in told


def test_a_large_batch_is_claimed_without_counting_it(services: Services) -> None:
    batch(services, items(3000), "openai")
    assert len(claim(services, 7)) == 7

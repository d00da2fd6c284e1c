"""A sheet started again: what was finished before as it is now is on offer, and never taken silently."""

from __future__ import annotations

import asyncio
import csv
import io

import pytest

from jobs import bundle, control, intake
from jobs.control import Order
from jobs.drain import Drain
from jobs.mend import Change, set_cells
from jobs.progress import progress
from jobs.quote import quote
from jobs.services import LOCAL, Services
from jobs.sheet import look
from jobs.store import batches as store
from jobs.store import images
from jobs.store.images import Wanted
from tests.jobs.making import state, states

SHEET = b"prompt,visibility,num_images\n" + b"".join(b"fox %d,private,2\n" % number for number in range(6))

pytestmark = pytest.mark.usefixtures("valkey")


@pytest.fixture
def sheet_id(services: Services) -> str:
    """A sheet that was run once, with two of its rows changed since."""
    made = intake.take_in(services, LOCAL, SHEET, "foxes.csv")
    run(services, Order(made, "proof"))
    rows = look(services, LOCAL, made).rows
    changed = [Change(rows[0].id, "prompt", "an owl"), Change(rows[3].id, "style", "design")]
    set_cells(services, LOCAL, made, changed)
    return made


def run(services: Services, order: Order) -> str:
    batch_id = control.start(services, LOCAL, order)
    asyncio.run(Drain(services).run())
    return batch_id


def test_what_is_finished_as_it_is_now_is_offered_and_not_taken_silently(
    services: Services, sheet_id: str
) -> None:
    offer = quote(services, LOCAL, sheet_id, "proof")
    assert (len(offer.finished), len(offer.to_make), offer.taken) == (4, 6, False)
    taken = quote(services, LOCAL, sheet_id, "proof", reuse=True)
    assert (len(taken.to_make), taken.ideogram) == (2, offer.ideogram)
    assert states(services, run(services, Order(sheet_id, "proof"))) == {"done": 6}


def test_another_back_end_has_finished_nothing(services: Services, sheet_id: str) -> None:
    with services.database.write() as connection:
        connection.execute(store.batches.update().values(backend="openai"))
    assert quote(services, LOCAL, sheet_id, "proof").finished == {}


def test_rows_taken_over_cost_nothing_and_are_in_the_batch_as_if_made(
    services: Services, sheet_id: str
) -> None:
    batch_id = run(services, Order(sheet_id, "proof", reuse=True))
    assert states(services, batch_id) == {"done": 2, "reused": 4}
    now = progress(services, LOCAL, batch_id)
    assert (now.done, now.made, now.waiting, now.batch.images, now.spent) == (6, 12, 0, 12, 0)
    done = bundle.load(services, LOCAL, batch_id)
    lines = list(csv.DictReader(io.StringIO(bundle.manifest(done).decode("utf-8-sig"))))
    assert [line["status"] for line in lines[::2]] == ["done", "reused", "reused", "done", "reused", "reused"]
    assert len({line["file"] for line in lines}) == 12
    assert len(bundle.zipped(services, done).info_list()) == 14
    with services.database.read() as connection:
        assert images.count(connection, LOCAL, Wanted()) == 12 + 4
        assert images.count(connection, LOCAL, Wanted(batch_id=batch_id)) == 12
        (first, *_) = images.of_rows(connection, LOCAL, batch_id, [done.rows[1].row_id])
    with services.database.write() as connection:
        images.delete(connection, LOCAL, first.source or "", services.clock())
        assert images.count(connection, LOCAL, Wanted()) == 12 + 4  # the one left is shown for the other


def test_a_sheet_that_is_finished_altogether_needs_no_worker(services: Services, sheet_id: str) -> None:
    run(services, Order(sheet_id, "proof"))
    batch_id = control.start(services, LOCAL, Order(sheet_id, "proof", reuse=True))
    assert states(services, batch_id) == {"reused": 6}
    assert state(services, batch_id)[0] == "finished"


def test_a_trial_is_of_the_rows_that_are_to_be_made(services: Services, sheet_id: str) -> None:
    batch_id = run(services, Order(sheet_id, "proof", trial=1, reuse=True))
    assert states(services, batch_id) == {"reused": 4, "done": 1, "pending": 1}
    assert state(services, batch_id)[0] == "paused"


def test_a_row_whose_image_is_gone_is_not_offered(services: Services, sheet_id: str) -> None:
    rows = look(services, LOCAL, sheet_id).rows
    offer = quote(services, LOCAL, sheet_id, "proof")
    deleted, removed = (offer.finished[rows[place].id].images[0] for place in (1, 2))
    services.files.delete(removed.key)
    with services.database.write() as connection:
        images.delete(connection, LOCAL, deleted.id, services.clock())
    found = quote(services, LOCAL, sheet_id, "proof").finished
    assert set(found) == {rows[4].id, rows[5].id}

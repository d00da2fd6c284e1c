"""SIGKILL while Ideogram makes images: what was ordered is looked up, and nothing is billed twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from jobs import hints
from jobs.batch import RowState
from jobs.services import LOCAL, Services, open_services
from jobs.settings import Settings
from jobs.store import batches as store
from jobs.store import images
from jobs.store.batches import batch_rows
from tests.fakes.ideogram_server import IdeogramServer
from tests.faults.processes import kill, running, until
from tests.jobs.making import batch, item, state, states

PRICE = 500


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[IdeogramServer]:
    """A stand-in provider, and the environment that the processes under test inherit."""
    with IdeogramServer(latency=0.3, jitter=0.2, places=10) as provider:
        for name, value in {**provider.environment(), "PROMPTSHEET_DATA": str(tmp_path / "data")}.items():
            monkeypatch.setenv(name, value)
        yield provider


@pytest.fixture
def services(server: IdeogramServer) -> Iterator[Services]:
    opened = open_services(Settings.read())
    opened.database.migrate()
    yield opened
    opened.close()


def start(services: Services, rows: int, each: int = 1) -> str:
    made = [item(number, f"prompt {number}", each, PRICE * each) for number in range(2, rows + 2)]
    batch_id = batch(services, made, "ideogram")
    hints.hint(services)
    return batch_id


def tickets(services: Services) -> int:
    """Rows that are ordered and not fetched yet."""
    with services.database.read() as connection:
        query = sa.select(sa.func.count()).where(batch_rows.c.ticket.is_not(None))
        return int(connection.scalar(query) or 0)


def check_bill(services: Services, server: IdeogramServer, batch_id: str) -> None:
    """No row billed twice, every image kept, never too many in flight, and the sums agree."""
    counts = server.counts()
    assert set(counts.billed_by_prompt.values()) == {1}
    assert counts.most_images <= 10
    with services.database.read() as connection:
        rows = store.rows(connection, LOCAL, batch_id)
        made = images.of_rows(connection, LOCAL, batch_id)
    assert len(made) == sum(row.made for row in rows)
    assert all(services.files.path(image.key).stat().st_size == image.size for image in made)
    unknown = sum(row.price for row in rows if row.state == RowState.UNKNOWN)
    assert sum(row.spent for row in rows) <= counts.credits <= sum(row.spent for row in rows) + unknown


@pytest.mark.parametrize("target", ["horse", "all"])
def test_rows_on_their_way_when_a_process_is_killed_are_looked_up_and_kept(
    services: Services, server: IdeogramServer, target: str
) -> None:
    server.behave(latency=1.5)
    with running(services.settings):
        batch_id = start(services, 12, 2)
        until(lambda: tickets(services) == states(services, batch_id).get("sent", 0) == 5)
        kill(target)
        server.behave(latency=0.1)
        until(lambda: state(services, batch_id)[0] == "finished")
    assert states(services, batch_id) == {"done": 12}
    assert server.counts().calls - server.counts().throttled == 12
    check_bill(services, server, batch_id)


def test_an_order_whose_answer_was_not_read_is_unknown_and_not_made_again(
    services: Services, server: IdeogramServer
) -> None:
    """The one moment in which a kill leaves something that cannot be looked up."""
    server.behave(accept=5.0)
    with running(services.settings):
        batch_id = start(services, 10)
        until(lambda: server.counts().accepted == states(services, batch_id).get("sent") == 10)
        assert tickets(services) == 0
        kill("horse")
        until(lambda: state(services, batch_id)[0] == "finished")
    assert states(services, batch_id) == {"unknown": 10}
    assert server.counts().calls == 10
    check_bill(services, server, batch_id)


def test_asked_to_end_everything_leaves_nothing_unknown(services: Services, server: IdeogramServer) -> None:
    with running(services.settings):
        batch_id = start(services, 20)
        until(lambda: states(services, batch_id).get("sent", 0) == 10)
    assert set(states(services, batch_id)) <= {"done", "pending"}
    with running(services.settings):
        until(lambda: state(services, batch_id)[0] == "finished")
    assert states(services, batch_id) == {"done": 20}
    check_bill(services, server, batch_id)

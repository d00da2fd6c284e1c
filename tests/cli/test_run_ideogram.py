"""`run --backend ideogram` against the strict stand-in: requests are valid, a kill pays nothing twice."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from jobs.services import open_services
from jobs.settings import Settings
from jobs.store.batches import batch_rows
from tests.cli.terminal import Terminal
from tests.fakes.ideogram_server import IdeogramServer
from tests.waiting import until


@pytest.fixture
def server() -> Iterator[IdeogramServer]:
    with IdeogramServer(places=10) as running:
        yield running


def manifest(out: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((out / "manifest.csv").read_text(encoding="utf-8-sig"))))


def tickets(terminal: Terminal) -> tuple[int, int]:
    """Rows that are sent, and those of them that are ordered."""
    services = open_services(Settings.read({"PROMPTSHEET_DATA": str(terminal.data)}))
    query = sa.select(sa.func.count(), sa.func.count(batch_rows.c.ticket)).where(batch_rows.c.state == "sent")
    with services.database.read() as connection:
        found = connection.execute(query).one()
    services.close()
    return found[0], found[1]


def test_the_full_template_becomes_images_with_their_seeds_in_the_manifest(
    terminal: Terminal, server: IdeogramServer
) -> None:
    terminal.run("template", "--full", "--format", "xlsx", "-o", "s.xlsx")
    order = ("run", "s.xlsx", "--backend", "ideogram", "--out", "out")
    done = terminal.run(*order, **server.environment())
    assert (done.returncode, done.stderr) == (0, "")
    assert "Ideogram says " in done.stdout
    lines = manifest(terminal.folder / "out")
    assert {(terminal.folder / "out" / line["file"]).exists() for line in lines} == {True}
    assert [line["seed"] for line in lines] == ["41020", "41021", "41022", "41023", "880130", "880131"]
    counts = server.counts()
    assert (counts.complaints, counts.images) == ([], len(lines))
    assert sum(float(line["credits"]) for line in lines) * 1000 == counts.credits


def test_killed_in_the_middle_and_resumed_it_finishes_without_a_second_bill(
    terminal: Terminal, server: IdeogramServer
) -> None:
    server.behave(latency=2.0)
    order = ("run", str(terminal.sheet(14)), "--out", str(terminal.folder / "out"))
    running = terminal.start(*order, "--backend", "ideogram", **server.environment())
    until(lambda: server.counts().accepted == 10)
    until(lambda: tickets(terminal) == (10, 10))
    running.kill()
    server.behave(latency=0.1)
    done = terminal.run(*order, "--resume", **server.environment())
    assert done.returncode == 0, done.stdout
    assert len(manifest(terminal.folder / "out")) == 14
    assert set(server.counts().billed_by_prompt.values()) == {1}
    assert server.counts().calls == 14

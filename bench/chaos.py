"""A long batch while parts of the stack are killed at random: what is lost, what is billed, what is done."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.table import Table
from jobs import amounts, credits, hints
from jobs.batch import RowState
from jobs.services import LOCAL, Services, open_services
from jobs.settings import Settings
from tests.fakes.ideogram_server import IdeogramServer
from tests.fakes.images_server import ImagesServer
from tests.faults.chaos import Toll, ravage, rows_of
from tests.faults.processes import running, until
from tests.jobs.making import batch, item, state

ROWS, KILLS = (int(os.environ.get(name, most)) for name, most in (("CHAOS_ROWS", 2000), ("CHAOS_KILLS", 100)))
PRICE, PLACES, LATENCY, JITTER, SEED = 500, 10, 0.2, 0.2, 20261126
PATIENCE = 600.0

PROMISE = """\
100 kills (SIGKILL; horse, worker, web, Valkey, all of them) over 2,000 rows: no row lost, none billed twice, at least
80 % done without anybody's help, no more unknown than were in flight at the kills, never more than 10 images in
flight, credits = bill. With Ideogram only an order whose answer was not on the disk yet may be unknown.

In flight are the rows that were sent when their process was killed: it is stopped, the ledger is read, then it is
killed. Failed are rows that were on their way at two kills: they are parked, and trying them again fetches what was
ordered. CHAOS_ROWS and CHAOS_KILLS make it smaller."""


@dataclass(frozen=True)
class Run:
    """What became of a batch; `off` is by how many credits the books and the bill differ."""

    rows: int
    done: int
    unknown: int
    failed: int
    twice: int
    in_flight: int
    unanswered: int
    most: int
    off: float
    seconds: float


def measure() -> tuple[Table, ...]:
    head = (
        "back end", "rows", "kills", "lost", "billed twice", "done", "unknown", "in flight at the kills",
        "of them unanswered", "failed", "most in flight", "books − bill", "took",
    )  # fmt: skip
    lines = tuple(_line(backend, _run(backend)) for backend in ("openai", "ideogram"))
    return (Table("Chaos", PROMISE, head, lines),)


def _line(backend: str, run: Run) -> tuple[str, ...]:
    lost = ROWS - run.rows
    share = f"{run.done} ({run.done / ROWS:.0%})"
    counts = (run.unknown, run.in_flight, run.unanswered, run.failed, run.most)
    return (
        backend,
        f"{ROWS:,}",
        str(KILLS),
        str(lost),
        str(run.twice),
        share,
        *map(str, counts),
        f"{run.off:g}",
        f"{run.seconds:.0f} s",
    )


def _run(backend: str) -> Run:
    provider = (ImagesServer if backend == "openai" else IdeogramServer)(latency=LATENCY, jitter=JITTER)
    with tempfile.TemporaryDirectory() as folder, provider:
        own = {"PROMPTSHEET_DATA": folder, "PROMPTSHEET_PORT": "0", "PROMPTSHEET_CREDITS": str(ROWS)}
        os.environ.update(provider.environment() | own)
        services = open_services(Settings.read())
        services.database.migrate()
        made = [item(number, price=PRICE, magic_prompt="off") for number in range(2, ROWS + 2)]
        batch_id = batch(services, made, backend)
        began = time.monotonic()
        with running(services.settings, web=True):
            hints.hint(services)
            tolls = ravage(services, batch_id, ROWS, KILLS, SEED, PATIENCE)
            until(lambda: state(services, batch_id)[0] == "finished", PATIENCE)
            seconds = time.monotonic() - began
        found = _found(services, batch_id, provider.told(), tolls, seconds)
        services.close()
    return found


def _found(
    services: Services, batch_id: str, told: dict[str, Any], tolls: Sequence[Toll], seconds: float
) -> Run:
    """What the ledger says, and how it agrees with what the provider told."""
    rows = rows_of(services, batch_id)
    states = [row.state for row in rows]
    bills: dict[str, int] = told["billed_by_prompt"]
    still_open = {
        str(row.values["prompt"]) for row in rows if row.state in (RowState.UNKNOWN, RowState.FAILED)
    }
    settled = PRICE * sum(times for prompt, times in bills.items() if prompt not in still_open)
    with services.database.read() as connection:
        held = credits.held(connection, LOCAL, batch_id)
    may_be_billed = PRICE * sum(row.state == RowState.UNKNOWN or bool(row.ticket) for row in rows)
    off = sum(row.spent for row in rows) - settled + held - may_be_billed
    return Run(
        rows=len(rows),
        done=states.count(RowState.DONE),
        unknown=states.count(RowState.UNKNOWN),
        failed=states.count(RowState.FAILED),
        twice=sum(times > 1 for times in bills.values()),
        in_flight=sum(toll.in_flight for toll in tolls),
        unanswered=sum(toll.unanswered for toll in tolls),
        most=told["most_images"],
        off=off / amounts.THOUSAND,
        seconds=seconds,
    )

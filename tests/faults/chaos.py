"""Kills at random while a batch runs, and what they may cost: counted at the very moment of each."""

from __future__ import annotations

import contextlib
import random
import signal
from dataclasses import dataclass

import psutil

from jobs.batch import RowState
from jobs.services import LOCAL, Services
from jobs.store import batches as store
from jobs.store.batches import BatchRow
from tests.faults.processes import TARGETS, until
from tests.jobs.making import states


@dataclass(frozen=True)
class Toll:
    """Rows that were sent, and those of them without a ticket, when the process that had them was killed."""

    in_flight: int
    unanswered: int


def ravage(
    services: Services, batch_id: str, rows: int, kills: int, seed: int, patience: float = 60
) -> list[Toll]:
    """Kill a part of the stack each time that another share of the rows was begun."""
    chance = random.Random(seed)
    tolls = []
    for number in range(kills):
        enough = (number + 1) * rows // (kills + 2)
        until(lambda enough=enough: states(services, batch_id).get("pending", 0) < rows - enough, patience)
        tolls.append(_kill(services, batch_id, chance.choice(list(TARGETS))))
    return tolls


def rows_of(services: Services, batch_id: str) -> list[BatchRow]:
    with services.database.read() as connection:
        return store.rows(connection, LOCAL, batch_id)


def _kill(services: Services, batch_id: str, target: str) -> Toll:
    """Stop the processes, look at the ledger, and kill them: what they had in hand then is what is lost."""
    processes = TARGETS[target]()
    for process in processes:
        _send(process, signal.SIGSTOP)
    until(lambda: all(map(_stands, processes)))
    sent = [row for row in rows_of(services, batch_id) if row.state == RowState.SENT]
    for process in processes:
        _send(process, signal.SIGKILL)
    if target not in ("horse", "all"):  # the one that has the rows lives on, and finishes them
        return Toll(0, 0)
    return Toll(len(sent), sum(row.ticket is None for row in sent))


def _send(process: psutil.Process, word: signal.Signals) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(word)


def _stands(process: psutil.Process) -> bool:
    try:
        return process.status() in (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.NoSuchProcess:
        return True

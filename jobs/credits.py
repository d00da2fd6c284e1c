"""A person's credits: granted each month, reserved at a start, settled per row, refunded where nothing ran.

Available in a month is what was granted, less what was reserved, plus what was refunded in it; unused credits
end with the month. Of every batch: reserved = settled + refunded + still held. All in thousandths.
"""

from __future__ import annotations

from datetime import UTC, datetime

from jobs.amounts import spoken
from jobs.errors import OutOfCredits
from jobs.store import credits as entries
from jobs.store.database import Connection


def month(at: float) -> str:
    """The calendar month of a time, in UTC: 2026-11."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m")


def available(connection: Connection, owner: str, at: float, monthly: int) -> int:
    """What can be reserved now; a month without entries yet has all of its `monthly` credits."""
    sums = entries.sums(connection, owner, month=month(at))
    return max(0, (sums["grant"] or monthly) - sums["reserve"] + sums["refund"])


def reserve(connection: Connection, owner: str, batch_id: str, amount: int, at: float, monthly: int) -> None:
    """Set `amount` aside for a batch. Raises OutOfCredits; the balance never goes below zero."""
    entries.grant_once(connection, owner, month(at), monthly, at)
    entries.lock(connection, owner, month(at))
    there = available(connection, owner, at, monthly)
    if amount > there:
        short, needed, have = spoken(amount - there), spoken(amount), spoken(there)
        raise OutOfCredits(
            f"{short} credits too few: this needs {needed}, you have {have}. "
            "Run fewer rows, or wait for next month's credits.",
            amount,
            there,
        )
    if amount:
        entries.add(connection, owner, month(at), "reserve", amount, at, batch_id=batch_id)


def settle(connection: Connection, owner: str, batch_id: str, row_id: str, amount: int, at: float) -> None:
    """Turn a part of what is held for a batch into what was spent on one of its rows."""
    if amount:
        entries.add(connection, owner, month(at), "settle", amount, at, batch_id=batch_id, row_id=row_id)


def refund(connection: Connection, owner: str, batch_id: str, keep: int, at: float) -> int:
    """Give back what a batch still holds beyond `keep`; returns how much that was."""
    amount = held(connection, owner, batch_id) - keep
    if amount > 0:
        entries.add(connection, owner, month(at), "refund", amount, at, batch_id=batch_id)
    return max(0, amount)


def held(connection: Connection, owner: str, batch_id: str) -> int:
    """What is reserved for a batch and neither spent nor given back."""
    sums = entries.sums(connection, owner, batch_id=batch_id)
    return sums["reserve"] - sums["settle"] - sums["refund"]

"""A change set as an answer: its items, what is left alone, and the sentences that go with it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.chat.changes import ChangeSet
from jobs.talk import Answer


def told(
    changes: ChangeSet,
    said: Sequence[str],
    source: str = "program",
    *,
    released: Sequence[tuple[str, str]] = (),
) -> Answer:
    """A change set as an answer; one that changes nothing says so."""
    items, left = changes.items(), changes.left()
    sentences = [*said, *changes.notes()]
    counts = [line for line in sentences if line]
    if not items and changes.touched and not released:
        counts.append(
            "Nothing is left to change." if left else "That is so already; there is nothing to change."
        )
    return Answer(" ".join(counts) or None, items, left, source, released)

"""The control strip: every row in order, and few patches however many rows."""

from __future__ import annotations

import pytest

from assistant.web.batch.strip import ALL, MOST, strip
from jobs.services import LOCAL, Services
from jobs.store import summaries
from tests.web import rows


def test_every_row_has_its_patch_in_tens_that_are_numbered_as_the_sheet() -> None:
    counts = [(place, "done" if place < 12 else "pending", 1) for place in range(25)]
    made = strip(25, counts)
    assert [number for number, _ in made.tens] == [2, 12, 22]
    assert [len(states) for _, states in made.tens] == [10, 10, 5]
    assert [states[1] for _, states in made.tens] == ["done", "done", "pending"]
    assert (made.step, made.dense) == (1, False)


@pytest.mark.parametrize("rows_", [ALL + 1, 9_999, 100_000])
def test_a_long_batch_takes_no_more_patches_than_a_page_can_redraw(rows_: int) -> None:
    made = strip(rows_, [])
    assert made.step > 1
    assert rows_ / made.step <= MOST
    assert made.dense


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ({"done": 50}, "done"),
        ({"done": 40, "reused": 10}, "done"),
        ({"pending": 50}, "pending"),
        ({"done": 20, "pending": 30}, "sent"),
        ({"done": 20, "sent": 2, "pending": 28}, "sent"),
        ({"done": 49, "failed": 1}, "failed"),
        ({"done": 48, "failed": 1, "refused": 1}, "refused"),
        ({"sent": 49, "unknown": 1}, "unknown"),
    ],
)
def test_a_patch_of_many_rows_shows_what_needs_a_person_first(states: dict[str, int], shown: str) -> None:
    made = strip(50_000, [(0, state, number) for state, number in states.items()])
    assert made.tens[0][1] == [shown]


def test_rows_are_counted_by_steps_in_the_database(services: Services) -> None:
    services.database.migrate()
    batch_id = rows.batch(services, 7)
    rows.end(services, batch_id, (2, 3, 4))
    with services.database.read() as connection:
        counts = summaries.by_step(connection, LOCAL, batch_id, 5, 2)
    assert counts == [(0, "done", 3), (0, "pending", 2), (1, "pending", 2)]

"""The runner with Ideogram: ordered, looked up, fetched; each fault in its state, and the bill agrees."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable

import pytest

from jobs import control
from jobs.drain import Drain
from jobs.services import LOCAL, Services
from jobs.store import batches as store
from jobs.store import images
from jobs.store.batches import BatchRow
from tests.fakes.ideogram_server import IdeogramServer
from tests.jobs.making import batch, item, state, states
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("valkey")

PRICE = 500  # thousandths for one image of model 2.0


@pytest.fixture
def environment(environment: dict[str, str], server: IdeogramServer) -> dict[str, str]:
    return environment | server.environment() | {"IDEOGRAM_TIMEOUT": "2"}


def order(services: Services, prompts: list[str], each: int = 1, **more: str) -> str:
    rows = [
        item(number, prompt, each, PRICE * each, magic_prompt="off", **more)
        for number, prompt in enumerate(prompts, 2)
    ]
    return batch(services, rows, "ideogram")


def run(services: Services) -> None:
    asyncio.run(Drain(services).run())


def meanwhile(when: Callable[[], object], do: Callable[[], object]) -> threading.Thread:
    """Do something while the drain runs, as soon as a condition holds."""

    def watch() -> None:
        until(when)
        do()

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def rows_of(services: Services, batch_id: str) -> list[BatchRow]:
    with services.database.read() as connection:
        return store.rows(connection, LOCAL, batch_id)


def agrees(services: Services, server: IdeogramServer, batch_id: str) -> bool:
    """Whether what the batch spent is what the provider billed."""
    return sum(row.spent for row in rows_of(services, batch_id)) == server.counts().credits


def test_every_row_is_ordered_once_and_its_images_are_kept(
    services: Services, server: IdeogramServer
) -> None:
    server.behave(latency=0.1, places=10, weight=5000)
    batch_id = order(services, [f"prompt {number}" for number in range(12)], 4)
    run(services)
    assert states(services, batch_id) == {"done": 12}
    counts = server.counts()
    assert set(counts.billed_by_prompt.values()) == {1}
    assert (counts.images, counts.throttled) == (48, 0)
    assert counts.most_images <= 10
    assert agrees(services, server, batch_id)
    with services.database.read() as connection:
        made = images.of_rows(connection, LOCAL, batch_id)
    assert len(made) == 48
    assert all(services.files.path(image.key).stat().st_size == image.size for image in made)
    assert {image.seed for image in made} == {1000, 1001, 1002, 1003}


# Fault, the state its row ends in, words of the reason.
ENDS_IN = {
    "bad-request": ("failed", "Invalid value for prompt"),
    "unsafe": ("refused", "failed safety check"),
    "withheld": ("refused", "withheld all 2 images"),
    "one-withheld": ("done", "1 of 2, 1 withheld by the provider."),
    "gen-failed": ("failed", "The model gave up"),
    "reset-after": ("unknown", "billed"),
    "html": ("unknown", "billed"),
    "expired-url": ("unknown", "expired"),
    "truncated-image": ("unknown", "damaged"),
    "html-image": ("unknown", "damaged"),
    "server-error*2": ("done", ""),
    "throttle*2": ("done", ""),
    "poll-down*2": ("done", ""),
    "poll-reset*1": ("done", ""),
    "poll-html*1": ("done", ""),
    "poll-throttle*2": ("done", ""),
    "down-url*4": ("done", ""),
}


def test_each_fault_ends_in_its_state_with_the_reason(services: Services, server: IdeogramServer) -> None:
    batch_id = order(services, [f"fault:{fault}" for fault in ENDS_IN], 2)
    run(services)
    rows = rows_of(services, batch_id)
    assert {str(row.values["prompt"]).removeprefix("fault:"): row.state for row in rows} == {
        fault: becomes for fault, (becomes, _) in ENDS_IN.items()
    }
    for row, (_, says) in zip(rows, ENDS_IN.values(), strict=True):
        assert says in (row.reason or ""), row.values["prompt"]
    counts = server.counts()
    assert set(counts.billed_by_prompt.values()) == {1}
    unknown = sum(row.price for row in rows if row.state == "unknown")
    assert sum(row.spent for row in rows) + unknown == counts.credits
    with services.database.read() as connection:
        text = "".join(told for _, told in store.story(connection, LOCAL, batch_id))
    assert all(f"Row {row.number} {row.state}" in text for row in rows if row.state != "done")


def test_what_has_no_route_is_a_note_on_the_row(services: Services, server: IdeogramServer) -> None:
    batch_id = order(services, ["a fox"], model="2a", negative_prompt="text", color_palette="ember")
    run(services)
    (row,) = rows_of(services, batch_id)
    assert row.state == "done"
    assert [note.split(" at ")[0] for note in row.notes] == [
        "Model 2a takes no negative prompt",
        "Model 2a takes no palette",
    ]


@pytest.mark.parametrize(("fault", "says"), [("no-key", "key refused"), ("funds", "no funds left")])
def test_what_no_further_call_can_pass_pauses_the_batch_and_loses_nothing(
    services: Services, server: IdeogramServer, fault: str, says: str
) -> None:
    server.behave(script=[fault] * 40)
    batch_id = order(services, [f"prompt {number}" for number in range(12)])
    run(services)
    assert state(services, batch_id)[0] == "paused"
    assert says in (state(services, batch_id)[1] or "")
    assert states(services, batch_id) == {"pending": 12}
    server.behave(script=[])
    control.resume(services, LOCAL, batch_id)
    run(services)
    assert states(services, batch_id) == {"done": 12}


def test_funds_that_run_out_in_the_middle_pause_with_every_paid_image_kept(
    services: Services, server: IdeogramServer
) -> None:
    server.behave(latency=0.05, funds=7 * PRICE)
    batch_id = order(services, [f"prompt {number}" for number in range(20)])
    run(services)
    assert states(services, batch_id) == {"done": 7, "pending": 13}
    assert "no funds left" in (state(services, batch_id)[1] or "")
    assert agrees(services, server, batch_id)


def test_a_key_revoked_while_rows_are_on_their_way_loses_none_of_them(
    services: Services, server: IdeogramServer
) -> None:
    server.behave(latency=0.5, places=10)
    batch_id = order(services, [f"prompt {number}" for number in range(15)])
    thread = meanwhile(
        lambda: server.counts().accepted == 10, lambda: server.behave(key="another one altogether")
    )
    run(services)
    thread.join()
    assert states(services, batch_id) == {"sent": 10, "pending": 5}
    paused, reason = state(services, batch_id)
    assert (paused, "key refused" in (reason or "")) == ("paused", True)
    server.behave(key=server.environment()["IDEOGRAM_API_KEY"], latency=0.0)
    control.resume(services, LOCAL, batch_id)
    until(lambda: (run(services), states(services, batch_id) == {"done": 15})[1], 40)
    assert set(server.counts().billed_by_prompt.values()) == {1}
    assert agrees(services, server, batch_id)


def test_links_that_cannot_be_reached_pause_the_batch_and_the_row_is_fetched_later(
    services: Services, server: IdeogramServer
) -> None:
    """Asked to stop while it waits to try again, a worker leaves the row to the next one."""
    batch_id = order(services, ["fault:down-url*9"])
    thread = meanwhile(lambda: server.counts().downloads >= 6, lambda: os.kill(os.getpid(), signal.SIGTERM))
    run(services)
    thread.join()
    assert states(services, batch_id) == {"sent": 1}
    run(services)
    assert states(services, batch_id) == {"done": 1}
    assert server.counts().calls == 1
    assert agrees(services, server, batch_id)


@pytest.mark.parametrize("limit", [None, 4])
def test_the_width_becomes_what_the_provider_allows(
    services: Services, server: IdeogramServer, limit: int | None
) -> None:
    server.behave(latency=0.1, places=4, limit=limit)
    batch_id = order(services, [f"prompt {number}" for number in range(24)])
    run(services)
    assert states(services, batch_id) == {"done": 24}
    assert set(server.counts().billed_by_prompt.values()) == {1}
    if limit:
        assert server.counts().throttled <= 6  # what was on its way when it was first said

"""Batches brought to where a test needs them, by the ledger's own moves: rows done, failed, on their way."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from PIL import Image as Pillow

from jobs import ids, ledger
from jobs.batch import Item, RowState
from jobs.ledger import Claim, Outcome
from jobs.services import LOCAL, Services
from jobs.store import batches, images
from jobs.store.images import Image
from schema import columns
from tests.jobs import making

REASON = "The server gave error 503."


def batch(
    services: Services, rows: int = 3, *, each: int = 1, price: int = 0, name: str = "Foxes", **how: object
) -> str:
    """A queued batch of rows 2, 3, …, each of `each` images; `how` goes to making.batch."""
    made = [making.item(number, f"a fox number {number}", each, price) for number in range(2, rows + 2)]
    return of_items(services, made, name=name, **how)


def of_items(services: Services, items: Sequence[Item], *, name: str = "Foxes", **how: object) -> str:
    batch_id = making.batch(services, items, **how)  # type: ignore[arg-type]
    with services.database.write() as connection:
        connection.execute(batches.batches.update().where(batches.batches.c.id == batch_id).values(name=name))
    return batch_id


def send(services: Services, batch_id: str, *numbers: int) -> list[Claim]:
    """Bring rows on their way: sent, without an answer yet."""
    now = services.clock()
    with services.database.write() as connection:
        backend = batches.get(connection, LOCAL, batch_id).backend
        claims = ledger.claim(connection, backend, "machine:1:test", 100_000, now)
        wanted = [claim for claim in claims if claim.batch_id == batch_id and claim.number in numbers]
        for claim in claims:
            if claim not in wanted:
                ledger.release(connection, claim.attempt, now)
        for claim in wanted:
            assert ledger.mark_sent(connection, claim.attempt, now)
    return wanted


def end(
    services: Services,
    batch_id: str,
    numbers: Iterable[int],
    state: RowState = RowState.DONE,
    *,
    reason: str | None = None,
    notes: Sequence[str] = (),
    prompt_used: str | None = None,
    withheld: int = 0,
) -> list[Image]:
    """Bring rows to an end, with their images where they are done; returns those in the order they came."""
    came: list[Image] = []
    for claim in send(services, batch_id, *numbers):
        done = state == RowState.DONE
        made = [
            _image(services, claim, place, prompt_used) for place in range(1, claim.images + 1 - withheld)
        ]
        outcome = Outcome(
            state,
            made if done else (),
            withheld,
            billed=claim.images if done else 0,
            reason=reason if done or reason else REASON,
            notes=notes,
        )
        with services.database.write() as connection:
            assert ledger.finish(connection, claim.attempt, outcome, services.clock())
        came += outcome.images
    return came


def shelf(services: Services, count: int, batch_id: str) -> None:
    """Many images of a batch's first row, without files: for what has to stay fast."""
    with services.database.write() as connection:
        row = batches.rows(connection, LOCAL, batch_id, limit=1)[0]
        images.add(
            connection,
            [
                Image(
                    id=ids.new(),
                    owner=LOCAL,
                    batch_id=batch_id,
                    row_id=row.row_id,
                    number=row.number,
                    index=place,
                    key="none",
                    width=1024,
                    height=1024,
                    size=1,
                    seed=None,
                    prompt=f"shelf {place}",
                    prompt_used=None,
                    ratio="1:1",
                    style="auto",
                    private=False,
                    created_at=0,
                )
                for place in range(1, count + 1)
            ],
        )


def _image(services: Services, claim: Claim, place: int, prompt_used: str | None) -> Image:
    values = columns.load().with_defaults(claim.values)
    width, height = (side // 8 for side in columns.load().size(claim.values))
    file = io.BytesIO()
    Pillow.new("RGB", (width, height), (30 * place, claim.number % 256, 90)).save(file, "PNG")
    key = f"{claim.batch_id}/{claim.attempt}-{place}.png"
    services.files.put(key, file.getvalue())
    return Image(
        id=ids.new(),
        owner=LOCAL,
        batch_id=claim.batch_id,
        row_id=claim.row_id,
        number=claim.number,
        index=place,
        key=key,
        width=width,
        height=height,
        size=len(file.getvalue()),
        seed=claim.number * 100 + place,
        prompt=str(values["prompt"]),
        prompt_used=prompt_used,
        ratio=str(values["aspect_ratio"]),
        style=str(values["style"]),
        private=values["visibility"] == "private",
        created_at=services.clock(),
    )

"""How a `run` gets its batch: ordered anew, or the one that its folder was begun with, made to go on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from assistant.commands.folder import Begun, Folder, fingerprint
from assistant.commands.opening import opened
from assistant.words import count
from jobs import amounts, control, ids, intake
from jobs.batch import RowState
from jobs.control import Order
from jobs.dry_run import Told, ask
from jobs.errors import Conflict, Invalid, NotFound, PromptsheetError
from jobs.progress import progress
from jobs.quote import Quote, quote
from jobs.services import LOCAL, Services
from jobs.store import batches
from schema.errors import Unreadable
from schema.wording import listed


@dataclass(frozen=True)
class Wish:
    """What is to be run: the file's name and bytes, and what the person typed. `budget` in thousandths."""

    name: str
    data: bytes
    backend: str
    trial: int | None
    budget: int | None
    reuse: bool = False


def sheet_of(folder: Folder, file: Path, limit: int, *, resume: bool) -> bytes:
    """The sheet's bytes; what a folder was begun with goes before them, and that is said.

    Raises Conflict for a folder that has a batch already, Invalid for one to resume that has none, and
    Unreadable.
    """
    begun = folder.begun()
    if begun and not resume:
        raise Conflict(f"{folder.path} holds a batch already. Go on with --resume, or choose another folder.")
    if resume and not begun:
        raise Invalid(f"{folder.path} has no batch to resume. Leave --resume away to begin one.")
    try:
        data = opened(file, limit)
    except Unreadable as reason:
        if not begun or not begun.batch:
            raise
        click.echo(f"{reason} The batch goes on with the rows it was started with.")
        return b""
    if begun and begun.batch and fingerprint(data) != begun.sheet:
        click.echo(
            f"{file} has changed since; the batch goes on with the rows it was started with. "
            "To run the new rows, choose another folder."
        )
    return data


def batch_of(services: Services, folder: Folder, wish: Wish, *, resume: bool) -> str:
    """The id of the batch, which runs. Raises what ordering or going on raises."""
    begun = folder.begun()
    batch_id = _known(services, begun) if begun else None
    if batch_id is None:
        return _order(services, folder, wish)
    if resume:
        _go_on(services, batch_id, wish.budget)
    return batch_id


def _order(services: Services, folder: Folder, wish: Wish) -> str:
    """Take the sheet in and start its batch. The key is remembered first: a crash makes no second batch."""
    begun = folder.begin(folder.begun() or Begun(ids.new(), fingerprint(wish.data)))
    try:
        sheet_id = intake.take_in(services, LOCAL, wish.data, wish.name)
        offer = quote(services, LOCAL, sheet_id, wish.backend, reuse=wish.reuse)
        _announce(offer)
        if offer.asks:
            _tell(ask(services, wish.backend, offer.to_make), offer)
        made = Order(sheet_id, wish.backend, wish.budget, wish.trial, begun.key, wish.reuse)
        batch_id = control.start(services, LOCAL, made)
    except PromptsheetError:
        folder.forget()
        raise
    folder.belongs(begun, batch_id)
    return batch_id


def _known(services: Services, begun: Begun) -> str | None:
    """The batch that a folder was begun with; None where nothing was ordered. Raises NotFound."""
    with services.database.read() as connection:
        if begun.batch is None:
            return batches.by_key(connection, LOCAL, begun.key)
        try:
            return batches.get(connection, LOCAL, begun.batch).id
        except NotFound:
            raise NotFound(
                f"The batch of this folder is not in the data folder {services.settings.data}. "
                "Set PROMPTSHEET_DATA as it was, or choose another folder for --out."
            ) from None


def _go_on(services: Services, batch_id: str, budget: int | None) -> None:
    """Run the rows that wait, and those that failed or were refused; unknown ones may be paid already."""
    if budget is not None:
        control.cap(services, LOCAL, batch_id, budget)
    rows = progress(services, LOCAL, batch_id).rows
    if rows.get(RowState.PENDING):
        control.resume(services, LOCAL, batch_id)
    if rows.get(RowState.FAILED) or rows.get(RowState.REFUSED):
        control.retry(services, LOCAL, batch_id)


def _announce(offer: Quote) -> None:
    price = f"{amounts.spoken(offer.required)} of {amounts.spoken(offer.available)} credits"
    click.echo(f"{count(len(offer.items), 'row')}, {count(offer.images, 'image')}: {price}.")
    if offer.enlarged_by:
        click.echo(f"Where magic_prompt is on, {offer.enlarged_by} enlarges the prompt first.")
    before = len(offer.finished)
    if offer.taken:
        click.echo(f"{count(before, 'row')} finished before as they are now, taken over for 0 credits.")
    elif before:
        click.echo(
            f"{count(before, 'row')} finished before as they are now; --reuse takes them over for 0 credits."
        )
    for warned in offer.warnings:
        rows = listed([f"{number:,}" for number in warned.numbers], most=5)
        click.echo(f"{'Row' if len(warned.numbers) == 1 else 'Rows'} {rows}: {warned.gap.sentence}")


def _tell(told: Told | None, offer: Quote) -> None:
    """The provider's own price, beside that of the price table."""
    title = offer.traits.title
    if told and told.told:
        dollars = f", {amounts.dollars(told.dollars)}" if told.dollars is not None else ""
        most = f", {amounts.dollars(told.most)} at the most" if told.most else ""
        click.echo(f"{title} says {amounts.spoken(told.credits)} credits{dollars}{most}.")
    if told and (told.by_table or told.why):
        why = told.why or f"{title} tells no price for {count(len(told.by_table), 'row')}."
        click.echo(f"Reckoned by the price table: {why}")

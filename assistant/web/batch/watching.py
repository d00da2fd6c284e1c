"""A batch as it runs: its page, and every two seconds what changed on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flask import render_template, request

from assistant.chat.differing import Piece, compare
from assistant.here import owner, services
from assistant.language_model import connected
from assistant.web.batch.room import pages
from assistant.web.batch.strip import Strip, step, strip
from jobs import arrivals, hints
from jobs.arrivals import Page, Shown
from jobs.batch import IN_HAND, MADE, TROUBLED, BatchState, RowState
from jobs.errors import NotFound
from jobs.progress import Progress, progress
from jobs.sheet import FIRST_NUMBER
from jobs.store import batches as store
from jobs.store import rewordings, summaries
from jobs.store.rewordings import Proposal, Rewording
from jobs.store.summaries import Remark, Trouble

COMING = 2
"""Rows on their way that are shown with the places of their images."""

REASONS = 12
"""Different reasons, or remarks, that are told; each with its first NUMBERS rows."""

NUMBERS = 6

STORY = 40
"""Lines of what happened; MOST of them with ?story=all."""

MOST = 10_000

ORDER = (*MADE, *reversed(IN_HAND), RowState.PENDING, *TROUBLED)
"""The states as they are listed: what is there, what comes, what needs a person."""

LONGEST = 240
"""Rows a page may gather while it lies open; then the newest take their place."""


@dataclass(frozen=True)
class Aim:
    """Which rows a page shows: the newest, those before an image, those in a state from a number on."""

    state: str | None
    before: int | None
    number: int
    whole_story: bool

    @property
    def newest(self) -> bool:
        return self.state is None and self.before is None


@dataclass(frozen=True)
class Wording:
    """A proposal as the page shows it."""

    proposal: Proposal

    @property
    def of(self) -> Rewording:
        return self.proposal.rewording

    @property
    def pieces(self) -> list[Piece]:
        """Its words against those that were refused."""
        return compare(self.of.before, self.of.after or "")


@dataclass(frozen=True)
class Look:
    """A batch as its page shows it. Each part asks the database when it is first needed."""

    p: Progress
    aim: Aim

    @cached_property
    def away(self) -> str | None:
        """Why nothing moves, where nothing is on its way although it could be."""
        stuck = self.p.working and not self.p.rows.get(RowState.SENT)
        return hints.unattended(services()) if stuck else None

    @cached_property
    def strip(self) -> Strip:
        rows = self.p.batch.rows
        with services().database.read() as connection:
            counts = summaries.by_step(connection, owner(), self._id, step(rows), FIRST_NUMBER)
        return strip(rows, counts)

    @cached_property
    def in_hand(self) -> list[Shown]:
        return arrivals.in_hand(services(), owner(), self._id, COMING)

    @cached_property
    def page(self) -> Page:
        here, aim = services(), self.aim
        if aim.state:
            return arrivals.in_state(here, owner(), self._id, aim.state, after=aim.number)
        return arrivals.newest(here, owner(), self._id, before=aim.before)

    @cached_property
    def troubles(self) -> dict[str, list[Trouble]]:
        """What needs a person, by state."""
        if not self.p.waiting:
            return {}
        with services().database.read() as connection:
            found = summaries.troubles(
                connection, owner(), self._id, TROUBLED, numbers=NUMBERS, limit=REASONS
            )
        by_state = {state: [one for one in found if one.state == state] for state in TROUBLED}
        return {state: alike for state, alike in by_state.items() if alike}

    @cached_property
    def proposals(self) -> list[Wording]:
        """Other wordings of refused rows: asked for, proposed or failed."""
        if not self.p.rows.get(RowState.REFUSED):
            return []
        with services().database.read() as connection:
            return [*map(Wording, rewordings.of_batch(connection, owner(), self._id))]

    @property
    def writing(self) -> int:
        """For how many rows the language model still looks for other words."""
        return sum(one.of.state == rewordings.Wording.WAITING for one in self.proposals)

    @property
    def offered(self) -> list[Wording]:
        """The rows that can be tried again in other words."""
        return [one for one in self.proposals if one.of.state == rewordings.Wording.PROPOSED]

    @property
    def unasked(self) -> int:
        """Refused rows for which no other words are there, or looked for."""
        return self.p.rows.get(RowState.REFUSED, 0) - self.writing - len(self.offered)

    @cached_property
    def writer(self) -> str | None:
        """Which language model could be asked for other words, None where there is none."""
        found = connected()
        return found.model if found.endpoint else None

    @cached_property
    def idle(self) -> str | None:
        """Why nobody looks for other words, where they were asked for."""
        return hints.unattended(services(), hints.DRAFTS) if self.writing else None

    @cached_property
    def remarks(self) -> list[Remark]:
        with services().database.read() as connection:
            return summaries.remarks(connection, owner(), self._id, numbers=NUMBERS, limit=REASONS)

    @cached_property
    def story(self) -> list[tuple[float, str]]:
        """What happened, newest first."""
        most = MOST if self.aim.whole_story else STORY
        with services().database.read() as connection:
            return store.story(connection, owner(), self._id, most)

    @property
    def story_goes_on(self) -> bool:
        return not self.aim.whole_story and len(self.story) == STORY

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The states that rows are in, and how many are."""
        return [(state, self.p.rows[state]) for state in ORDER if self.p.rows.get(state)]

    @property
    def tried(self) -> bool:
        """Whether a trial is through, and the other rows wait for a word."""
        batch = self.p.batch
        return batch.trial and batch.state == BatchState.PAUSED and not self.p.trial.rows

    @property
    def _id(self) -> str:
        return self.p.batch.id


@pages.get("/<batch_id>")
def page(batch_id: str) -> str:
    """The whole page; ?state= and ?before= choose the rows, ?number= goes on after one."""
    look = Look(progress(services(), owner(), batch_id), aim())
    return render_template("batch/page.html", look=look, p=look.p)


@pages.get("/<batch_id>/pulse")
def pulse(batch_id: str) -> str:
    """The parts of the page that change, for whoever has it open; ?after= also the rows that came since."""
    look = Look(progress(services(), owner(), batch_id), aim())
    return render_template("batch/_pulse.html", look=look, p=look.p, came=_came(batch_id))


def aim() -> Aim:
    """Raises NotFound for a state that rows do not have."""
    state = request.args.get("state") or None
    if state is not None and state not in list(RowState):
        raise NotFound(f"Rows are never {state}. Choose one of the counts above the images.")
    before = request.args.get("before", type=int)
    number = request.args.get("number", type=int, default=0)
    return Aim(state, before, number, request.args.get("story") == "all")


def _came(batch_id: str) -> Page | None:
    """What came after the image ?after=, where the page asks for it and has room: None otherwise."""
    after = request.args.get("after", type=int)
    if after is None:
        return None
    if request.args.get("shown", type=int, default=0) > LONGEST:
        return arrivals.newest(services(), owner(), batch_id)
    return arrivals.since(services(), owner(), batch_id, after)

"""What is asked over a sheet: answered at once where that needs no model, else left for the draft worker."""

from __future__ import annotations

from assistant import secret
from assistant.chat.carrying_out import NoSuchRows, carry_out
from assistant.chat.changes import ChangeSet
from assistant.chat.ground import Unclear
from assistant.chat.requests import Help, Request, Reword, Undo
from assistant.chat.seeing import look
from assistant.chat.telling import told
from assistant.drafting.intents import understand
from assistant.model.endpoint import configured
from jobs import hints, mend, recall, rewording, talk
from jobs.errors import Conflict, NotConfigured
from jobs.services import Services
from jobs.store.turns import Turn
from jobs.talk import Answer

WITHOUT = (
    "set columns (“all 16:9”, “seed 41020 for row 7”, “clear the palettes”), keep things out of the images "
    "(“no text in the images”), replace words (“replace fox with wolf”), delete rows (“delete the ones with "
    "dogs”, “remove duplicates”), duplicate or expand rows (“duplicate row 7 three times”), and count (“how "
    "many rows are about foxes?”)"
)
NONE_SET_UP = "None is set up."
HELP = (
    f"You can {WITHOUT}. With a language model you can also ask for new rows and other words: “add 20 about "
    "winter”, “make rows 5 to 9 moodier”, “rephrase row 7”. Rows and cells that you edited are left alone "
    "unless you name the row by its number."
)


def ask(services: Services, owner: str, sheet_id: str, text: str) -> Turn:
    """Keep what is asked and answer it, or let it wait for the model; no row of the sheet changes by that.

    Raises NotFound, and Invalid where there is nothing to read or too much of it.
    """
    text = talk.cleaned(text)
    lacking = without_writer(services, owner)
    answer = _at_once(services, owner, sheet_id, text, writer=not lacking)
    if answer or lacking:
        told = answer or Answer(f"That needs a language model. {lacking} Without one you can {WITHOUT}.")
        return talk.tell(services, owner, sheet_id, text, told)
    turn = talk.wait(services, owner, sheet_id, text)
    hints.hint(services, hints.DRAFTS)
    return turn


def without_writer(services: Services, owner: str) -> str | None:
    """Why no language model can be asked, in a sentence; None where one can."""
    try:
        return None if configured(services, owner, secret.key(services.settings)) else NONE_SET_UP
    except NotConfigured as reason:
        return str(reason)


def other_words(services: Services, owner: str, batch_id: str) -> int:
    """Ask for other words for a batch's refused rows; returns for how many.

    Raises NotConfigured without a model, and what `jobs.rewording.ask` does.
    """
    if lacking := without_writer(services, owner):
        raise NotConfigured(f"Other words need a language model. {lacking}")
    return rewording.ask(services, owner, batch_id)


def _at_once(services: Services, owner: str, sheet_id: str, text: str, *, writer: bool) -> Answer | None:
    """The answer of the program, None where it takes a writer."""
    ground = look(services, owner, sheet_id)
    try:
        requests = understand(text)
        if not requests:
            return None
        if len(requests) == 1:
            alone = _alone(services, owner, sheet_id, requests[0])
            if alone or isinstance(requests[0], Reword):
                return alone
        if any(isinstance(request, Reword | Help | Undo) for request in requests):
            return None
        changes = ChangeSet(ground)
        done = carry_out(requests, changes)
    except NoSuchRows as none:
        return None if writer else Answer(str(none))
    except Unclear as why:
        return Answer(str(why))
    return told(changes, done.said, released=done.released)


def _alone(services: Services, owner: str, sheet_id: str, request: Request) -> Answer | None:
    """Requests that are no change set of the program's."""
    match request:
        case Help():
            return Answer(HELP)
        case Undo():
            return _take_back(services, owner, sheet_id)
    return None


def _take_back(services: Services, owner: str, sheet_id: str) -> Answer:
    with services.database.read() as connection:
        found = recall.last_taken(connection, owner, sheet_id)
    if found is None:
        return Answer(
            "No proposal was accepted here that could be taken back. The sheet's Undo takes back edits."
        )
    turn, group = found
    try:
        mend.undo(services, owner, sheet_id, group)
    except Conflict:
        return Answer(
            "What was accepted last was changed again since, so there is nothing of it to take back."
        )
    return Answer(f"Taken back: what was accepted of “{turn.text}”.")

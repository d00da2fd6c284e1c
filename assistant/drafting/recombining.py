"""One row again by the composer: another of its combinations, told as what it is."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.drafting.brief import Brief
from assistant.drafting.changes import ChangeSet
from assistant.drafting.composer import Composer
from assistant.drafting.ground import PROMPT, Line
from assistant.drafting.requests import Reword


def again(brief: Brief, lines: Sequence[Line], changes: ChangeSet, request: Reword) -> str:
    """Put a combination that the sheet does not have into each row; returns the sentence about it.

    The combinations are walked with a seed of the rows' own, so that asking twice for one row gives the same
    until it is accepted.
    """
    taken = [line.cells.get(PROMPT, "") for line in changes.ground.lines]
    found = Composer(brief, seed=lines[0].number).rows(taken)
    free = [
        line for line in lines if not changes.hold(line.id, PROMPT, named=line.number in request.rows.named)
    ]
    made = 0
    for line, cells in zip(free, found, strict=False):
        chosen = cells if request.whole else {PROMPT: cells[PROMPT]}
        changes.change(line.id, chosen, named=line.number in request.rows.named)
        made += 1
    sentence = "Other combinations of the composer, which is not a language model."
    if made == len(free):
        return sentence if made > 1 else "Another combination of the composer, which is not a language model."
    none = f"It has no more for {len(free) - made} of these rows: add subjects to the brief."
    return f"{sentence} {none}" if made else f"The composer is not a language model. {none}"

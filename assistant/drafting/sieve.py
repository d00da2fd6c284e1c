"""What a model or a chat app wrote, made into rows: repaired, checked, none like another; or refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.drafting.brief import Brief
from assistant.drafting.near import Near
from assistant.drafting.titles import shared_titles, title
from assistant.drafting.wishes import PROMPT
from assistant.drafting.words import content, length, words
from jobs import ids
from schema.check import Checker
from schema.columns import Columns, load
from schema.problems import Problem, errors
from schema.repair import Repair, repair_cell
from schema.values import blank
from schema.wording import quoted

LONGER = 1.5
"""How many times as long as the longest example a row may be; twice that where nothing shorter came."""
SHORT = 12
"""Words that every row may have, however short the examples are."""
_SCENE = 3
"""Words that say something, from which the same ones in another order are the same scene."""

SHORTER = 3
"""A row with less than one part in so many of the shortest example's words is none."""
TITLE, UNTITLED, SCENE, NEAR, LONG, SPARSE = "title", "untitled", "scene", "near", "long", "short"
"""Why a row is refused: its title stands already or lacks, a scene again, nearly another, too long, short."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A row that came and is to be kept.

    written   cells as the source wrote them          repairs   what was put right in them, by column
    dealt     cells that code writes from the brief   problems  what is wrong all the same; rows not filled in
    strand    the strand of the plan that it is of, if any
    """

    row_id: str
    written: Mapping[str, str]
    dealt: Mapping[str, str]
    repairs: Mapping[str, Repair]
    problems: tuple[Problem, ...]
    strand: str | None = None

    @property
    def cells(self) -> dict[str, str]:
        """The cells as they are to stand in the sheet."""
        repaired = {column: repair.after for column, repair in self.repairs.items()}
        return {**self.written, **repaired, **self.dealt}

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong with the cells that the source wrote, by column, in words."""
        return {
            problem.column: problem.message
            for problem in errors(self.problems)
            if problem.column and problem.column in self.written
        }


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not kept, of which `kind` it is, and `why` in words to write by."""

    prompt: str
    kind: str
    why: str


class Sieve:
    """Takes the rows of one draft, of all its strands: what one wrote, no other may write again.

    `prompts` are those that its sheet has. Examples count as there already, for nobody wants them again.
    """

    def __init__(self, brief: Brief, prompts: Iterable[str] = (), columns: Columns | None = None) -> None:
        self._columns = columns or load()
        self._checker = Checker(self._columns, self._columns.names)
        self._open = [
            column
            for column in self._columns.all
            if column.name == PROMPT or brief.wish(column.name, self._columns).kind in ("model", "open")
        ]
        self._longest = max((length(example) for example in brief.examples), default=0)
        self._shortest = min((length(example) for example in brief.examples), default=0)
        self._shared = shared_titles(brief.goal, brief.context, brief.examples)
        self._titled = bool(brief.examples) and all(title(one, self._shared) for one in brief.examples)
        self._near = Near()
        self._titles: dict[str, str] = {}
        self._scenes: dict[tuple[str, ...], str] = {}
        for prompt in (*brief.examples, *prompts):
            self._know(prompt)

    def take(
        self,
        cells: Mapping[str, str],
        dealt: Mapping[str, str] | None = None,
        *,
        strand: str | None = None,
        written: bool = False,
        lenient: bool = False,
    ) -> Arrival | Refusal | None:
        """A row for the sheet; a refusal where it is not wanted so; None where it has no prompt.

        `dealt` are the cells that code writes. With `written` a person has written it, and it may be like
        others; with `lenient` it may be longer than the examples, and without their title. Cells of columns
        that the brief decides are not the source's to write.
        """
        given = {column.name: text for column in self._open if not blank(text := cells.get(column.name, ""))}
        prompt = given.get(PROMPT, "")
        if not prompt:
            return None
        if not written and (refusal := self._refuse(prompt, lenient=lenient)):
            return refusal
        self._know(prompt)
        found = ((column.name, repair_cell(column, given.get(column.name, ""))) for column in self._open)
        repairs = {name: repair for name, repair in found if repair}
        arrival = Arrival(ids.new(), given, dict(dealt or {}), repairs, (), strand)
        problems = self._checker.row(arrival.cells).problems
        return Arrival(arrival.row_id, given, arrival.dealt, repairs, problems, strand)

    def _refuse(self, prompt: str, *, lenient: bool) -> Refusal | None:
        own = title(prompt, self._shared)
        if own and own in self._titles:
            return Refusal(prompt, TITLE, f"the title {quoted(own, 60)} stands already")
        if self._titled and not own and not lenient:
            return Refusal(prompt, UNTITLED, "has no title in quotation marks")
        scene = _scene_of(prompt)
        if scene and scene in self._scenes:
            return Refusal(prompt, SCENE, f"shows the same as {quoted(self._scenes[scene], 80)}")
        near = self._near.like(prompt)
        if near is not None:
            return Refusal(prompt, NEAR, f"is nearly {quoted(near, 80)}")
        most = max(SHORT, int(self._longest * LONGER)) * (1 + lenient)
        if self._longest and length(prompt) > most:
            return Refusal(prompt, LONG, f"has {length(prompt)} words; {most} are the most")
        if length(prompt) * SHORTER < self._shortest:
            return Refusal(prompt, SPARSE, "is too short to be a row")
        return None

    def _know(self, prompt: str) -> None:
        self._near.add(prompt)
        if own := title(prompt, self._shared):
            self._titles.setdefault(own, prompt)
        if scene := _scene_of(prompt):
            self._scenes.setdefault(scene, prompt)


def refused(kinds: Mapping[str, int]) -> str:
    """“3 repeated a title, 1 was too long”, for what was refused and asked for again; empty for nothing."""
    said = {
        TITLE: "repeated a title",
        UNTITLED: "had no title",
        SCENE: "repeated a scene",
        NEAR: "said nearly the same as another",
        LONG: f"{'were' if kinds.get(LONG, 0) > 1 else 'was'} too long",
        SPARSE: f"{'were' if kinds.get(SPARSE, 0) > 1 else 'was'} too short",
    }
    return ", ".join(f"{kinds[kind]:,} {verb}" for kind, verb in said.items() if kinds.get(kind))


def _scene_of(prompt: str) -> tuple[str, ...]:
    """The words that say something, in no order; empty where they are too few to tell a scene by."""
    found = sorted(Counter(content(words(prompt))).elements())
    return tuple(found) if len(found) >= _SCENE else ()

"""Example prompts taken apart into slots: openings, subjects, actions, backgrounds …, with their values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from assistant.drafting.heads import Head, head_of, opening_end, prefix
from assistant.drafting.near import key
from assistant.drafting.segments import CRAFT, Piece, kind_of, pieces

NOTHING = Piece("", "")
"""The value of a slot that a prompt may go without."""


@dataclass(frozen=True)
class Slot:
    """One kind of part with its values, all different. `before` are slots that stand before the subject."""

    kind: str
    values: tuple[Piece, ...]
    before: bool = False


@dataclass(frozen=True)
class Taken:
    """An example taken apart: its head, the piece it stands in, and the other pieces by kind, in order."""

    head: Head
    whole: str
    before: dict[str, Piece]
    after: dict[str, Piece]

    @property
    def lettered(self) -> bool:
        return self.head.lettered or "lettering" in self.after

    @property
    def alone(self) -> str:
        """The head of a prompt with quoted words, with the piece that quotes them: one whole."""
        lettering = self.after.get("lettering")
        return self.whole + (f"{lettering.glue}{lettering.text}" if lettering else "")


@dataclass(frozen=True)
class Slots:
    """What examples hold.

    openings  ways to open a prompt; empty where they begin with the subject
    subjects  with their articles, those of lettered heads without their words too
    actions   what a subject does or where it is; "" among them where it may do nothing
    alone     heads with quoted words, which are never taken apart
    others    the slots before and after the head, in their order
    capital   whether prompts begin with a capital letter; `stop`: whether they end in a full stop
    """

    openings: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    others: tuple[Slot, ...] = field(default_factory=tuple)
    capital: bool = True
    stop: bool = False


def slots_of(examples: Sequence[str], allowed: Callable[[str], bool]) -> Slots:
    """Take examples apart; values that are not allowed (they hold what is forbidden) are left out.

    A kind of part that more than half of the examples have is in every prompt; one that fewer have may be
    left out, which is then a value like others.
    """
    examples = [example for example in examples if pieces(example.rstrip(". "))]
    if not examples:
        return Slots()
    openings, common = _openings(examples), _common(examples)
    taken = [_taken(example, openings, common) for example in examples]
    plain = [one for one in taken if not one.lettered]
    unlettered = [one for one in taken if not one.head.lettered]
    actions = _distinct((one.head.action for one in unlettered if one.head.action), allowed)
    if sum(not one.head.action for one in unlettered) * 2 >= len(unlettered):
        actions = ("", *actions)
    opens = Counter(one.head.opening for one in plain or taken)
    return Slots(
        openings=_distinct((opening for opening, _ in opens.most_common()), allowed),
        subjects=_distinct(filter(None, map(_subject, taken)), allowed),
        actions=actions,
        alone=_distinct((one.alone for one in taken if one.lettered), allowed),
        others=_others(taken, allowed),
        capital=sum(example[:1].isupper() for example in examples) * 2 >= len(examples),
        stop=sum(example.endswith(".") for example in examples) * 2 > len(examples),
    )


def _openings(examples: Sequence[str]) -> frozenset[str]:
    """Openings that name no form and come twice or more: “An aerial view of”."""
    found = Counter(map(prefix, examples))
    return frozenset(opening for opening, count in found.items() if opening and count > 1)


def _common(examples: Sequence[str]) -> frozenset[str]:
    """Pieces that every example has, such as “app icon”; the subject is not among them."""
    if len(examples) < 2:
        return frozenset()
    found = Counter(text for example in examples for text in {piece.text for piece in pieces(example)})
    return frozenset(text for text, count in found.items() if count == len(examples))


def _subject(one: Taken) -> str:
    """The subject; of a lettered head only where it stands apart from its words."""
    subject = one.head.subject
    return "" if Head("", subject, "").lettered or ("words" in subject and one.lettered) else subject


def _taken(example: str, openings: frozenset[str], common: frozenset[str]) -> Taken:
    found = pieces(example.rstrip(". "))
    place = _head_place(found, common)
    head = found[place]
    before = _by_kind(found[:place], True, common)
    return Taken(head_of(head.text, openings), head.text, before, _by_kind(found[place + 1 :], False, common))


def _head_place(found: Sequence[Piece], common: frozenset[str]) -> int:
    """The piece with the subject: the first that opens by naming a form, else the first that is not craft."""
    for place, piece in enumerate(found[:3]):
        if opening_end(piece.text):
            return place
    for place, piece in enumerate(found):
        if piece.text not in common and kind_of(piece.text) not in (*CRAFT, "form"):
            return place
    return 0


def _by_kind(found: Iterable[Piece], before: bool, common: frozenset[str]) -> dict[str, Piece]:
    """Pieces by kind; two of a kind are one value, in their order."""
    kinds: dict[str, Piece] = {}
    for piece in found:
        kind = _slot_kind(piece.text, before, common)
        have = kinds.get(kind)
        kinds[kind] = Piece(have.glue, f"{have.text}{piece.glue}{piece.text}") if have else piece
    return kinds


def _slot_kind(text: str, before: bool, common: frozenset[str]) -> str:
    """The slot of a piece: its kind of craft, else where it stands and whether every example has it."""
    kind = kind_of(text)
    if kind in CRAFT:
        return kind
    if before:
        return "lead"
    return "frame" if text in common else {"action": "also", "lettering": "lettering"}.get(kind, "detail")


def _others(taken: Sequence[Taken], allowed: Callable[[str], bool]) -> tuple[Slot, ...]:
    """The slots beside the head, ordered by where they stand on average; a kind stands on one side only."""
    places: dict[str, list[float]] = defaultdict(list)
    values: dict[str, list[Piece]] = defaultdict(list)
    for one in taken:
        for side, found in ((-1, one.before), (1, one.after)):
            for place, (kind, piece) in enumerate(found.items()):
                if kind != "lettering":
                    places[kind].append(side * (1 + place / 100) + (0.02 * len(found) if side < 0 else 0))
                    values[kind].append(piece)
    order = sorted(places, key=lambda kind: sum(places[kind]) / len(places[kind]))
    return tuple(
        slot
        for kind in order
        if (slot := _slot(kind, values[kind], sum(places[kind]) < 0, len(taken), allowed)).values
    )


def _slot(kind: str, found: Sequence[Piece], before: bool, of: int, allowed: Callable[[str], bool]) -> Slot:
    by_key: dict[object, Piece] = {}
    for piece in found:
        if allowed(piece.text):
            by_key.setdefault(key(piece.text), piece)
    values = tuple(by_key.values())
    return Slot(kind, (NOTHING, *values) if values and len(found) * 2 <= of else values, before)


def _distinct(texts: Iterable[str], allowed: Callable[[str], bool]) -> tuple[str, ...]:
    """Texts that say different things, in the order they came; articles and endings make no difference."""
    found: dict[object, str] = {}
    for text in texts:
        if allowed(text):
            found.setdefault(key(text), text)
    return tuple(found.values())

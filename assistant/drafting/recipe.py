"""What a brief gives to put together, part by part, and how a choice of each becomes a prompt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

from assistant.drafting.brief import Brief
from assistant.drafting.english import article, capital, counted_noun, determined, language, plural, uncapital
from assistant.drafting.goal import TOPIC, Wanted, articled, in_singular, wanted
from assistant.drafting.heads import names_form
from assistant.drafting.near import key
from assistant.drafting.segments import Piece
from assistant.drafting.slots import Slot, slots_of
from assistant.drafting.words import content, words

_OPENER = re.compile(r"\s+\S+$")


@dataclass(frozen=True)
class Recipe:
    """The parts of a brief.

    openings  how prompts open, one at least, maybe ""
    subjects  what they show; empty where the brief names nothing
    actions   what the subject does or where it is, one at least, maybe ""
    alone     heads with quoted words, kept whole
    purpose   ends every head, maybe ""
    slots     the other parts, those before the head first
    manner    pieces that end every prompt
    themed    whether the subject is only one word for all that might be named
    capital, stop  whether prompts begin with a capital letter and end in a full stop
    english   whether English grammar holds
    """

    openings: tuple[str, ...]
    subjects: tuple[str, ...]
    actions: tuple[str, ...]
    alone: tuple[str, ...]
    purpose: str
    slots: tuple[Slot, ...]
    manner: tuple[str, ...]
    themed: bool
    capital: bool
    stop: bool
    english: bool

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """The kinds of parts and how many values each has, in the order of a choice."""
        heads = (
            ("subject", len(self.subjects) + len(self.alone)),
            ("opening", len(self.openings)),
            ("action", len(self.actions)),
        )
        return heads + tuple((slot.kind, len(slot.values)) for slot in self.slots)

    @property
    def count(self) -> int:
        """How many prompts the parts make; heads with quoted words go with the parts beside the head only."""
        heads = max(len(self.subjects), not self.alone) * len(self.openings) * len(self.actions)
        return (heads + len(self.alone)) * prod(len(slot.values) for slot in self.slots)

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(max(size, 1) for _, size in self.parts)

    def prompt(self, choice: Sequence[int]) -> str:
        """The prompt of one value of each part, by their places."""
        pieces = [Piece("", self._head(*choice[:3]))]
        for slot, place in zip(self.slots, choice[3:], strict=True):
            if slot.before:
                pieces.insert(len(pieces) - 1, slot.values[place])
            else:
                pieces.append(slot.values[place])
        return self._finished(_joined([*pieces, *(Piece(", ", manner) for manner in self.manner)]))

    def fits(self, choice: Sequence[int]) -> bool:
        """Whether a subject may do what was chosen: what names the same thing does not go with it."""
        subject, _, action = choice[:3]
        if subject >= len(self.subjects):
            return True
        named = content(words(self.subjects[subject]))
        return not named or named[-1] not in content(words(self.actions[action]))

    def _head(self, subject: int, opening: int, action: int) -> str:
        if subject >= len(self.subjects) and self.alone:
            return self.alone[subject - len(self.subjects)]
        opens = self.openings[opening]
        shows = self.subjects[subject] if self.subjects else ""
        acts = self.actions[action]
        if not shows:
            opens = opens.rstrip(":") if opens.endswith(":") else _OPENER.sub("", opens)
        elif opens:
            shows = uncapital(shows)
        if self.english:
            shows = article(shows)
            acts = re.sub(r"\b[Ii]ts\b", "their", acts) if _several(shows) else acts
        return _spaced([_elided(opens, shows), shows, acts, self.purpose])

    def _finished(self, text: str) -> str:
        text = re.sub(r",(?:\s*,)+", ",", text).strip(" ,;")
        text = capital(text) if self.capital else uncapital(text)
        return f"{text}." if self.stop and text[-1:] not in ".!?" else text


def recipe_of(brief: Brief, examples: Sequence[str]) -> tuple[Recipe, Wanted]:
    """The parts in a brief; `examples` are its examples with their variants written out."""
    kitchen = _Kitchen(brief, examples)
    return kitchen.recipe(), kitchen.wanted


class _Kitchen:
    """Brings together what the examples hold and what goal and context ask for."""

    def __init__(self, brief: Brief, examples: Sequence[str]) -> None:
        self.wanted = wanted(brief.goal, brief.context)
        self._slots = slots_of(examples, lambda text: not self.wanted.forbidden.meets(text))
        self._english = language(" ".join([*examples[:20], brief.goal, brief.context])) == "en"
        self._examples = bool(examples)

    def recipe(self) -> Recipe:
        found, said = self._slots, self.wanted
        taken = self._examples and bool(found.subjects or found.alone)
        return Recipe(
            openings=(found.openings or ("",)) if taken else (self._allowed(said.opening),),
            subjects=self._subjects(),
            actions=self._actions(found.actions if taken else (said.action,)),
            alone=found.alone,
            purpose="" if taken else self._allowed(said.purpose),
            slots=self._with_choices(found.others),
            manner=tuple(manner for manner in said.manner if self._allowed(manner)),
            themed=not taken and not any(map(self._allowed, said.subjects)),
            capital=found.capital,
            stop=found.stop,
            english=self._english,
        )

    def _allowed(self, text: str) -> str:
        return "" if self.wanted.forbidden.meets(text) else text

    def _subjects(self) -> tuple[str, ...]:
        """The examples' subjects, and those that the goal names in the same grammar."""
        have = self._slots.subjects
        named = [subject for subject in self.wanted.subjects if self._allowed(subject)]
        theme = [self.wanted.theme] if self.wanted.theme and self._allowed(self.wanted.theme) else []
        if not self._examples or not (have or self._slots.alone):
            return tuple(self._in_line(named or theme))
        topic = _topic(self.wanted.opening)
        if topic and not any(_topic(opening) == topic for opening in self._slots.openings):
            return have
        formed = any(names_form(word) for text in theme for word in words(text))
        named = named or ([] if formed or len(have) > 1 else theme)
        known = {key(subject) for subject in have}
        new = [subject for subject in self._like_examples(named) if key(subject) not in known]
        return (*have, *dict.fromkeys(new))

    def _actions(self, have: Sequence[str]) -> tuple[str, ...]:
        """What subjects do or where they are, with the scenes that goal and context list."""
        listed = [scene for scene in self.wanted.choices.get("action", ()) if self._allowed(scene)]
        kept = [action for action in have if self._allowed(action) or not action]
        if listed and kept == [""]:
            kept = []
        found = {key(action): action for action in reversed([*kept, *listed])}
        return tuple(reversed(found.values())) or ("",)

    def _in_line(self, named: Sequence[str]) -> list[str]:
        """Things named in a list, one of each: “foxes, owls” are a fox, an owl; one name alone stays."""
        if not self._english:
            return [*named]
        if len(named) > 1 and all(map(plural, named)):
            return [in_singular(subject) for subject in named]
        return articled(named)

    def _like_examples(self, named: Sequence[str]) -> list[str]:
        """With an article and in the singular where most examples have their subject so."""
        have = self._slots.subjects
        if not self._english or sum(map(determined, have)) * 2 < len(have):
            return [*named]
        if len(named) == 1:
            return articled(named)
        return [counted_noun(in_singular(subject)) for subject in named]

    def _with_choices(self, slots: Sequence[Slot]) -> tuple[Slot, ...]:
        """The slots with the values that goal and context list for them, and new ones for the rest."""
        found = {slot.kind: slot for slot in slots}
        for kind, texts in self.wanted.choices.items():
            if kind == "action":
                continue
            have = found.get(kind, Slot(kind, ()))
            known = {key(value.text) for value in have.values}
            new = {key(text): Piece(", ", text) for text in texts if self._allowed(text)}
            added = tuple(piece for said, piece in new.items() if said not in known)
            if have.values or added:
                found[kind] = replace(have, values=(*have.values, *added))
        return tuple(replace(slot, values=_fullest(slot.values)) for slot in found.values())


def _topic(opening: str) -> str:
    """The “for” or “about” that an opening ends in, else an empty string."""
    last = opening.rpartition(" ")[2].casefold()
    return last if last in TOPIC else ""


def _elided(opening: str, subject: str) -> str:
    """A French “de” as it stands before the subject: d'un phare, de phares."""
    vowel = re.match(r"[aeiouyhàâéèêëîïôùûœ]", subject, re.IGNORECASE)
    if opening[-2:] in {"d'", "d’"} and not vowel:
        return f"{opening[:-1]}e"
    return f"{opening[:-1]}'" if opening.endswith(" de") and vowel else opening


def _several(subject: str) -> bool:
    return plural(subject) and not re.match(r"(?:an?|the|one)\b", subject, re.IGNORECASE)


def _joined(found: Sequence[Piece]) -> str:
    """Pieces one after another, each after its own comma or stop; the manner of all is said once."""
    text = ""
    for piece in found:
        if not piece.text or (text and piece.text.casefold() in text.casefold()):
            continue
        sentence = text.endswith(". ") or piece.glue.startswith(".") or not text
        text += (
            f"{piece.glue or ', '}{piece.text if sentence else uncapital(piece.text)}" if text else piece.text
        )
    return text


def _spaced(parts: Sequence[str]) -> str:
    """Words with a space between, none after d' and l', and no word twice where two parts meet."""
    text = ""
    for part in filter(None, parts):
        last = text.rpartition(" ")[2].casefold()
        if last and part.casefold().startswith(f"{last} "):
            text = text[: -len(last)].rstrip()
        text += part if not text or text[-1] in "'’" else f" {part}"
    return text


def _fullest(values: Sequence[Piece]) -> tuple[Piece, ...]:
    """Without values that another says and more: a border that is “thick” besides is no other picture."""
    said = [frozenset(content(words(value.text))) for value in values]
    return tuple(
        value
        for value, own in zip(values, said, strict=True)
        if not own or not any(own < other for other in said)
    )

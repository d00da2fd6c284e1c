"""What a goal and a context say that can stand in a prompt: form, subjects, place, manner; and what not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.drafting.english import article, capital, counted_noun, determined, language, plural, singular
from assistant.drafting.heads import names_form, opening_end, subject_and_action
from assistant.drafting.lexicon import lexicon
from assistant.drafting.lists import (
    acts,
    items,
    kind_of_label,
    labelled,
    last_word,
    list_of,
    many,
    named,
    small,
    vague,
)
from assistant.drafting.negatives import Forbidden, forbidden
from assistant.drafting.segments import CRAFT, kind_of, pieces
from assistant.drafting.words import words

_ASKING = re.compile(
    r"(?:(?:please|bitte)\s+|(?:can|could)\s+you\s+|(?:i|we)\s+(?:want|need|would\s+like)\s+|i[’']d\s+like\s+|"
    r"(?:make|create|draft|generate|write|design)\s+(?:me\s+|us\s+)?(?=\d|an?\s|some\s|the\s|\w+s\b)|"
    r"(?:ich|wir)\s+(?:brauche|brauchen|möchte|möchten|will|wollen)\s+|erstelle\s+(?:mir\s+)?|"
    r"(?:je\s+veux|je\s+voudrais|il\s+me\s+faut|crée[rz]?)\s+|"
    r"(?:an?|the)\s+(?:set|series|collection|pack|batch|range|bunch)\s+of\s+|(?:some|einige|des)\s+|\d+\s+|"
    r"(?:different|various|diverse|unique|verschiedene|différente?s)\s+)+",
    re.IGNORECASE,
)
_PURPOSE = re.compile(r"\s+(?:for|für|pour)\s+.*$", re.IGNORECASE | re.DOTALL)
_LABEL = re.compile(r"\s*(?:the\s+|die\s+|les\s+)?(\w[\w’'-]*(?:\s+\w[\w’'-]*){0,3})\s*:\s+(\S.*)", re.DOTALL)
_NAMING = re.compile(
    r"\b(?:include|including|show|showing|feature|featuring|add|use|such\s+as|for\s+example|e\.g\.,?|zeige|"
    r"zum\s+beispiel|z\.\s?b\.,?|wie|par\s+exemple|comme|montre[rz]?)\s+(\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_SUCH_AS = re.compile(
    r",?\s+(?:such\s+as|including|e\.g\.,?|for\s+example|zum\s+beispiel|z\.\s?b\.,?|par\s+exemple)\s+(\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_SERIES = re.compile(
    r"\s+(?:series|sets?|collections?|packs?|bundles?|ranges?|serien?|reihen?|séries?)$", re.IGNORECASE
)
_STOP = re.compile(r"(?<=[^\s.])[.!?](?=\s|$)|\n|;")
TOPIC = {"for", "about", "für", "über", "pour"}
"""After these an opening names an occasion; things to include are then details of it."""
_OCCASION = {"for": "of", "für": "mit", "pour": "avec"}
"""What joins a form to things listed for an occasion: an icon *of* a cloud for a weather app."""
_NOUN = 3
"""Words of the longest thing that a form is *of*; “a bear visits the city” stands after a colon."""
_ITEM = 5
"""Words of one thing in a list."""


@dataclass(frozen=True)
class Wanted:
    """What a brief's goal and context give to put together.

    opening    “A Christmas sticker with”, empty where the goal names no form
    subjects   things named, as they are written
    theme      one word for all of them, “woodland animals”, where none is named beside it
    action     what is said of all of them: “on linen”
    purpose    “for a clothing shop”
    manner     pieces of craft for every prompt: “soft rounded shapes”
    choices    by kind of part, values to choose from: “Backgrounds: oatmeal, night blue”
    forbidden  keywords for the negative prompt
    unused     sentences that say nothing that could stand in a prompt
    """

    opening: str = ""
    subjects: tuple[str, ...] = ()
    theme: str = ""
    action: str = ""
    purpose: str = ""
    manner: tuple[str, ...] = ()
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    forbidden: Forbidden = field(default_factory=lambda: forbidden(""))
    unused: tuple[str, ...] = ()


def wanted(goal: str, context: str) -> Wanted:
    """Read a goal, whose first sentence is taken apart, and whatever else is said."""
    said = forbidden(f"{goal.strip()}\n{context.strip()}")
    first, *others = [text.strip() for text in _STOP.split(said.rest) if text.strip()] or [""]
    reader = _Reader(language(said.rest))
    reader.goal(first)
    for sentence in others:
        reader.sentence(sentence)
    return reader.result(said)


class _Reader:
    """Collects what the sentences of a brief say."""

    def __init__(self, spoken: str) -> None:
        self._language = spoken
        self._opening = self._action = self._purpose = ""
        self._named: list[str] = []
        self._listed: list[str] = []
        self._manner: list[str] = []
        self._choices: dict[str, list[str]] = {}
        self._unused: list[str] = []

    def result(self, said: Forbidden) -> Wanted:
        themed = len(self._named) == 1 and not determined(self._named[0])
        subjects = self._listed if themed else [*self._named, *self._listed]
        if themed and any(map(acts, self._listed)):
            self._action = ""  # “animals doing sports”, of which each is told what it does
        return Wanted(
            opening=self._opening,
            subjects=tuple(dict.fromkeys(subjects)),
            theme=self._named[0] if themed and not subjects else "",
            action=self._action,
            purpose=self._purpose,
            manner=tuple(dict.fromkeys(self._manner)),
            choices={kind: tuple(dict.fromkeys(values)) for kind, values in self._choices.items()},
            forbidden=said,
            unused=tuple(self._unused),
        )

    def goal(self, text: str) -> None:
        asked = _ASKING.match(text)
        text = text[asked.end() :] if asked else text
        head, _, more = text.partition(": ")
        such = _SUCH_AS.search(head)
        if such:
            head, more = head[: such.start()], such[1] + (f", {more}" if more else "")
        head = _SERIES.sub("", head.rstrip(": "))
        cut = opening_end(head)
        form = cut or names_form(last_word(next((piece.text for piece in pieces(head)), "")))
        if cut:
            self._open(head[:cut])
            self._things(head[cut:])
        elif form:
            first, *rest = [piece.text for piece in pieces(head)]
            self._open(first, bare=True)
            self._things(", ".join(rest))
            if len(words(more)) > _NOUN and not list_of(more):
                self._opening = f"{self._opening.removesuffix(' of').rstrip(':')}:"
        if more:
            self._below(more, "subjects" if form else "")
        if not form:
            self._things(self._small(head if self._listed or not more else text))

    def sentence(self, text: str) -> None:
        """A list with a label, a list after “include”, or nothing but craft; the rest is put aside."""
        label, naming = _LABEL.fullmatch(text), _NAMING.search(text)
        if label:
            self._list(label[2], label[1])
        elif naming:
            self._list(naming[1], "", fallback=text)
        elif all(kind_of(piece.text) in CRAFT for piece in pieces(text)):
            self._manner += [self._small(piece.text) for piece in pieces(text)]
        else:
            self._unused.append(text)

    def _small(self, text: str) -> str:
        return small(text, self._language)

    def _open(self, text: str, *, bare: bool = False) -> None:
        """The form, one of it in English, with an article; “of” is added where only the form is named."""
        text = text.strip()
        if self._language == "en":
            stem, _, opener = (text, "", "") if bare else text.rpartition(" ")
            form = singular(stem)
            text = form if determined(form) else article(f"a {small(form)}")
            text = f"{text} {opener or 'of'}"
        elif bare:
            text += ":"
        self._opening = capital(text)

    def _things(self, text: str) -> None:
        """Subjects named one after another, then what holds for all, then pieces of craft."""
        purpose = _PURPOSE.search(text)
        if purpose:
            self._purpose = purpose[0].strip()
            text = text[: purpose.start()]
        things, rest = named(text)
        shared = not any(acts(item) for item in things[:-1])
        for place, item in enumerate(things):
            item = re.sub(r"^(?:de\s+|d[’'])", "", item) if place else item
            subject, action = subject_and_action(item)
            if place == len(things) - 1 and shared:
                self._action = action
                item = subject
            if kind_of(item) in CRAFT and self._opening:
                self._manner.append(self._small(item))
            elif item and not vague(item):
                self._named.append(item)
        for piece in rest:
            if kind_of(piece) in CRAFT:
                self._manner.append(self._small(piece))
            elif not vague(piece):
                self._action = f"{self._action}, {piece}".strip(" ,")

    def _below(self, text: str, label: str) -> None:
        """What stands after the goal's colon. Things listed under a form for something are what it shows."""
        topic = self._opening.rpartition(" ")[2]
        self._list(text, label)
        if not self._listed or topic not in _OCCASION:
            return
        self._purpose = " ".join([topic, *self._named, self._action, self._purpose]).strip()
        self._named, self._action = [], ""
        self._opening = f"{self._opening.rpartition(' ')[0]} {_OCCASION[topic]}".strip()

    def _list(self, text: str, label: str, fallback: str = "") -> None:
        """Items after a colon or after “include”: values of the part that the label names, or subjects."""
        found = [item for item in items(text) if item]
        kind = kind_of_label(label)
        if kind == "action":
            for item in found:
                begins = words(item)[:1] and words(item)[0] in lexicon().cutters
                self._choices.setdefault("action" if begins else "detail", []).append(item)
            return
        if kind in CRAFT and many(label, text):
            self._choices.setdefault(kind, []).extend(labelled(item, label) for item in found)
            return
        if kind in CRAFT:
            self._manner.append(labelled(text.strip(" ."), label))
            return
        craft = [item for item in found if kind_of(item) in CRAFT]
        things = [item for item in found if item not in craft]
        if things and not label and self._opening.rpartition(" ")[2] in TOPIC and not any(map(vague, things)):
            self._choices.setdefault("detail", []).extend(things)
            things = []
        fits = things and not any(map(vague, things)) and all(len(item.split()) <= _ITEM for item in things)
        if fits and (kind == "subject" or fallback or len(things) > 1):
            self._listed += things
        elif things:
            self._unused.append(fallback or text)
        self._manner += map(self._small, craft)


def in_singular(subject: str) -> str:
    """One of what is named in the plural, with its article: “woodland foxes” is “a woodland fox”."""
    return counted_noun(singular(subject)) if not determined(subject) and plural(subject) else subject


def articled(subjects: Sequence[str]) -> list[str]:
    """Bare nouns in a list with their articles, unless some are plurals, which take none."""
    return [*subjects] if any(map(plural, subjects)) else [counted_noun(subject) for subject in subjects]

"""The words of the trade in three languages: what is a form, a light, a background.

They are English, German and French, kept in lexicon.json, and there to recognise what a person wrote. Not one
of them is ever put into a prompt.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

_PATH = Path(__file__).with_suffix(".json")


@dataclass(frozen=True)
class Lexicon:
    """Words in small letters, those of one meaning with hyphens between.

    languages  by language the words that say nothing of what is in a picture; `stop` has all of them
    forms      what is made: sticker, poster, photo
    compounds  forms that end German words: Weihnachtsaufkleber
    endings    of German words, each with the kind of part it tells: Seitenlicht is a light
    leading    French nouns of craft, which stand first
    names      keep their capital letter
    openers    join a form to its subject: of, with, showing
    kinds      by kind of part the words it is told by: background, light, palette …
    colours    names of colours
    subjects   head a list of subjects: “Animals: fox, owl”
    scenes     head a list of what subjects do or where they are: “Scenes: on a tram, in a bakery”
    cutters    begin what a subject does or where it is
    follows    stand after a participle that begins what a subject does: holding a …, looking at …
    nouns      look like participles and are none
    vague      say how a set should be, not what is in it
    plurals    English words whose plural is not made with s, each with its singular
    uncounted  English words that take no article
    lettering  names of writing in a picture
    """

    languages: Mapping[str, frozenset[str]]
    forms: frozenset[str]
    compounds: frozenset[str]
    endings: Mapping[str, str]
    leading: frozenset[str]
    names: frozenset[str]
    openers: frozenset[str]
    kinds: Mapping[str, frozenset[str]]
    colours: frozenset[str]
    subjects: frozenset[str]
    scenes: frozenset[str]
    cutters: frozenset[str]
    follows: frozenset[str]
    nouns: frozenset[str]
    vague: frozenset[str]
    plurals: Mapping[str, str]
    uncounted: frozenset[str]
    lettering: frozenset[str]

    @cached_property
    def stop(self) -> frozenset[str]:
        return frozenset().union(*self.languages.values())

    @cached_property
    def craft(self) -> frozenset[str]:
        """Every word that tells how a picture is made, not what is in it."""
        return self.forms.union(self.colours, self.vague, *self.kinds.values())


@cache
def lexicon() -> Lexicon:
    document = json.loads(_PATH.read_text(encoding="utf-8"))
    languages = {language: _words(lines) for language, lines in document.pop("stop").items()}
    kinds = {kind: _words(lines) for kind, lines in document.pop("kinds").items()}
    plurals, endings = _pairs(document.pop("plurals")), _pairs(document.pop("endings"))
    rest = {name: _words(lines) for name, lines in document.items()}
    return Lexicon(languages=languages, kinds=kinds, plurals=plurals, endings=endings, **rest)


def _words(lines: list[str]) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


def _pairs(lines: list[str]) -> dict[str, str]:
    found = " ".join(lines).split()
    return dict(zip(found[::2], found[1::2], strict=True))

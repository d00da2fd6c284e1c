"""The head of a prompt: how it opens, its subject, and what the subject does or where it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.drafting.english import determined, plural, singular
from assistant.drafting.lexicon import lexicon
from assistant.drafting.segments import quoted

_TERM = re.compile(r"\w+(?:[-’']\w+)*[’']?")
_FARTHEST = 9
"""Words before the “of” of an opening."""
_ELISION = re.compile(r"([dl][’'])\w", re.IGNORECASE)
_PARTICIPLE = re.compile(
    r"(?:\w{2,}(?:ing|ed|wn|rn)|made|built|lit|set|seen|written|hidden|taken|held|hung|laid|bound|caught)$"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The first piece of a prompt that says what is in the picture.

    opening  “A sticker design of”, or empty
    subject  “a cheerful red fox”
    action   “in a knitted scarf”, or empty
    """

    opening: str
    subject: str
    action: str

    @property
    def lettered(self) -> bool:
        """Whether words are quoted in it; then it is kept whole, for they belong to this subject alone."""
        return quoted(f"{self.opening} {self.subject} {self.action}")


def head_of(text: str, openings: frozenset[str] = frozenset()) -> Head:
    """Take a head apart. `openings` are those known to be some, beside the ones that name a form."""
    cut = opening_end(text)
    if not cut:
        cut = max((len(known) for known in openings if text.startswith(f"{known} ")), default=0)
    subject, action = subject_and_action(text[cut:].strip())
    return Head(text[:cut].strip(), subject, action)


def opening_end(text: str) -> int:
    """Where an opening that names a form ends: “A poster of” of “A poster of Rome”; else 0."""
    known = lexicon()
    terms = list(_TERM.finditer(text))
    for place, term in enumerate(terms[1 : _FARTHEST + 1], 1):
        word = term[0].casefold()
        elided = _ELISION.match(term[0])
        far = 3 if elided or word in known.languages["fr"] else 1  # French adjectives follow their noun
        formed = any(names_form(before[0].casefold()) for before in terms[max(0, place - far) : place])
        if (elided or word in known.openers) and formed:
            return term.start() + 2 if elided else term.end()
        if word in known.cutters | known.openers and not names_form(word):
            return 0
    return 0


def names_form(word: str) -> bool:
    """Whether a word is what is made: sticker, posters, pop-up-card, Weihnachtskarten."""
    known = lexicon()
    if word in known.forms or singular(word) in known.forms or word.rpartition("-")[2] in known.forms:
        return True
    return any(word.endswith(form) for form in known.compounds)


def prefix(text: str) -> str:
    """What stands up to the first “of” or the like: an opening, where several prompts begin so."""
    for place, term in enumerate(_TERM.finditer(text)):
        if place > _FARTHEST:
            break
        if place and term[0].casefold() in {"of", "showing", "featuring", "depicting", "von", "de"}:
            return text[: term.end()]
    return ""


def subject_and_action(text: str) -> tuple[str, str]:
    """Cut before the first preposition, participle or relative word that follows a noun."""
    known = lexicon()
    terms = list(_TERM.finditer(text))
    nouns = 0
    for place, term in enumerate(terms):
        word = term[0].casefold()
        after = terms[place + 1][0].casefold() if place + 1 < len(terms) else ""
        if nouns and (word in known.cutters or _does(word, after)):
            return text[: term.start()].rstrip(" ,"), text[term.start() :]
        nouns += not (word in known.stop or word in known.colours or determined(word))
    return text, ""


def _does(word: str, after: str) -> bool:
    """Whether a word is a participle with something after it: “looking at”, “made of”, “covered in”."""
    if word in lexicon().nouns or not _PARTICIPLE.search(word):
        return False
    known = lexicon()
    taken = after in known.follows or after in known.cutters or (after == "of" and word == "made")
    return taken or (word.endswith("ing") and plural(after))  # feeding hens

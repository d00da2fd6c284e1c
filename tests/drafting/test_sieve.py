"""A row is kept, or refused with a reason to write by; what one strand wrote, no other writes again."""

from __future__ import annotations

import pytest

from assistant.drafting.brief import Brief, Wish
from assistant.drafting.sieve import LONG, NEAR, SCENE, TITLE, UNTITLED, Arrival, Refusal, Sieve, refused

EXAMPLE = "A card of a fox by the fire, lettered “Warm Wishes”"
BRIEF = Brief("Cards for a library", (EXAMPLE,), settings={"visibility": Wish("fixed", ("private",))})
PRIVATE = {"visibility": "private"}


def kind(sieve: Sieve, prompt: str, **how: bool) -> str:
    taken = sieve.take({"prompt": prompt}, PRIVATE, **how)
    return taken.kind if isinstance(taken, Refusal) else "kept" if taken else "nothing"


def test_rows_are_refused_for_what_stands_already() -> None:
    sieve = Sieve(BRIEF, ["A card of an owl on a lamp, lettered “Late Shelf”"])
    assert kind(sieve, "A card of a bear asleep, lettered “late shelf!”") == TITLE
    assert kind(sieve, "A card of a bear asleep, lettered „Warm Wishes“") == TITLE, "an example's is one too"
    assert kind(sieve, "A card of a bear asleep over a map, lettered “Slow News”") == "kept"
    assert kind(sieve, "Over a map, a card of the bear asleep", lenient=True) == "kept", (
        "no title, another card"
    )
    assert kind(sieve, "A card of a hare reading under a lamp") == UNTITLED
    assert kind(sieve, "A card of a hare reading under a lamp", lenient=True) == "kept"
    sieve = Sieve(Brief("Cards"))
    assert kind(sieve, "A card of a hare reading under a lamp") == "kept"
    assert kind(sieve, "Under the lamp, a card of a reading hare") == SCENE
    assert kind(sieve, "A card of a hare, reading under lamps!") in (SCENE, NEAR)
    assert kind(sieve, " ") == "nothing"


def test_a_row_much_longer_than_the_longest_example_is_refused_once_and_taken_at_the_last() -> None:
    sieve = Sieve(BRIEF)
    long = "A card of a mole, “Dig” " + " ".join(f"and thing{at}" for at in range(8))
    taken = sieve.take({"prompt": long}, PRIVATE)
    assert isinstance(taken, Refusal)
    assert (taken.kind, taken.why) == (LONG, "has 22 words; 16 are the most")
    assert kind(sieve, long, lenient=True) == "kept"
    assert kind(sieve, f"{long}, “Dug”, {long}", lenient=True) == LONG, "not without end"
    assert kind(Sieve(Brief("Cards")), long) == "kept", "without examples no length is held"


def test_words_that_belong_to_all_rows_are_no_title() -> None:
    sieve = Sieve(Brief("Mugs that say Luna Café", ("A mug with “Luna Café”",)))
    assert kind(sieve, "A blue mug with “Luna Café” on a shelf") == "kept"
    assert kind(sieve, "A red mug with “Luna Café” in the rain") == "kept"


def test_what_a_person_wrote_may_be_like_others() -> None:
    sieve = Sieve(BRIEF)
    for _ in range(2):
        assert kind(sieve, EXAMPLE, written=True) == "kept"


def test_wrong_cells_are_told_and_code_s_own_are_not_the_models_to_write() -> None:
    sieve = Sieve(Brief("Cards", settings={**BRIEF.settings, "style": Wish("fixed", ("design",))}))
    cells = {"prompt": "A fox", "style": "anime", "aspect_ratio": "7:5", "model": "3"}
    taken = sieve.take(cells, PRIVATE | {"style": "design"}, strand="2")
    assert isinstance(taken, Arrival)
    assert (
        taken.cells == {"prompt": "A fox", "aspect_ratio": "7:5", "model": "3.0", "style": "design"} | PRIVATE
    )
    assert list(taken.wrong) == ["aspect_ratio"]
    assert taken.strand == "2"


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ({}, ""),
        ({TITLE: 3, LONG: 1}, "3 repeated a title, 1 was too long"),
        ({NEAR: 1_200, LONG: 2}, "1,200 said nearly the same as another, 2 were too long"),
    ],
)
def test_what_was_refused_is_said_in_words(kinds: dict[str, int], said: str) -> None:
    assert refused(kinds) == said

"""What is told of a set of prompts is counted: titles that stand twice, scenes that come again, lengths."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.drafting.brief import Brief
from assistant.drafting.quality import quality, scenes
from assistant.drafting.titles import shared_titles, title

unhurried = settings(deadline=None, database=None)

CARDS = [
    "A card with the words “Warm Wishes” above a red fox by the fire",
    'A card lettered "Cold Days" with an owl on a fence',
    "A card, „Warm wishes!“, with a hare in the snow",
    "A card without words, a bear asleep",
]


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("A card “Warm Wishes”, a fox", "warm wishes"),
        ('A card "Warm  wishes!"', "warm wishes"),
        ("Karte mit „Frohe Weihnacht“", "frohe weihnacht"),
        ("Carte « Joyeux Noël » rouge", "joyeux noël"),
        ("カード「冬の本」", "冬の本"),
        ("A fox's den, the owls' tree", ""),
        ("Signs “Open” and “Closed”", "open / closed"),
        ('A 12" record', ""),
        ("“?!”", "?!"),
        ("‘Tea for two’ on a mug", "tea for two"),
    ],
)
def test_a_title_is_what_stands_in_quotation_marks_of_any_kind(prompt: str, found: str) -> None:
    assert title(prompt) == found


def test_what_is_lettered_in_all_rows_is_no_title() -> None:
    shared = shared_titles(
        "Mugs with “Luna Café”", "", ["A mug “Luna Café”, “Mondays”", "“Luna Café” “Sundays”"]
    )
    assert shared == {"luna café"}
    assert title("A mug “Luna Café”, “Mondays”", shared) == "mondays"


def test_titles_scenes_lengths_and_openings_are_counted() -> None:
    found = quality(CARDS, Brief("Cards", ("A card with a fox and nothing else in it",)))
    assert (found.rows, found.titles, found.repeated, found.shared) == (4, 3, 1, 0)
    assert (found.asked, found.openings) == (10.0, 4)
    assert found.sentence == (
        "4 rows; 1 title that stands twice; no row shares subject and setting with another; "
        "10 words a row (the examples have 10)"
    )


def test_what_the_goal_letters_in_all_rows_is_not_told_as_a_title_that_stands_twice() -> None:
    prompts = ["A blue mug lettered “Luna Café”", "A tall mug lettered “Luna Café”"]
    assert quality(prompts, Brief("Mugs lettered “Luna Café”")).titles == 0


def test_one_scene_in_many_words_is_one_scene() -> None:
    assert scenes(["a red fox in snow", "a ship", "the red foxes, snow", "the ships"]) == [[0, 2], [1, 3]]


def test_nothing_is_counted_of_nothing() -> None:
    assert quality([" ", ""], Brief("Cards")).rows == 0
    assert quality([], Brief("Cards")).sentence.startswith("0 rows")


@unhurried
@given(st.lists(st.text(max_size=40), max_size=30))
def test_every_prompt_is_in_one_scene(prompts: list[str]) -> None:
    assert sorted(place for scene in scenes(prompts) for place in scene) == list(range(len(prompts)))

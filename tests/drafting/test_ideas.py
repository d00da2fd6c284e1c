"""Variety is told in ideas: what is in the pictures, not in which style."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.drafting.ideas import Variety, clusters, variety
from tests.drafting.test_near import prompts_of
from tests.machine import missing

unhurried = settings(deadline=None, database=None)

ANIMALS = (
    "fox", "owl", "badger", "hedgehog", "hare", "squirrel", "deer", "bear", "wolf", "robin", "otter", "mole",
    "mouse", "raccoon", "beaver", "lynx",
)  # fmt: skip
SCENES = (
    "in a knitted scarf", "catching a snowflake", "carrying a lantern", "under a blanket", "with hot cocoa",
    "skating on a pond", "holding a gift box", "reading a storybook", "building a snowman",
    "on a wooden sled",
)  # fmt: skip
STYLES = ("watercolor", "flat vector", "gouache", "line art", "linocut")
GROUNDS = ("forest green background", "cream background", "night blue background")


def rows(ideas: int, count: int) -> list[str]:
    """So many rows over so many ideas: an animal in a scene, in changing styles."""
    chance = random.Random(7)
    chosen = chance.sample([(animal, scene) for animal in ANIMALS for scene in SCENES], ideas)
    return [
        f"A sticker of a {animal} {scene}, {chance.choice(STYLES)}, white border, {chance.choice(GROUNDS)}"
        for animal, scene in (chosen[place % ideas] for place in range(count))
    ]


@pytest.mark.parametrize(("ideas", "count"), [(20, 120), (41, 120), (60, 499)])
def test_known_ideas_are_counted_within_a_fifth(ideas: int, count: int) -> None:
    assert ideas * 0.8 <= variety(rows(ideas, count)).ideas <= ideas * 1.2


def test_one_idea_in_many_styles_is_one_idea() -> None:
    prompts = [
        f"A poster of a lighthouse at the sea, {style}, {ground}" for style in STYLES for ground in GROUNDS
    ]
    assert variety(prompts).sentence == "one idea in 15 rows; 0 near-duplicates"


def test_each_idea_holds_its_prompts_in_order() -> None:
    assert clusters(["a red fox in snow", "a ship", "blue fox in the snow", "the ships"]) == [[0, 2], [1, 3]]


def test_the_sentence_says_rows_ideas_and_duplicates() -> None:
    assert Variety(120, 41, 0).sentence == "about 41 different ideas in 120 rows; 0 near-duplicates"
    assert Variety(1, 1, 1).sentence == "one idea in 1 row; 1 near-duplicate"
    assert Variety(5000, 1805, 91).sentence == "about 1,805 different ideas in 5,000 rows; 91 near-duplicates"


def test_nothing_is_said_to_be_nothing() -> None:
    assert variety([]).sentence == "no ideas in 0 rows; 0 near-duplicates"
    assert variety([" ", ""]) == Variety(0, 0, 0)


def test_repeats_among_the_rows_and_of_the_examples_are_counted() -> None:
    found = variety(["a fox", "An owl", "the owl.", "a badger"], examples=["A fox!"])
    assert found.near_duplicates == 2


@unhurried
@given(st.lists(st.text(max_size=40), max_size=30))
def test_every_prompt_is_in_one_idea(prompts: list[str]) -> None:
    found = clusters(prompts)
    assert sorted(place for idea in found for place in idea) == list(range(len(prompts)))


@pytest.mark.skipif(missing("shared") is not None, reason=str(missing("shared")))
def test_real_sets_show_the_variety_that_is_documented() -> None:
    assert 1_100 < variety(prompts_of("PartiPrompts.tsv", "Prompt")).ideas < 1_200
    assert 140 < variety(prompts_of("geneval_prompts.txt")).ideas < 170

"""A near-duplicate is told by what is its own; what recurs from row to row is no evidence."""

from __future__ import annotations

import csv
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.drafting.near import EARLY, Near
from tests.machine import missing, shared

unhurried = settings(deadline=None, database=None)

FRAME = "A sticker design of {}, thick white die-cut border, forest green background"
ANIMALS = (
    "a fox",
    "an owl",
    "a badger",
    "a hare",
    "a wren",
    "a mole",
    "an otter",
    "a bear",
    "a deer",
    "a lynx",
)
SCENES = (
    "in a knitted cranberry scarf",
    "catching a snowflake on its nose",
    "carrying a lantern through the snow",
    "wrapped in a green blanket",
    "drinking hot cocoa",
)
LONG = (
    "A poster of an old harbour where fishermen mend their torn nets beside stacked lobster pots and a "
    "sleeping dog while gulls circle over a rusty crane"
)


def kept(prompts: list[str]) -> list[str]:
    near = Near()
    for prompt in prompts:
        if near.like(prompt) is None:
            near.add(prompt)
    return near.texts


def prompts_of(name: str, column: str | None = None) -> list[str]:
    folder = shared()
    assert folder is not None
    with (folder / "prompts" / name).open(encoding="utf-8", newline="") as file:
        if column is None:
            return [line.strip() for line in file if line.strip()]
        return [line[column] for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def test_the_same_in_other_clothes_is_a_duplicate() -> None:
    near = Near([FRAME.format("a fox in a red scarf")])
    for other in (
        FRAME.format("a fox in a red scarf").upper(),
        FRAME.format("the  foxes, in red scarfs").replace(",", " –"),
        FRAME.format("a very red fox in a scarf").replace("red fox in a scarf", "fox in red scarf"),
    ):
        assert near.like(other) == FRAME.format("a fox in a red scarf")


def test_another_animal_in_a_long_common_frame_is_no_duplicate() -> None:
    prompts = [FRAME.format(animal) for animal in ANIMALS]
    assert kept(prompts) == prompts


def test_every_combination_of_building_blocks_is_a_row_of_its_own() -> None:
    prompts = [FRAME.format(f"{animal} {scene}") for animal, scene in product(ANIMALS, SCENES)]
    assert kept(prompts) == prompts


def test_one_detail_changed_in_a_long_prompt_of_its_own_is_a_duplicate() -> None:
    near = Near(FRAME.format(animal) for animal in ANIMALS)
    assert len(near.texts) >= EARLY
    assert near.like(LONG) is None
    near.add(LONG)
    assert near.like(LONG.replace("rusty", "tall")) == LONG
    assert near.like(LONG.replace("crane", "winch")) == LONG


def test_it_says_the_earlier_prompt_as_it_was_written() -> None:
    assert Near(["“A FOX”, sitting."]).like("a fox sitting") == "“A FOX”, sitting."


@unhurried
@given(st.lists(st.text(max_size=60), max_size=20))
def test_whatever_was_added_is_known_again(texts: list[str]) -> None:
    near = Near(texts)
    assert all(near.like(text) is not None for text in texts)


@pytest.mark.skipif(missing("shared") is not None, reason=str(missing("shared")))
def test_of_prompts_that_are_all_different_none_is_taken_for_another() -> None:
    prompts = prompts_of("geneval_prompts.txt")
    assert len(prompts) == 553
    assert kept(prompts) == prompts


@pytest.mark.skipif(missing("shared") is not None, reason=str(missing("shared")))
def test_of_real_prompts_only_the_same_words_or_one_detail_is_a_duplicate() -> None:
    prompts = prompts_of("PartiPrompts.tsv", "Prompt")
    assert len(prompts) == 1632
    assert len(prompts) - len(kept(prompts)) == 13

"""The composer makes what a brief's words give, exactly as many rows as it says, and says what to add."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.drafting.brief import Brief, Wish
from assistant.drafting.composer import Composer
from assistant.drafting.near import Near, key
from assistant.drafting.negatives import forbidden
from assistant.drafting.words import words
from tests.drafting.test_near import prompts_of
from tests.machine import missing

unhurried = settings(deadline=None, database=None)

GOAL = "Christmas stickers with woodland animals for a children’s clothing shop: diverse, kind, no two alike."
FOX = (
    "A sticker design of a cheerful red fox in a knitted cranberry scarf, thick white die-cut border, forest "
    "green background"
)
HARE = (
    "A sticker design of a {hedgehog|badger|snow hare} wrapped in a {green blanket|striped shawl}, oatmeal "
    "background, white die-cut border"
)
OWL = "A sticker design of an owl with the words “Warm Wishes”, night blue background, white die-cut border"
EXAMPLES = (FOX, HARE, OWL)
CONTEXT = "Soft rounded shapes. No text unless quoted. No Santa, no religious symbols."
STICKERS = Brief(GOAL, EXAMPLES, CONTEXT, 120)
SHOTS = Brief(
    "Product shots for a pottery: vases, jugs, bowls, plates, cups, lamps and tiles",
    (
        "Studio photograph of a speckled mug on a linen cloth, softbox lighting, 85mm lens",
        "Studio photograph of a tall vase beside dried grass, soft window light, warm backdrop, 50mm lens",
        "Studio photograph of a small tea bowl on a rough oak board, low morning light, 35mm lens",
    ),
    "No people or hands.",
    120,
)


def prompts(brief: Brief, seed: int = 1, most: int = 10_000) -> list[str]:
    return [row["prompt"] for row in islice(Composer(brief, seed).rows(), most)]


def test_lines_with_variants_come_first_as_they_are_written() -> None:
    things = [
        f"A sticker design of a {animal} wrapped in a {cloth}, oatmeal background, white die-cut border"
        for animal in ("hedgehog", "badger", "snow hare")
        for cloth in ("green blanket", "striped shawl")
    ]
    assert prompts(STICKERS)[:6] == things


def test_it_makes_exactly_as_many_rows_as_it_says() -> None:
    composer = Composer(STICKERS, 1)
    rows = list(composer.rows())
    assert len(rows) == composer.capacity == 54
    assert len({key(row["prompt"]) for row in rows}) == 54
    assert composer.sentence == (
        "With these words it can make 54 different rows: 6 subjects, 3 scenes and 3 backgrounds."
    )


def test_the_way_of_opening_is_kept() -> None:
    assert all(prompt.startswith("A sticker design of a") for prompt in prompts(STICKERS))


def test_the_examples_themselves_are_no_rows() -> None:
    assert not {key(example) for example in EXAMPLES} & {key(prompt) for prompt in prompts(STICKERS)}


def test_quoted_words_stay_with_the_subject_they_were_written_for() -> None:
    lettered = [prompt for prompt in prompts(STICKERS) if "“" in prompt]
    assert lettered
    assert all("an owl with the words “Warm Wishes”, " in prompt for prompt in lettered)


def test_what_is_forbidden_is_the_negative_prompt_and_in_no_row() -> None:
    for row in Composer(STICKERS, 1).rows():
        quoted = "“" in row["prompt"]
        assert row["negative_prompt"] == ("" if quoted else "text, ") + "Santa, religious symbols"
        assert "Santa" not in row["prompt"]


def test_a_negative_prompt_that_the_brief_fixes_is_not_written_over() -> None:
    brief = Brief(GOAL, EXAMPLES, CONTEXT, 9, {"negative_prompt": Wish("fixed", ("blur",))})
    assert all(row.keys() == {"prompt"} for row in Composer(brief, 1).rows())


def test_lettering_goes_where_text_is_forbidden_without_exception() -> None:
    brief = Brief(GOAL, EXAMPLES, "No text.", 9)
    assert not any("“" in prompt for prompt in prompts(brief))


def test_what_goal_and_context_name_is_put_together_with_the_examples() -> None:
    found = " ".join(prompts(SHOTS, most=300))
    for subject in ("a vase", "a jug", "a bowl", "a plate", "a cup", "a lamp", "a tile", "a speckled mug"):
        assert f"Studio photograph of {subject} " in found


def test_equal_seeds_give_equal_rows_and_others_another_order() -> None:
    assert prompts(SHOTS, 5, 60) == prompts(SHOTS, 5, 60)
    assert prompts(SHOTS, 5, 60) != prompts(SHOTS, 6, 60)


@pytest.mark.parametrize("rows", [40, 120, 499])
def test_no_value_of_seven_or_more_has_over_15_percent_of_the_rows(rows: int) -> None:
    made = prompts(SHOTS, 3, rows)
    subjects = Counter(re.match(r"Studio photograph of (.+?) (?:on|beside) ", prompt)[1] for prompt in made)  # type: ignore[index]
    assert len(subjects) == 10
    assert max(subjects.values()) <= 0.15 * len(made)
    assert max(subjects.values()) - min(subjects.values()) <= 2


def test_neighbours_have_little_in_common() -> None:
    made = prompts(SHOTS, 2, 120)
    alike = [
        sum(part in other.split(", ") for part in one.split(", "))
        for one, other in pairwise(re.sub(r" (on|beside) ", r", \1 ", prompt) for prompt in made)
    ]
    assert max(alike) <= 2  # of a subject, a scene, a light, a view and a backdrop
    assert sum(alike) / len(alike) < 0.5


def test_what_was_taken_is_not_made_again() -> None:
    taken = prompts(STICKERS)[10:40]
    left = [row["prompt"] for row in Composer(STICKERS, 9).rows(taken)]
    assert len(left) == 54 - 30
    assert not set(left) & set(taken)


def test_its_rows_pass_for_different_where_they_are_looked_at_again() -> None:
    for brief in (STICKERS, SHOTS):
        near = Near()
        for prompt in prompts(brief, most=499):
            assert near.like(prompt) is None
            near.add(prompt)


def test_without_examples_it_makes_the_little_that_the_goal_gives() -> None:
    brief = Brief("Product photos of ceramic mugs, vases and bowls on linen, soft morning light", rows=20)
    composer = Composer(brief, 1)
    assert {row["prompt"] for row in composer.rows()} == {
        f"A product photo of a {thing} on linen, soft morning light"
        for thing in ("ceramic mug", "vase", "bowl")
    }
    assert composer.sentence == "With these words it can make 3 different rows: 3 subjects."
    assert composer.advice(17).startswith("Add 17 subjects for 17 more rows")


@pytest.mark.parametrize(
    ("goal", "context", "prompt"),
    [
        ("stickers", "", "A sticker"),
        ("Please make 20 cute cat stickers", "", "A cute cat sticker"),
        ("A fox in a red scarf", "", "A fox in a red scarf"),
        ("Christmas stickers, woodland animals", "", "A Christmas sticker of woodland animals"),
        ("Icons for a weather app: cloud", "Animals: owl", "An icon of an owl for a weather app"),
        ("Posters for a jazz night", "No cars", "A poster for a jazz night"),
        (
            "Weihnachtsaufkleber mit Füchsen",
            "Weiche Formen",
            "Weihnachtsaufkleber mit Füchsen, weiche Formen",
        ),
        ("Affiches d'oiseaux", "couleurs douces", "Affiches d'oiseaux, couleurs douces"),
    ],
)
def test_a_goal_alone_is_a_prompt(goal: str, context: str, prompt: str) -> None:
    assert prompt in prompts(Brief(goal, context=context))


@pytest.mark.parametrize(
    ("subjects", "made"),
    [
        ("owls and unicorns", {"an owl", "a unicorn"}),
        ("foxes, wolves and mice", {"a fox", "a wolf", "a mouse"}),
        ("Paris and Rome", {"Paris", "Rome"}),
        ("an hourglass and 3 cats", {"an hourglass", "3 cats"}),
    ],
)
def test_articles_and_numbers_are_right(subjects: str, made: set[str]) -> None:
    brief = Brief(f"Posters of {subjects}", ("A poster of a fern in fog, bold lines",))
    assert made <= {re.findall(r"of (.+?)(?: in|,)", prompt)[0] for prompt in prompts(brief)}


def test_a_plural_does_things_with_their_nose() -> None:
    brief = Brief(
        "Stickers: 2 owls and 3 cats", ("A sticker of a fox with a snowflake on its nose, bold lines",)
    )
    assert "A sticker of 2 owls with a snowflake on their nose, bold lines" in prompts(brief)


def test_advice_is_kept_where_it_is_followed() -> None:
    before = Composer(STICKERS, 1)
    assert before.advice(9) == (
        "Add 1 subject for 9 more rows. Write them into the goal as a list, or into an example as {fox|owl}."
    )
    assert before.advice(0) == ""
    animals = ("a wren", "a mole", "an otter")
    more = Brief(GOAL, EXAMPLES, f"{CONTEXT} Animals: {', '.join(animals)}.", 120)
    assert Composer(more, 1).capacity == before.capacity + 3 * 9


@pytest.mark.parametrize(
    "goal", ["stickers", "Stickers with woodland animals", "Stickers of a fox and an owl"]
)
def test_advice_counts_the_first_subject_that_takes_the_place_of_a_theme(goal: str) -> None:
    before = Composer(Brief(goal), 1)
    advised = re.match(r"Add (\d+) subjects for (\d+) more rows", before.advice(8))
    assert advised is not None
    names = ", ".join(f"beast{number}" for number in range(int(advised[1])))
    after = Composer(Brief(goal, context=f"Animals: {names}."), 1)
    assert after.capacity == before.capacity + int(advised[2]) == before.capacity + 8


def test_what_it_cannot_use_is_told() -> None:
    brief = Brief("Stickers of owls", context="The shop sells to parents. Thick outlines.")
    composer = Composer(brief, 1)
    assert composer.unused == ("The shop sells to parents",)
    assert prompts(brief) == ["A sticker of owls, thick outlines"]


def test_a_huge_brief_is_counted_and_begun_at_once() -> None:
    examples = tuple(
        f"A sticker of a thing{n} in place{n}, light{n} light, look{n} style, back{n} background"
        for n in range(200)
    )
    composer = Composer(Brief("Stickers", examples, rows=499), 1)
    assert composer.capacity == 200**5 - 200
    assert "at most" in composer.sentence
    assert len(list(islice(composer.rows(), 499))) == 499


@pytest.mark.skipif(missing("shared") is not None, reason=str(missing("shared")))
def test_real_prompts_of_all_kinds_are_taken_apart_and_put_together() -> None:
    examples = prompts_of("PartiPrompts.tsv", "Prompt")[::9][:180]
    ban = forbidden("no people")
    made = prompts(Brief("Pictures of all kinds", tuple(examples), "No people."), most=499)
    assert len({key(prompt) for prompt in made}) == 499
    assert not {key(example) for example in examples} & {key(prompt) for prompt in made}
    assert not any(ban.meets(prompt) or re.search(r"\ban? an? |,\s*,|  ", prompt) for prompt in made)
    known = {word for text in (*examples, "Pictures of all kinds") for word in words(text)}
    assert {word for prompt in made for word in words(prompt)} <= known | {"a", "an", "their"}


PARTS = st.sampled_from(
    [
        "a fox", "an owl", "two cats", "a red car", "in snow", "on a table", "holding a lamp", "soft light",
        "flat vector style", "blue background", "white border", "“Hello”", "{a|b}", "no text", "Posters of",
        "Backgrounds: red, blue", "A sticker of", "foxes and hares", "without people", ":", ",", ".", "and",
        "d'un", "mit", "…", "赤い",
    ]
)  # fmt: skip
TEXTS = st.lists(PARTS, min_size=1, max_size=7).map(" ".join) | st.text(max_size=30)
BRIEFS = st.builds(
    Brief,
    goal=TEXTS.filter(str.strip),
    examples=st.lists(TEXTS.filter(str.strip), max_size=4).map(tuple),
    context=TEXTS | st.just(""),
    rows=st.integers(1, 60),
)


@unhurried
@given(BRIEFS, st.integers(0, 3))
def test_of_any_brief_it_makes_as_many_different_rows_as_it_says(brief: Brief, seed: int) -> None:
    composer = Composer(brief, seed)
    if composer.capacity > 400:
        assert len({row["prompt"] for row in islice(composer.rows(), 400)}) == 400
        return
    rows = list(composer.rows())
    assert len(rows) == composer.capacity
    assert len({key(row["prompt"]) for row in rows}) == len(rows)
    assert rows == list(Composer(brief, seed).rows())


@unhurried
@given(BRIEFS)
def test_no_composed_prompt_is_empty_broken_or_holds_what_is_forbidden(brief: Brief) -> None:
    ban = forbidden(f"{brief.goal.strip()}\n{brief.context.strip()}")
    composer = Composer(brief, 1)
    written = set(composer.written)
    for row in islice(composer.rows(), 50):
        prompt = row["prompt"]
        assert prompt.strip() == prompt != ""
        assert row.get("negative_prompt", "x")
        if prompt not in written:
            assert not ban.meets(prompt)
            assert not re.search(r",\s*,|^\s*,|,\s*$", prompt)

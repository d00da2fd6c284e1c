"""A brief is read from what anybody may send: in order it is taken, else one sentence says what and how."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.drafting.brief import CONTEXT, EXAMPLE, EXAMPLES, GOAL, TITLE, Brief, Wish, parse, title
from assistant.drafting.wishes import spoken_of
from jobs.errors import Invalid
from schema.columns import PATH, Columns, load

unhurried = settings(deadline=None, database=None)

GIVEN = {"goal": "Christmas stickers"}


def refused(document: object, max_rows: int = 500, columns: Columns | None = None) -> str:
    with pytest.raises(Invalid) as said:
        parse(document, max_rows, columns)
    return str(said.value)


def settings(**wishes: Any) -> dict[str, Any]:
    return {**GIVEN, "settings": wishes}


def test_a_whole_brief_is_taken_as_it_is() -> None:
    brief = parse(
        {
            "goal": " Christmas stickers\r\nfor children ",
            "examples": ["A sticker of a fox", " ", "A sticker of an owl "],
            "context": "No text.",
            "settings": {"style": {"fixed": "design"}, "aspect_ratio": {"spread": ["1:1", "2:3"]}},
            "rows": 60,
        },
        500,
    )
    assert brief == Brief(
        "Christmas stickers\nfor children",
        ("A sticker of a fox", "A sticker of an owl"),
        "No text.",
        60,
        {"aspect_ratio": Wish("spread", ("1:1", "2:3")), "style": Wish("fixed", ("design",))},
    )


def test_it_is_remembered_without_loss() -> None:
    brief = parse(
        settings(model={"spread": ["2.0", "3.0"]}, negative_prompt={"fixed": ""}, num_images={"fixed": 2}),
        500,
    )
    assert Brief.from_json(json.loads(json.dumps(brief.to_json()))) == brief
    assert parse(brief.to_json(), 500) == brief


@pytest.mark.parametrize(
    ("column", "given", "text"),
    [
        ("model", 3, "3.0"),
        ("model", 3.0, "3.0"),
        ("num_images", 4.0, "4"),
        ("num_images", "2", "2"),
        ("magic_prompt", True, "on"),
        ("style", " Design ", "design"),
        ("color_palette", "#fff,123456", "#ffffff #123456"),
        ("seed_number", None, ""),
        ("aspect_ratio", "", ""),
    ],
)
def test_a_fixed_value_is_repaired(column: str, given: object, text: str) -> None:
    assert parse(settings(**{column: {"fixed": given}}), 500).wish(column) == Wish("fixed", (text,))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("half square, half portrait", ["aspect_ratio"]),
        ("16:9 banners with a colour palette each", ["aspect_ratio", "color_palette"]),
        ("Hälfte hochkant, Hälfte quadratisch", ["aspect_ratio"]),
        ("猫、正方形で", ["aspect_ratio"]),
        ("3D models of cups, seeds 1 to 9", ["seed_number", "style"]),
        ("in the style of old posters, a fashion model, images of ports", []),
    ],
)
def test_a_brief_speaks_of_a_column_by_its_name_its_words_or_its_values(text: str, names: list[str]) -> None:
    assert spoken_of(text, load()) == names


@pytest.mark.parametrize(
    ("goal", "rows"),
    [
        ("60 stickers", 60),
        ("Draft 40 posters", 40),
        ("3d models", 20),
        ("2026 calendar pages", 20),
        ("900 cups", 499),
    ],
)
def test_a_goal_that_begins_with_a_number_asks_for_as_many_rows(goal: str, rows: int) -> None:
    assert parse({"goal": goal}, 500).rows == rows
    assert parse({"goal": goal, "rows": 7}, 500).rows == 7


def test_what_is_not_said_is_as_the_brief_says_but_for_the_needed_visibility() -> None:
    brief = parse(GIVEN, 500)
    assert brief.wish("visibility") == Wish("fixed", ("private",))
    assert {brief.wish(name).kind for name in load().names if name != "visibility"} == {"open"}
    assert parse(settings(visibility={"fixed": "public"}), 500).wish("visibility").values == ("public",)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "JSON object with goal, examples, context, settings, rows and lists"),
        ({}, "goal is empty"),
        ({"goal": "\u200b \n"}, "goal is empty"),
        ({"goal": 5}, "goal takes a text"),
        ({"goal": "x" * (GOAL + 1)}, "2,001 characters; 2,000 are the most"),
        ({**GIVEN, "context": "x" * (CONTEXT + 1)}, "context has 4,001 characters"),
        ({**GIVEN, "row": 20}, "Did you mean rows?"),
        ({**GIVEN, "colour": 20}, "It has goal, examples"),
        ({**GIVEN, "examples": ["x"] * (EXAMPLES + 1)}, "201 examples; 200 are the most"),
        ({**GIVEN, "examples": ["a", "x" * (EXAMPLE + 1)]}, "Example 2 (“xxx"),
        ({**GIVEN, "examples": ["a", 7]}, "examples takes a list of prompts"),
        ({**GIVEN, "examples": {"a": "b"}}, "examples takes a list of prompts"),
        ({**GIVEN, "rows": 0}, "from 1 to 499; 0 is too few"),
        ({**GIVEN, "rows": -(10**30)}, "too few"),
        ({**GIVEN, "rows": 500}, "Ask for 499"),
        ({**GIVEN, "rows": "many"}, "rows takes a whole number from 1 to 499."),
        ({**GIVEN, "rows": 2.5}, "rows takes a whole number"),
        ({**GIVEN, "rows": True}, "rows takes a whole number"),
        ({**GIVEN, "settings": []}, "settings takes an object by column"),
        (settings(aspekt_ratio={"fixed": "1:1"}), "“aspekt_ratio” is no column. Did you mean aspect_ratio?"),
        (settings(**{"Aspect ratio": {"fixed": "1:1"}}), "Did you mean aspect_ratio?"),
        (settings(paper={"fixed": "1:1"}), "“paper” is no column. The columns are prompt, visibility"),
        (settings(prompt={"fixed": "a fox"}), "the prompt cannot be fixed or spread"),
        (settings(style="design"), 'style takes {"fixed": value}, {"spread": [values]} or {"model": true}'),
        (settings(style={"fix": "design"}), "“fix” is none of these. Did you mean fixed?"),
        (settings(style={"fixed": "desing"}), "style: “desing” is not allowed. Did you mean design?"),
        (settings(style={"fixed": ["design"]}), "style takes the manner of the image, written as a text"),
        (settings(num_images={"fixed": 9}), "num_images: “9” is out of range"),
        (settings(num_images={"fixed": 10**5000}), "num_images takes a whole number, 1 to 4"),
        (settings(num_images={"fixed": float("nan")}), "num_images takes a whole number, 1 to 4"),
        (settings(visibility={"fixed": ""}), "visibility: Empty. It takes public or private."),
        (settings(negative_prompt={"fixed": "x" * 10_001}), "negative_prompt has 10,001 characters"),
        (settings(model={"spread": "3.0"}), "model is spread over a list of values"),
        (settings(model={"spread": []}), "model is spread over no value"),
        (settings(model={"spread": ["3.0", 3]}), "model is spread over one value. A spread needs two"),
        (settings(model={"spread": ["", "2.0"]}), "model is spread over one value"),
        (settings(seed_number={"spread": list(range(101))}), "101 values; 100 are the most"),
        (settings(visibility={"spread": ["public", ""]}), "visibility: Empty."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_with_the_way_out(document: object, words: str) -> None:
    said = refused(document)
    assert words in said
    assert said.endswith((".", "?", "}.", "”."))
    assert len(said) < 400


@pytest.mark.parametrize(
    "wishes",
    [
        {"style": {"fixed": "3d"}, "model": {"fixed": 3}},
        {"style": {"spread": ["design", "3d"]}, "model": {"fixed": "3.0"}},
        {
            "style": {"spread": ["design", "3d"]},
            "model": {"spread": ["2.0", "3.0"]},
            "num_images": {"fixed": 1},
        },
    ],
)
def test_values_that_do_not_go_together_are_told_before_the_draft(wishes: dict[str, Any]) -> None:
    assert refused(settings(**wishes)) == (
        "settings: style: “3d” does not exist in model 3.0. It does in 2.0, 2a and 1.0."
    )


def test_values_that_go_together_are_taken() -> None:
    brief = parse(settings(style={"spread": ["design", "3d"]}, model={"spread": ["2.0", "2a"]}), 500)
    assert brief.wish("style").values == ("design", "3d")


def test_examples_may_be_a_pasted_block() -> None:
    brief = parse({**GIVEN, "examples": "1. A fox, red\n2. An owl\n"}, 500)
    assert brief.examples == ("A fox, red", "An owl")


def test_signs_that_nobody_sees_do_not_reach_the_database() -> None:
    assert parse({"goal": "Sticker\x00s \ud800of\tfoxes"}, 500).goal == "Stickers of\tfoxes"


def test_without_a_count_as_many_as_the_usual_example_or_as_a_sheet_takes() -> None:
    assert (parse(GIVEN, 500).rows, parse(GIVEN, 11).rows, parse({**GIVEN, "rows": " 7 "}, 500).rows) == (
        20,
        10,
        7,
    )


def test_a_twelfth_column_can_be_wished_for(tmp_path: Path) -> None:
    document = json.loads(PATH.read_text(encoding="utf-8"))
    document["properties"]["paper"] = {
        "title": "Paper", "description": "what it is printed on", "type": "string", "enum": ["matt", "gloss"],
        "examples": ["gloss"],
    }  # fmt: skip
    document["required"].append("paper")
    copy = tmp_path / "columns.schema.json"
    copy.write_text(json.dumps(document), encoding="utf-8")
    columns = load(copy)
    assert parse(settings(paper={"fixed": "Matt"}), 500, columns).wish("paper").values == ("matt",)
    assert parse(GIVEN, 500, columns).wish("paper", columns) == Wish("fixed", ("gloss",))


@pytest.mark.parametrize(
    ("goal", "name"),
    [
        ("Christmas stickers. For children.", "Christmas stickers"),
        ("Please make me 20 posters: loud", "Posters"),
        ("aufkleber für Kinder", "Aufkleber für Kinder"),
        ("…", "…"),
        (
            "Christmas stickers with woodland animals for a children’s clothing shop",
            "Christmas stickers with woodland animals for a children’s…",
        ),
        ("Stickers of foxes and owls and badgers and hares and wrens of the wood", None),
    ],
)
def test_a_sheet_is_named_after_the_goal(goal: str, name: str | None) -> None:
    found = title(Brief(goal))
    assert name is None or found == name
    assert not found.endswith((" and…", " of…", ",…"))


@unhurried
@given(st.text(max_size=300))
def test_a_sheets_name_is_one_short_line_whatever_the_goal(goal: str) -> None:
    found = title(Brief(goal))
    assert 0 < len(found) <= TITLE
    assert len(found.splitlines()) == 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@unhurried
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "goal": VALUES | st.just("Stickers"),
            "examples": VALUES,
            "context": VALUES,
            "rows": VALUES,
            "settings": VALUES
            | st.dictionaries(
                st.sampled_from(load().names),
                st.fixed_dictionaries({"fixed": VALUES}) | st.fixed_dictionaries({"spread": VALUES}),
            ),
        },
    )
)
def test_whatever_is_sent_ends_in_a_brief_that_can_be_kept_or_in_a_sentence(document: dict[str, Any]) -> None:
    brief: Brief | None = None
    with contextlib.suppress(Invalid):
        brief = parse(document, 500)
    if brief is not None:
        json.dumps(brief.to_json()).encode()
        assert parse(brief.to_json(), 500) == brief

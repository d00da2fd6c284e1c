"""A plan is followed by its numbers, whatever is changed of it; and what cannot be is told in a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.drafting.plan import MOST, Plan, Strand, planned, read
from jobs.errors import Conflict, Invalid

unhurried = settings(deadline=None, database=None)
PLAN = Plan(
    (Strand("1", "Cats", 60, ("asleep", "at play")), Strand("2", "Dogs", 30), Strand("3", "Birds", 10))
)


def _of(*strands: dict[str, Any]) -> dict[str, Any]:
    return {"strands": list(strands)}


def rows(plan: Plan) -> list[tuple[str, int]]:
    return [(strand.name, strand.rows) for strand in plan.strands]


def test_what_a_model_wrote_becomes_strands_that_add_up() -> None:
    found = planned(
        [
            {
                "name": "all rows",
                "rows": 0,
                "holds": ["For a shop"],
                "leaves": "aspect_ratio, style",
            },
            {"name": " Cats  at home ", "rows": "30", "holds": ["a", "A", "b"], "leaves": "dogs"},
            {"name": "Dogs", "rows": 10, "holds": "one text"},
            {"name": "DOGS", "rows": 5, "holds": ["x"]},
            {"name": "Birds", "rows": -3, "holds": None},
        ],
        100,
        ["aspect_ratio", "style", "seed_number"],
    )
    assert found
    assert rows(found) == [("Cats at home", 74), ("Dogs", 25), ("Birds", 1)]
    assert (found.shared, found.columns) == (("For a shop",), ("aspect_ratio", "style"))
    assert found.strands[1].holds == ("one text",)
    assert Plan.from_json(found.to_json()) == found


def test_strands_are_renamed_weighed_and_added() -> None:
    assert rows(PLAN.renamed("2", " Small dogs "))[1] == ("Small dogs", 30)
    assert rows(PLAN.weighed("2", 45, {"2": 20}))[1] == ("Dogs", 45)
    more = PLAN.with_more("Fish", "in a bowl\nin the sea; alone", 12)
    assert (more.strands[-1].id, more.strands[-1].holds) == ("4", ("in a bowl", "in the sea", "alone"))
    assert PLAN.ordered("strands").order == "strands"


def test_the_others_take_the_rows_of_a_strand_that_is_dropped_and_those_that_came_stay() -> None:
    assert rows(PLAN.without("1", {})) == [("Dogs", 75), ("Birds", 25)]
    kept = PLAN.without("1", {"1": 20})
    assert rows(kept) == [("Cats", 20), ("Dogs", 60), ("Birds", 20)]
    assert (kept["1"].dropped, kept.rows) == (True, 100)
    assert Plan.from_json(kept.to_json()) == kept
    with pytest.raises(Conflict, match="only strand left"):
        kept.without("2", {"2": 1}).without("3", {})


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: PLAN.renamed("1", "  "), "one to 60 characters"),
        (lambda: PLAN.renamed("1", "dogs"), "There is a strand “dogs” already"),
        (lambda: PLAN.renamed("9", "x"), "not in the plan any more"),
        (lambda: PLAN.weighed("1", 5, {"1": 9}), "9 rows of “Cats” are there already"),
        (lambda: PLAN.weighed("1", 0, {}), "Drop “Cats” instead"),
        (lambda: PLAN.ordered("sideways"), "mixed or strands"),
        (lambda: read([], 5, 500), "A plan is a JSON object"),
        (lambda: read({"strands": [5]}, 5, 500), "Strand 1 of the plan is no JSON object"),
        (lambda: read({"strands": []}, 5, 500), "has no strands"),
        (
            lambda: read({"strands": [{"name": "a", "rows": "x"}]}, None, 500),
            "Strand 1 of the plan has no number",
        ),
        (
            lambda: read({"strands": [{"name": "a"}, {"name": "A"}]}, None, 500),
            "There is a strand “A” already",
        ),
        (
            lambda: read({"strands": [{"name": "a", "rows": 300}, {"name": "b", "rows": 300}]}, None, 500),
            "600 rows",
        ),
    ],
)
def test_what_cannot_be_is_told(act: Any, words: str) -> None:
    with pytest.raises((Invalid, Conflict), match=words):
        act()


def test_there_are_not_endlessly_many_strands() -> None:
    plan = PLAN
    for number in range(MOST - 3):
        plan = plan.with_more(f"More {number}", "", 1)
    with pytest.raises(Conflict, match="20 strands at the most"):
        plan.with_more("One more", "", 1)


def test_a_plan_that_a_person_wrote_is_taken_for_as_many_rows_as_asked() -> None:
    given = {
        "strands": [{"name": "Cats", "rows": 3}, {"name": "Dogs", "rows": 1, "holds": ["wet"]}],
        "shared": ["x"],
    }
    assert rows(read(given, 40, 500)) == [("Cats", 30), ("Dogs", 10)] or read(given, 40, 500).rows == 40
    assert read(given, None, 500).rows == 4
    assert read(PLAN.to_json(), None, 500).strands == PLAN.strands


@unhurried
@given(st.lists(st.integers(0, 500), min_size=1, max_size=20), st.integers(1, 2_000))
def test_numbers_always_add_up(weights: list[int], total: int) -> None:
    strands = tuple(Strand(str(at), f"S{at}", rows) for at, rows in enumerate(weights))
    scaled = Plan(strands).scaled(total)
    assert scaled.rows == total
    assert total < len(weights) or all(strand.rows for strand in scaled.strands)

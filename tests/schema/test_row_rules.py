"""Rules between columns: what does not go together is told with every single change that would mend it."""

from __future__ import annotations

import pytest

from schema.check import Checker
from schema.columns import Columns, load
from schema.problems import Problem

COLUMNS = load()


def _said(columns: Columns = COLUMNS, **cells: str) -> list[Problem]:
    return list(Checker(columns).row({"prompt": "a fox", "visibility": "private"} | cells).problems)


def _offers(problem: Problem) -> list[tuple[str | None, str | None]]:
    return [(fix.column, fix.value) for fix in problem.fixes]


def test_a_style_of_another_model_says_where_it_exists() -> None:
    (said,) = _said(model="3.0", style="anime")
    assert (said.code, said.column, said.value, said.fix) == ("not-for-this-model", "style", "anime", "auto")
    assert said.message == "“anime” does not exist in model 3.0. It does in 2.0, 2a and 1.0."
    assert [fix.label for fix in said.fixes] == [
        "Set style auto",
        "Set model 2.0",
        "Set model 2a",
        "Set model 1.0",
    ]


@pytest.mark.parametrize("ratio", ["1:2", "2:1", "4:5", "5:4"])
def test_a_ratio_that_the_oldest_model_lacks_is_told(ratio: str) -> None:
    (said,) = _said(model="1.0", aspect_ratio=ratio)
    assert said.message == f"“{ratio}” does not exist in model 1.0. It does in 3.0, 2.0 and 2a."
    assert _offers(said) == [("aspect_ratio", "1:1"), ("model", "3.0"), ("model", "2.0"), ("model", "2a")]


def test_a_palette_for_the_oldest_model_is_told_by_the_rules_title() -> None:
    (said,) = _said(model="1.0", color_palette="ember")
    assert said.message == "A palette needs model 2.0 or later. Here model is 1.0."
    assert _offers(said)[0] == ("color_palette", "")


def test_an_empty_cell_counts_as_its_default() -> None:
    assert _said(style="anime") == []
    assert _said(model="1.0", aspect_ratio="") == []


def test_no_offer_breaks_another_rule() -> None:
    said = {problem.column: problem for problem in _said(model="1.0", aspect_ratio="4:5", style="anime")}
    assert ("model", "3.0") not in _offers(said["aspect_ratio"])
    assert ("model", "2.0") in _offers(said["aspect_ratio"])


def test_two_broken_rules_are_each_mended_alone() -> None:
    ratio, palette = _said(model="1.0", aspect_ratio="4:5", color_palette="ember")
    assert _offers(ratio)[0] == ("aspect_ratio", "1:1")
    assert _offers(palette)[0] == ("color_palette", "")


def test_a_faulty_cell_brings_no_rule_up() -> None:
    assert [problem.code for problem in _said(model="9.9", style="anime")] == ["not-allowed"]
    assert [problem.code for problem in _said(model="3.0", style="manga")] == ["not-allowed"]


def test_every_offer_makes_the_row_good() -> None:
    for cells in ({"model": "3.0", "style": "3d"}, {"model": "1.0", "color_palette": "#111111"}):
        (said,) = _said(**cells)
        for fix in said.fixes:
            assert fix.column is not None
            assert _said(**cells | {fix.column: fix.value or ""}) == []


def test_a_rule_that_asks_for_a_cell_or_has_no_condition_is_kept_too() -> None:
    rules = [
        {
            "title": "Quality needs a seed.",
            "if": {"properties": {"rendering": {"const": "quality"}}, "required": ["rendering"]},
            "then": {"required": ["seed_number"]},
        },
        {"title": "No turbo today.", "properties": {"rendering": {"not": {"const": "turbo"}}}},
    ]
    columns = Columns(dict(COLUMNS.document) | {"allOf": rules})
    (seed,) = _said(columns, rendering="quality")
    assert (seed.column, seed.message) == ("seed_number", "Quality needs a seed. Here rendering is quality.")
    assert ("rendering", "turbo") not in _offers(seed)
    (turbo,) = _said(columns, rendering="turbo")
    assert (turbo.column, turbo.message, turbo.fix) == ("rendering", "No turbo today.", "default")

"""The check: every fault stands on its cell, in words, with the values that would mend it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from schema.check import Checker, Report, Row, check
from schema.columns import load
from schema.problems import Fix, Problem
from schema.values import value_of

COLUMNS = load()
GOOD = {"prompt": "a fox", "visibility": "private"}


def _check(*rows: Mapping[str, str], max_rows: int = 500) -> Report:
    numbered = [Row(number, cells, f"r{number}") for number, cells in enumerate(rows, 2)]
    return check(numbered, COLUMNS, headings=COLUMNS.names, max_rows=max_rows)


def _said(**cells: str) -> Problem:
    """The one problem of a row that is good but for these cells."""
    (problem,) = _check(GOOD | cells).problems
    return problem


def _sets(problem: Problem) -> list[tuple[str | None, str | None]]:
    assert all(fix.op == "set" for fix in problem.fixes)
    return [(fix.column, fix.value) for fix in problem.fixes]


def test_a_good_row_has_typed_values_without_defaults_and_no_problem() -> None:
    report = _check(GOOD | {"num_images": "3", "seed_number": "", "model": "2a"})
    assert report.problems == ()
    assert report.values == ({"prompt": "a fox", "visibility": "private", "num_images": 3, "model": "2a"},)


def test_the_effective_values_have_the_defaults() -> None:
    checked = Checker(COLUMNS).row(GOOD)
    assert checked.effective == COLUMNS.with_defaults(checked.values)


@pytest.mark.parametrize("empty", ["", "  ", "\u200b", "\n"])
def test_an_empty_prompt_offers_to_delete_the_row(empty: str) -> None:
    said = _said(prompt=empty)
    assert (said.code, said.message) == ("required", "Empty. Every row needs a prompt.")
    assert said.fixes == (Fix("Delete the row", "delete-row"),)


def test_an_empty_visibility_offers_private_before_public() -> None:
    said = _said(visibility="")
    assert (said.code, said.fix) == ("required", "private")
    assert _sets(said) == [("visibility", "private"), ("visibility", "public")]


def test_a_misspelt_choice_asks_did_you_mean_and_offers_the_few_others() -> None:
    said = _said(visibility="pulic")
    assert (said.code, said.message) == ("not-allowed", "“pulic” is not allowed. Did you mean public?")
    assert _sets(said) == [("visibility", "public"), ("visibility", "private")]


@pytest.mark.parametrize(
    ("text", "fix"), [("17:9", "16:9"), ("16x9", "16:9"), ("16 × 9", "16:9"), ("2/3", "2:3"), ("3-2", "3:2")]
)
def test_a_ratio_written_otherwise_is_offered_as_one(text: str, fix: str) -> None:
    said = _said(aspect_ratio=text)
    assert (said.code, said.fix) == ("not-allowed", fix)


def test_a_word_that_is_like_no_choice_lists_them() -> None:
    said = _said(magic_prompt="maybe")
    assert said.message == "“maybe” is not allowed. It takes on or off."


@pytest.mark.parametrize(
    ("text", "code"), [("four", "not-a-number"), ("2.5", "not-a-number"), ("²", "not-a-number")]
)
def test_what_is_no_whole_number_is_told(text: str, code: str) -> None:
    said = _said(num_images=text)
    assert (said.code, said.fix) == (code, "4")


@pytest.mark.parametrize(("text", "fix"), [("0", "1"), ("5", "4"), ("-1", "1"), ("9" * 5000, "4")])
def test_a_number_out_of_range_offers_the_nearest_limit(text: str, fix: str) -> None:
    said = _said(num_images=text)
    assert (said.code, said.fix) == ("out-of-range", fix)
    assert "1 to 4" in said.message


def test_six_colours_offer_the_first_five() -> None:
    colors = [f"#{digit * 6}" for digit in "123456"]
    said = _said(color_palette=" ".join(colors))
    assert (said.code, said.message) == ("too-many-colors", "Six colours; at most five.")
    assert [(fix.label, fix.value) for fix in said.fixes] == [("Keep the first five", " ".join(colors[:5]))]


def test_six_colours_with_other_faults_are_counted_all_the_same() -> None:
    assert _said(color_palette="111111, 222222, 333333, 444444, 555555, 666666").code == "too-many-colors"


def test_a_word_that_is_no_colour_is_named() -> None:
    said = _said(color_palette="#1F4D3A, red")
    assert said.code == "bad-color"
    assert "“red” is no colour" in said.message
    assert said.fix == "#1F4D3A"


def test_a_misspelt_preset_is_asked_about() -> None:
    assert _said(color_palette="embre").fix == "ember"


def test_a_preset_stands_alone() -> None:
    said = _said(color_palette="ember #1F4D3A")
    assert (said.code, [fix.value for fix in said.fixes]) == ("bad-color", ["#1F4D3A", "ember"])


@pytest.mark.parametrize("text", ["2026-03-02", "2-Mar-26", "2-Mar", "Mar-02", "02.03.2026", "2. Mrz"])
def test_a_date_that_was_a_ratio_offers_both_ways_round(text: str) -> None:
    said = _said(aspect_ratio=text)
    assert said.code == "excel-date"
    assert _sets(said) == [("aspect_ratio", "2:3"), ("aspect_ratio", "3:2")]
    assert "we do not guess" in said.message


def test_a_date_that_can_have_been_one_ratio_only_is_still_offered() -> None:
    assert _sets(_said(aspect_ratio="1-Jan")) == [("aspect_ratio", "1:1")]


@pytest.mark.parametrize("text", ["#NAME?", "#REF!"])
def test_an_error_of_excel_is_no_prompt(text: str) -> None:
    said = _said(prompt=text)
    assert (said.code, said.level) == ("formula-error", "error")
    assert "Format the column as Text" in said.message


def test_a_repair_that_a_person_undid_is_an_error_that_offers_it_again() -> None:
    said = _said(aspect_ratio="02:03:00")
    assert (said.level, said.code, said.fix) == ("error", "excel-time", "2:3")
    assert said.message == "“02:03:00” should be 2:3: Excel took the ratio for a time of day."


def test_spaces_round_a_prompt_keep_nothing_from_running() -> None:
    assert _check(GOOD | {"prompt": " a fox "}).problems == ()


@pytest.mark.parametrize("text", ["#1F4D3A\n", "ember\n"])
def test_a_line_end_after_a_colour_is_seen(text: str) -> None:
    assert value_of(COLUMNS["color_palette"], text) is None
    assert _said(color_palette=text).code == "spaces"


def test_problems_come_in_the_order_of_rows_and_columns() -> None:
    bad = {"prompt": "", "visibility": "pulic", "model": "3.0", "style": "anime", "num_images": "9"}
    report = _check(bad, GOOD, bad)
    assert [(problem.row, problem.column) for problem in report.problems] == [
        (row, column) for row in (2, 4) for column in ("prompt", "visibility", "num_images", "style")
    ]
    assert {problem.row_id for problem in report.problems} == {"r2", "r4"}


def test_a_sheet_without_rows_says_so() -> None:
    assert [problem.code for problem in _check().problems] == ["no-rows"]


def test_the_limit_of_rows_counts_the_header_and_is_named() -> None:
    rows = [GOOD | {"seed_number": str(number)} for number in range(10)]
    assert _check(*rows, max_rows=11).problems == ()
    (said,) = _check(*rows, max_rows=10).problems
    assert (said.code, said.row) == ("too-many-rows", None)
    assert "10 are the most, which is 9 prompts" in said.message


def test_a_row_that_stands_twice_is_a_warning_on_the_second() -> None:
    said = _check(GOOD, GOOD | {"model": "2.0", "style": ""}, GOOD | {"model": "2a"}).problems
    assert [(problem.row, problem.code, problem.level) for problem in said] == [
        (3, "duplicate-row", "warning")
    ]
    assert "row 2" in said[0].message
    assert said[0].fixes[0].op == "delete-row"


@pytest.mark.parametrize("names", [COLUMNS.names, [column.name for column in COLUMNS.simple]])
def test_the_templates_example_rows_are_warned_about(names: list[str]) -> None:
    rows = [{name: str(example[name]) for name in names} for example in COLUMNS.examples]
    assert [(problem.code, problem.level) for problem in _check(*rows).problems] == [
        ("example-row", "warning")
    ] * 2


def test_an_example_that_was_changed_is_a_row_like_others() -> None:
    row = {name: str(value) for name, value in COLUMNS.examples[0].items()} | {
        "prompt": "A sticker of my cat"
    }
    assert _check(row).problems == ()


def test_a_column_that_is_missing_is_told_once_and_not_in_each_row() -> None:
    rows = [Row(number, {"prompt": f"fox {number}"}) for number in range(2, 9)]
    report = check(rows, COLUMNS, headings=["prompt"], max_rows=500)
    assert [(problem.row, problem.code, problem.column) for problem in report.problems] == [
        (None, "missing-column", "visibility")
    ]


def test_a_missing_column_is_there_as_soon_as_a_row_has_a_cell_for_it() -> None:
    rows = [Row(2, GOOD), Row(3, {"prompt": "an owl"})]
    report = check(rows, COLUMNS, headings=["prompt"], max_rows=500)
    assert [(problem.row, problem.code) for problem in report.problems] == [(3, "required")]

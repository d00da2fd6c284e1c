"""Cells are repaired where no question is needed, and only there; every repair says what and why."""

from __future__ import annotations

import pytest

from schema.columns import Column, load
from schema.repair import repair_cell
from schema.values import value_of

COLUMNS = load()

REPAIRS = [
    ("prompt", " a fox\n", "a fox", "spaces"),
    ("prompt", "\ufeffa fox\u200b", "a fox", "spaces"),
    ("negative_prompt", " text ", "text", "spaces"),
    ("visibility", " private", "private", "spaces"),
    ("visibility", "\xa0private\xa0", "private", "spaces"),
    ("visibility", "Private", "private", "case"),
    ("visibility", "“private”", "private", "smart-quotes"),
    ("visibility", "'private", "private", "smart-quotes"),
    ("visibility", " “PRIVATE” ", "private", "case"),
    ("magic_prompt", "TRUE", "on", "true-false"),
    ("magic_prompt", "False", "off", "true-false"),
    ("magic_prompt", "ON", "on", "case"),
    ("aspect_ratio", "02:03:00", "2:3", "excel-time"),
    ("aspect_ratio", "2:03", "2:3", "excel-time"),
    ("aspect_ratio", "2:03 AM", "2:3", "excel-time"),
    ("aspect_ratio", "4:09:00 PM", "16:9", "excel-time"),
    ("aspect_ratio", "16:09:00", "16:9", "excel-time"),
    ("aspect_ratio", "10:16:00", "10:16", "excel-time"),
    ("aspect_ratio", "01:01:00", "1:1", "excel-time"),
    ("aspect_ratio", "0.08541666666666667", "2:3", "excel-time"),
    ("aspect_ratio", "0.0854", "2:3", "excel-time"),
    ("aspect_ratio", "0,672916667", "16:9", "excel-time"),
    ("model", "3", "3.0", "excel-number"),
    ("model", "2,0", "2.0", "excel-number"),
    ("model", "2A", "2a", "case"),
    ("num_images", "4.0", "4", "excel-number"),
    ("seed_number", " 7 ", "7", "spaces"),
    ("color_palette", "1F4D3A", "#1F4D3A", "hex-sign"),
    ("color_palette", "1F4D3A, D96B27", "#1F4D3A #D96B27", "hex-sign"),
    ("color_palette", "#1F4D3A;#D96B27", "#1F4D3A #D96B27", "palette-separators"),
    ("color_palette", "#1F4D3A  #D96B27", "#1F4D3A #D96B27", "palette-separators"),
    ("color_palette", "#FFF #000", "#FFFFFF #000000", "short-hex"),
    ("color_palette", "Ember", "ember", "case"),
    ("color_palette", "#1F4D3A\n", "#1F4D3A", "spaces"),
]

LEFT_ALONE = [
    ("prompt", "a fox"),
    ("prompt", "“a fox”"),
    ("prompt", "A  FOX"),
    ("prompt", "   "),
    ("visibility", ""),
    ("visibility", "pulic"),
    ("magic_prompt", "yes"),
    ("magic_prompt", "1"),
    ("aspect_ratio", "2026-03-02"),
    ("aspect_ratio", "2/3"),
    ("aspect_ratio", "17:9"),
    ("aspect_ratio", "02:04:00"),
    ("aspect_ratio", "0.5"),
    ("model", "4"),
    ("model", "2.5"),
    ("num_images", "2.5"),
    ("num_images", "5.0"),
    ("num_images", "four"),
    ("color_palette", "forest green"),
    ("color_palette", "ember, #FFFFFF"),
    ("color_palette", "fade"),
    ("color_palette", "#FFF " * 6),
    ("color_palette", "#FFFFFF " * 200_000),
]


@pytest.mark.parametrize(("name", "before", "after", "code"), REPAIRS)
def test_a_cell_is_repaired_and_the_reason_told(name: str, before: str, after: str, code: str) -> None:
    repair = repair_cell(COLUMNS[name], before)
    assert repair is not None
    assert (repair.after, repair.code) == (after, code)
    assert repair.why


@pytest.mark.parametrize(("name", "before", "after", "code"), REPAIRS)
def test_what_a_repair_leaves_is_right_and_needs_no_other(
    name: str, before: str, after: str, code: str
) -> None:
    assert value_of(COLUMNS[name], after) is not None
    assert repair_cell(COLUMNS[name], after) is None


@pytest.mark.parametrize(("name", "text"), LEFT_ALONE, ids=lambda text: text[:20])
def test_what_is_right_or_needs_a_question_is_left_alone(name: str, text: str) -> None:
    assert repair_cell(COLUMNS[name], text) is None


@pytest.mark.parametrize("column", COLUMNS.all, ids=COLUMNS.names)
def test_the_words_of_the_schema_itself_need_no_repair(column: Column) -> None:
    words = {*column.choices, *map(str, column.examples)}
    assert words
    assert [repair_cell(column, word) for word in words if repair_cell(column, word)] == []

"""The Expected values table says what the schema says."""

from __future__ import annotations

from schema.columns import load
from schema.guide import guide

COLUMNS = load()
LINES = {line.column: line for line in guide()}


def test_each_column_has_its_line_in_the_order_of_the_template() -> None:
    assert tuple(LINES) == COLUMNS.names


def test_a_line_says_whether_a_column_is_needed_and_what_an_empty_cell_means() -> None:
    assert {line.column for line in guide() if line.needed} == set(COLUMNS.document["required"])
    assert (LINES["prompt"].empty, LINES["model"].empty, LINES["seed_number"].empty) == ("", "2.0", "random")


def test_choices_are_listed_and_the_rest_is_said_in_words() -> None:
    assert LINES["magic_prompt"].takes == "on, off"
    assert LINES["num_images"].takes == "a whole number, 1 to 4"
    assert LINES["color_palette"].words.startswith("up to five colours")
    assert "ember" in LINES["color_palette"].choices


def test_a_line_minds_the_rules_that_bind_its_column_and_no_others() -> None:
    titles = {str(rule["title"]) for rule in COLUMNS.rules}
    minded = {line.column: [text for text in line.mind if text in titles] for line in guide()}
    assert {column for column, found in minded.items() if found} == {"aspect_ratio", "style", "color_palette"}
    assert {title for found in minded.values() for title in found} == titles

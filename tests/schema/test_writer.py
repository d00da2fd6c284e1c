"""Sheets written: what goes in comes out, text stays text, and the template helps whoever fills it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from schema.columns import load
from schema.errors import Unwritable
from schema.reader import read
from schema.sheet import examine
from schema.writer import Format, template, writable, write

COLUMNS = load()
SIMPLE = tuple(column.name for column in COLUMNS.simple)
FORMATS: tuple[Format, ...] = ("csv", "xlsx")


def _sheet(data: bytes) -> Any:
    return load_workbook(BytesIO(data))["Sheet"]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("full", [True, False])
def test_a_template_is_accepted_back_with_its_two_examples(format: Format, full: bool) -> None:  # noqa: A002
    found = examine(template(full, format), "template")
    assert found.table.headers == (COLUMNS.names if full else SIMPLE)
    assert [(problem.code, problem.level) for problem in found.problems] == [("example-row", "warning")] * 2
    assert found.values == tuple(
        {name: value for name, value in example.items() if full or name in SIMPLE}
        for example in COLUMNS.examples
    )


TEXTS = [
    "=1+1",
    "+49 30",
    "-1",
    "@fox",
    "'fox",
    '"fox"',
    "a, b; c\td | e",
    "two\nlines",
    "two\r\nlines",
    "  spaces  ",
    "_x0041_ and _x000D_",
    "emoji 🦊 and 𝔣𝔯𝔞𝔨𝔱𝔲𝔯",
    "007",
    "1e5",
    "2:3",
    "TRUE",
    "<b>&amp;</b>",
    "x" * 32_767,
]


@pytest.mark.parametrize("format", FORMATS)
def test_every_text_comes_back_as_it_went_in(format: Format) -> None:  # noqa: A002
    rows = [(text, "private", text) for text in TEXTS]
    table = read(write(("prompt", "visibility", "notes"), rows, format), "a")
    assert [row.cells for row in table.rows] == rows
    assert table.problems == ()


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("lost", ["\x00", "\x07", "\x1f", "\ud83e", "\uffff"])
def test_what_no_file_can_hold_is_replaced_and_can_be_told(format: Format, lost: str) -> None:  # noqa: A002
    table = read(write(("prompt",), [(f"a {lost} fox",)], format), "a")
    assert table.rows[0].cells == ("a \ufffd fox",) == (writable(f"a {lost} fox"),)
    assert [problem.code for problem in table.problems] == ["damaged-text"]


def test_a_text_that_begins_with_equals_is_no_formula() -> None:
    sheet = _sheet(write(("prompt", "notes"), [("=HYPERLINK(1)", "=2")], "xlsx"))
    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [("=HYPERLINK(1)", "s"), ("=2", "s")]


def test_a_text_too_long_for_a_workbook_is_refused_with_its_place() -> None:
    with pytest.raises(Unwritable, match="Row 3, “prompt”: the text has 32,768 characters"):
        write(("prompt",), [("a fox",), ("x" * 32_768,)], "xlsx")
    with pytest.raises(Unwritable):
        write(("prompt",), [("🦊" * 16_384,)], "xlsx")
    with pytest.raises(Unwritable):
        write(("prompt",), [("\r" * 5_000,)], "xlsx")
    assert read(write(("prompt",), [("x" * 40_000,)], "csv"), "a").rows[0].cells == ("x" * 40_000,)


def test_csv_is_utf_8_with_its_mark_and_the_line_ends_of_the_standard() -> None:
    data = write(("prompt", "notes"), [("Café, “snow”", 'he said "fox"')], "csv")
    assert data == '\ufeffprompt,notes\r\n"Café, “snow”","he said ""fox"""\r\n'.encode()


def test_every_cell_down_to_the_limit_is_formatted_as_text() -> None:
    sheet = _sheet(template(True, "xlsx", max_rows=20))
    assert sheet.max_row == 20
    assert {cell.number_format for row in sheet.iter_rows() for cell in row} == {"@"}


def test_cells_below_the_rows_are_text_too() -> None:
    sheet = _sheet(write(("prompt", "notes"), [("a fox", "x")], "xlsx"))
    assert {sheet.column_dimensions[letter].number_format for letter in "AB"} == {"@"}


def test_a_template_for_a_hundred_thousand_rows_stays_small() -> None:
    assert len(template(True, "xlsx", max_rows=100_000)) < 100_000


def test_headers_are_text_whatever_they_look_like() -> None:
    headers = ("prompt", "=1+1", "_x0041_")
    assert read(write(headers, [("a", "b", "c")], "xlsx"), "a.xlsx").headers == headers


def test_drop_downs_offer_the_choices_from_a_hidden_sheet() -> None:
    book = load_workbook(BytesIO(template(True, "xlsx", max_rows=500)))
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        ("Sheet", "visible"),
        ("Expected values", "visible"),
        ("Lists", "hidden"),
    ]
    offered = {}
    for rule in book["Sheet"].data_validations.dataValidation:
        place = str(rule.sqref)
        cells = book["Lists"][rule.formula1.partition("!")[2].replace("$", "")]
        offered[book["Sheet"][f"{place[0]}1"].value] = [cell.value for (cell,) in cells]
        assert place.endswith("500")
    choices = {column.name: list(column.choices) for column in COLUMNS.all if column.choices}
    assert offered == choices | {"num_images": ["1", "2", "3", "4"]}


def test_a_palette_may_be_colours_although_presets_are_offered() -> None:
    sheet = _sheet(template(True, "xlsx"))
    free = [rule for rule in sheet.data_validations.dataValidation if not rule.showErrorMessage]
    assert [sheet[f"{str(rule.sqref)[0]}1"].value for rule in free] == ["color_palette"]


def test_headers_have_notes_and_stay_in_view() -> None:
    sheet = _sheet(template(True, "xlsx"))
    assert sheet.freeze_panes == "A2"
    for cell, column in zip(sheet[1], COLUMNS.all, strict=True):
        assert cell.value == column.name
        assert column.note in cell.comment.text


def test_prompts_are_wrapped_in_the_widest_column() -> None:
    sheet = _sheet(template(True, "xlsx"))
    widths = {cell.value: sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]}
    assert max(widths, key=lambda name: widths[name]) == "prompt"
    assert sheet["A2"].alignment.wrap_text


def test_other_columns_are_written_beside_ours() -> None:
    table = read(write(("status", "prompt"), [("done", "a fox")], "xlsx"), "a.xlsx")
    assert table.headers == ("status", "prompt")

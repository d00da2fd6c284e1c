"""Objects out of a stream: whatever stands round them, however it is cut, and however badly it is written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.drafting.pasted import LONGEST, Scanner, text_of
from tests.fakes.chat_shapes import SHAPES

ROWS: list[dict[str, Any]] = [
    {
        "prompt": 'A fox with "quotes", {a|b} and \\ back',
        "style": "design",
        "num_images": 4,
        "seed_number": None,
    },
    {"prompt": "Crème brûlée 🦊 [1], two\nlines", "style": None, "num_images": 1, "seed_number": 7},
    {"prompt": "It's “Merry Days”", "style": "auto", "num_images": None, "seed_number": 0},
]
OBJECTS = sorted(
    set(SHAPES)
    - {
        "renamed",
        "csv",
        "csv-fence",
        "semicolons",
        "tabs",
        "markdown",
        "numbered",
        "think",
        "alone",
        "channels",
        "brackets",
        "loop",
    }
)


def scanned(text: str, step: int = 5, *, whole: bool = True) -> list[dict[str, Any]]:
    scanner = Scanner()
    found = [row for at in range(0, len(text), step) for row in scanner.feed(text[at : at + step])]
    return [*found, *scanner.rest(whole=whole)]


@pytest.mark.parametrize("step", [1, 7, 100_000])
@pytest.mark.parametrize("shape", OBJECTS)
def test_rows_come_out_of_every_shape_however_it_is_cut(shape: str, step: int) -> None:
    assert scanned(SHAPES[shape]("rows", ROWS), step) == ROWS


CELLS = st.one_of(st.text(), st.integers(-(10**17), 10**17), st.none(), st.booleans())


@given(st.lists(st.dictionaries(st.text(), CELLS, min_size=1), min_size=1), st.integers(1, 40), st.booleans())
@settings(deadline=None, max_examples=60)
def test_whatever_the_rows_hold_they_come_out_as_they_are(
    rows: list[dict[str, Any]], step: int, escaped: bool
) -> None:
    assert scanned(json.dumps({"list": rows}, ensure_ascii=escaped), step) == rows


def test_a_row_comes_out_the_moment_its_brace_closes() -> None:
    scanner = Scanner()
    assert scanner.feed('Here: {"rows": [{"prompt": "a"') == []
    assert scanner.feed("}") == [{"prompt": "a"}]
    assert scanner.feed(', {"prompt": "b"}') == [{"prompt": "b"}]
    assert scanner.feed("]}") == []


def test_objects_within_a_row_belong_to_it() -> None:
    change = {"op": "change", "row": 7, "cells": {"prompt": "x", "style": None}}
    assert scanned(json.dumps({"changes": [change, change]})) == [change, change]
    assert scanned(json.dumps(change)) == [change]


@pytest.mark.parametrize(
    "text",
    [
        '{"data": {"rows": [{"prompt": "a"}, {"prompt": "b"}]}}',
        '{"1": {"prompt": "a"}, "2": {"prompt": "b"}}',
        '{"count": 2, "rows": [{"prompt": "a"}, {"prompt": "b"}], "note": "x"}',
        '{"rows": "[{\\"prompt\\": \\"a\\"}, {\\"prompt\\": \\"b\\"}]"}',
        "[{'prompt': 'a'}, {'prompt': 'b'},]",
        '{prompt: "a"}\n{prompt: "b"}',
        "{“prompt”: “a”} {“prompt”: “b”}",
        'Rows {so to speak}:\n{"prompt": "a"} and {"prompt": "b"}',
        'a < b, <i>{"prompt": "a"}</i> {"prompt": "b"}',
        '[{"prompt": "a"}, {"prompt": "b"}',
    ],
)  # fmt: skip
def test_wrappers_thoughts_prose_and_loose_writing_are_seen_through(text: str) -> None:
    expected = [{"prompt": "a"}, {"prompt": "b"}]
    assert scanned(text) == scanned(text, 1) == scanned(text, 999) == expected


@pytest.mark.parametrize("between", ["\n", ",\n  "])
def test_a_mark_too_many_spoils_its_own_row_only(between: str) -> None:
    text = f'{{"prompt": "A 12" plate", "style": "auto"}}{between}{{"prompt": "b"}}{between}{{"prompt": "c"}}'
    assert scanned(text) == [{"prompt": 'A 12" plate', "style": "auto"}, {"prompt": "b"}, {"prompt": "c"}]


def test_quotes_that_were_not_escaped_stay_in_the_text() -> None:
    text = '{"rows": [{"prompt": "A sign "Hello" in neon", "style": "design"}, {"prompt": "b"}]}'
    assert scanned(text) == [{"prompt": 'A sign "Hello" in neon', "style": "design"}, {"prompt": "b"}]


def test_a_row_that_was_cut_is_kept_only_where_the_answer_was_finished() -> None:
    text = '{"rows": [{"prompt": "a"}, {"prompt": "b and then'
    assert scanned(text, whole=True) == [{"prompt": "a"}, {"prompt": "b and then"}]
    assert scanned(text, whole=False) == [{"prompt": "a"}]
    assert scanned('{"prompt": "a"}', whole=False) == [{"prompt": "a"}]


@pytest.mark.parametrize("longer", ['{"prompt": "%s"}', '{"prompt": "%s", "tags": {"a": [1, 2]}, "b": "}"}'])
def test_a_row_beyond_measure_is_left_out_counted_and_never_kept(longer: str) -> None:
    text = '{"prompt": "a"}' + longer % ("x" * 5 * LONGEST) + '{"prompt": "b"}'
    scanner = Scanner()
    found = [row for at in range(0, len(text), 1000) for row in scanner.feed(text[at : at + 1000])]
    assert found == [{"prompt": "a"}, {"prompt": "b"}]
    assert (scanner.too_long, scanner.rest(whole=True)) == (1, [])


@pytest.mark.parametrize(
    "text",
    ["{" * 9_999, '{"a":' * 9_999, '{"a":[{' * 9_999, '{"a": "' + "\n  " * 9_999, "<think>" * 9_999,
     '{\\"' * 9_999, '{"a": ' + "9" * 6_000 + "}", "[[[" * 9_999, '{"a": "\\u12', '{"a" "b" "c"}'],
)  # fmt: skip
def test_nonsense_is_read_to_its_end(text: str) -> None:
    for step in (3, 1000):
        assert all(isinstance(row, dict) for row in scanned(text, step))


def test_numbers_that_no_number_can_hold_and_values_that_are_none_become_texts() -> None:
    (row,) = scanned(
        '{"a": 123456789012345678901234567890, "b": NaN, "c": 1e999, "d": 3.0, "e": true, "f": 3}'
    )
    texts = {name: text_of(value) for name, value in row.items()}
    assert texts == {
        "a": "123456789012345678901234567890",
        "b": "",
        "c": "",
        "d": "3.0",
        "e": "true",
        "f": "3",
    }


def test_texts_hold_only_what_a_cell_can() -> None:
    (row,) = scanned(
        r'{"a": "x\u0000\u0007y\ud83e z \ud83e\udd8a", "b": ["#FFF", null, "#000"], "c": {"d": "é"}}'
    )
    assert [text_of(value) for value in row.values()] == ["xy z 🦊", "#FFF, #000", '{"d": "é"}']


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ('{"rows": [{"a": 1}, {"a": 2}]}\n', False),
        ('```json\n{"rows": []}\n```', True),
        ('Sure. {"a": 1}', True),
        ('{"a": 1} Done.', True),
    ],
)
def test_text_beside_the_rows_is_noticed(text: str, loose: bool) -> None:
    for step in (1, 999):
        scanner = Scanner()
        for at in range(0, len(text), step):
            scanner.feed(text[at : at + step])
        scanner.rest(whole=True)
        assert scanner.loose is loose

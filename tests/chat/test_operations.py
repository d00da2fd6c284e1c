"""Operations as models and forms write them: one place says their schema, their words and what is read."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from assistant.chat.operations import KINDS, TESTS, Condition, Operation, Unclear, guide, read, schema, spoken
from schema.columns import load

COLUMNS = load()


def test_schema_and_words_know_the_same_operations() -> None:
    found = schema(COLUMNS)["properties"]["operations"]["items"]["properties"]
    assert found["op"]["enum"] == list(KINDS)
    assert found["where"]["properties"]["test"]["enum"] == list(TESTS)
    assert [line.split(":")[0].removeprefix("- ") for line in guide().splitlines()] == list(KINDS)


def test_what_is_kept_of_an_operation_is_read_as_the_same() -> None:
    operation = Operation(
        "swap", "2-9", Condition("style", "is not", "anime"), "prompt", ("a",), "fox", "wolf", 3, 4
    )
    assert read(operation.to_json(), COLUMNS) == operation
    empty = dict.fromkeys(schema(COLUMNS)["properties"]["operations"]["items"]["properties"])
    jsonschema.validate({"operations": [empty | {"op": "undo"}]}, schema(COLUMNS))
    assert read(empty | {"op": "undo"}, COLUMNS) == Operation("undo")


WRITTEN: list[tuple[dict[str, Any], Operation]] = [
    ({"op": "SET", "column": "style", "value": "anime"}, Operation("set", column="style", values=("anime",))),
    ({"op": "set", "values": [True, None, 7]}, Operation("set", values=("on", "7"))),
    ({"op": "delete", "rows": [2, "4-6"]}, Operation("delete", rows="2 4-6")),
    ({"op": "duplicate", "count": "2"}, Operation("duplicate", count=2)),
    ({"op": "add", "count": -5, "text": " owls "}, Operation("add", text="owls")),
]


@pytest.mark.parametrize(("document", "operation"), WRITTEN)
def test_what_models_write_otherwise_is_read_as_it_is_meant(
    document: dict[str, Any], operation: Operation
) -> None:
    assert read(document, COLUMNS) == operation


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"op": "explode"}, "There is no operation “explode”."),
    ({}, "There is no operation “?”."),
    ({"op": "set", "column": "mood"}, "There is no column “mood”."),
    ({"op": "delete", "where": {"column": "mood", "test": "is"}}, "There is no column “mood”."),
    ({"op": "delete", "where": {"column": "style", "test": "smells"}}, "cannot be tested by “smells”"),
]


@pytest.mark.parametrize(("document", "why"), WRONG)
def test_what_cannot_be_read_is_told(document: dict[str, Any], why: str) -> None:
    with pytest.raises(Unclear, match=why.replace("?", r"\?")):
        read(document, COLUMNS)


@pytest.mark.parametrize(
    ("test", "text", "cell", "holds"),
    [
        ("is", "Anime", "anime", True),
        ("is not", "anime", "", True),
        ("has", "fox", "two foxes", False),
        ("has", "fox", "A Fox.", True),
        ("has", "狐", "赤い狐のステッカー", True),
        ("has not", "fox", "an owl", True),
        ("is empty", "", " ", True),
        ("is not empty", "", " ", False),
    ],
)
def test_cells_are_tested_by_whole_words(test: str, text: str, cell: str, *, holds: bool) -> None:
    assert Condition("prompt", test, text).holds({"prompt": cell}) is holds


@pytest.mark.parametrize(
    ("numbers", "said"),
    [([3], "row 3"), ([9, 3, 5, 8], "rows 3, 5 and 8–9"), ([1200, 1201], "rows 1,200–1,201")],
)
def test_row_numbers_are_said_in_runs(numbers: list[int], said: str) -> None:
    assert spoken(numbers) == said

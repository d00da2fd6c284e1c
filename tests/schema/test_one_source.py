"""A column is added by one entry in the schema file, and everything derived from it follows."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from schema.columns import PATH, Columns, load
from schema.editors import editors
from schema.guide import guide
from schema.headers import recognise
from schema.repair import repair_cell
from schema.sheet import examine
from schema.writer import template
from tests.schema.made import csv

TWELFTH = {
    "title": "Paper",
    "description": "what it is printed on",
    "type": "string",
    "enum": ["matt", "gloss", "2.5"],
    "default": "matt",
    "examples": ["gloss"],
}
RULE = {
    "title": "Gloss paper takes quality rendering only.",
    "if": {"properties": {"paper": {"const": "gloss"}}, "required": ["paper"]},
    "then": {"properties": {"rendering": {"enum": ["quality"]}}},
}


@pytest.fixture
def columns(tmp_path: Path) -> Columns:
    document = json.loads(PATH.read_text(encoding="utf-8"))
    document["properties"]["paper"] = TWELFTH
    document["allOf"].append(RULE)
    document["examples"][0]["paper"] = "matt"
    copy = tmp_path / "columns.schema.json"
    copy.write_text(json.dumps(document), encoding="utf-8")
    return load(copy)


def test_the_new_column_is_in_the_templates(columns: Columns) -> None:
    assert template(True, "csv", columns).splitlines()[0].endswith(b",paper")
    assert b"paper" not in template(False, "csv", columns)
    book = load_workbook(BytesIO(template(True, "xlsx", columns)))
    assert book["Sheet"]["L1"].value == "paper"
    assert "what it is printed on" in "".join(
        str(rule.error) for rule in book["Sheet"].data_validations.dataValidation
    )
    assert any(cell.value == "gloss" for row in book["Lists"] for cell in row)
    assert book["Expected values"]["A13"].value == "paper"


def test_the_new_column_has_its_editor(columns: Columns) -> None:
    by_name = {editor["name"]: editor for editor in editors(columns)}
    assert list(by_name) == list(columns.names)
    paper = by_name["paper"]
    assert (paper["editor"], paper["choices"], paper["empty"]) == ("choice", ["matt", "gloss", "2.5"], "matt")
    assert not paper["ratio"]
    assert by_name["aspect_ratio"]["ratio"]
    assert (by_name["num_images"]["minimum"], by_name["num_images"]["maximum"]) == (1, 4)
    assert set(by_name["color_palette"]["colors"]) == set(columns["color_palette"].choices)


def test_the_new_column_is_recognised_repaired_and_checked(columns: Columns) -> None:
    assert recognise(["Papers"], columns).names == ("paper",)
    repair = repair_cell(columns["paper"], "“2,50” ")
    assert repair is not None
    assert repair.after == "2.5"
    found = examine(
        csv("prompt,visibility,paper", "a fox,private,Matt", "an owl,private,glos"), "a.csv", columns=columns
    )
    assert [(problem.code, problem.fix) for problem in found.problems] == [
        ("case", "matt"),
        ("not-allowed", "gloss"),
    ]


def test_the_new_rule_is_kept(columns: Columns) -> None:
    data = csv("prompt,visibility,paper,rendering", "a fox,private,gloss,turbo")
    (said,) = examine(data, "a.csv", columns=columns).problems
    assert said.message == "“turbo” does not exist in paper gloss. It does in matt and 2.5."
    assert [(fix.column, fix.value) for fix in said.fixes] == [("paper", "matt"), ("paper", "2.5")]


def test_the_new_column_is_in_the_guide(columns: Columns) -> None:
    line = guide(columns)[-1]
    assert (line.column, line.takes, line.empty) == ("paper", "matt, gloss, 2.5", "matt")
    assert RULE["title"] in {line.column: line for line in guide(columns)}["rendering"].mind


def test_the_schema_itself_is_unchanged_by_that() -> None:
    assert "paper" not in load().names

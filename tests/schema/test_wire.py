"""What is sent to a language model as the shape of its rows: only what every server takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from schema.columns import PATH, Columns, load
from schema.wire import wire
from tests.schema.test_one_source import TWELFTH

EVERYWHERE = {"type", "properties", "required", "additionalProperties", "items", "enum"}
"""Keywords that OpenAI's strict mode, Azure, Ollama, llama.cpp, vLLM and LM Studio all take."""


def specs(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and all schemas in it."""
    yield spec
    for part in spec.get("properties", {}).values():
        yield from specs(part)
    if "items" in spec:
        yield from specs(spec["items"])


def row(names: list[str], columns: Columns | None = None) -> dict[str, Any]:
    found: dict[str, Any] = wire(names, columns)["properties"]["rows"]["items"]
    return found


def test_no_keyword_is_used_that_some_server_refuses() -> None:
    assert {keyword for spec in specs(wire(load().names)) for keyword in spec} == EVERYWHERE


def test_every_object_needs_all_it_has_and_takes_nothing_else() -> None:
    objects = [spec for spec in specs(wire(load().names)) if spec["type"] == "object"]
    assert len(objects) == 2
    for spec in objects:
        assert spec["required"] == list(spec["properties"])
        assert spec["additionalProperties"] is False


def test_a_cell_that_may_be_empty_may_be_null_and_no_other() -> None:
    properties = row(list(load().names))["properties"]
    assert properties["prompt"] == {"type": "string"}
    assert properties["visibility"] == {"type": "string", "enum": ["public", "private"]}
    assert properties["num_images"] == {"type": ["integer", "null"]}
    assert properties["magic_prompt"] == {"type": ["string", "null"], "enum": ["on", "off", None]}


def test_the_words_of_a_preset_are_no_enum_because_colours_are_taken_too() -> None:
    assert row(["color_palette"])["properties"] == {"color_palette": {"type": ["string", "null"]}}


def test_columns_stand_in_the_order_of_the_template_and_only_those_that_are_asked_for() -> None:
    assert list(row(["style", "prompt"])["properties"]) == ["prompt", "style"]


@pytest.mark.parametrize("example", load().examples)
def test_the_examples_of_the_schema_have_this_shape(example: dict[str, Any]) -> None:
    whole = dict.fromkeys(load().names) | dict(example)
    jsonschema.validate({"rows": [whole]}, wire(load().names))


def test_a_column_that_is_added_to_the_schema_file_appears(tmp_path: Path) -> None:
    document = json.loads(PATH.read_text(encoding="utf-8"))
    document["properties"]["paper"] = TWELFTH
    (tmp_path / "more.json").write_text(json.dumps(document), encoding="utf-8")
    columns = load(tmp_path / "more.json")
    paper = row(["prompt", "paper"], columns)["properties"]["paper"]
    assert paper == {"type": ["string", "null"], "enum": ["matt", "gloss", "2.5", None]}

"""Change sets: what is proposed row by row, with locks respected, values checked, limits kept."""

from __future__ import annotations

from typing import Any

from assistant.chat.changes import ChangeSet
from assistant.chat.ground import Ground, Line
from tests.chat.sheets import PROMPTS, ground


def change(changes: ChangeSet, row_id: str, **cells: str) -> dict[str, Any]:
    changes.change(row_id, cells)
    return next(iter(changes.items()), {})


def test_values_of_a_model_are_repaired() -> None:
    item = change(
        ChangeSet(ground()), "r2", aspect_ratio="16:9 ", visibility="Public", model="3", style="Design"
    )
    assert {name: after for name, (_, after) in item["cells"].items()} == {
        "visibility": "public",
        "aspect_ratio": "16:9",
        "model": "3.0",
        "style": "design",
    }


def test_a_value_that_a_column_does_not_take_is_shown_and_not_applied() -> None:
    changes = ChangeSet(ground())
    item = change(changes, "r2", aspect_ratio="17:9", style="design")
    assert item["cells"] == {"style": ["", "design"]}
    assert item["problems"] == [
        {
            "column": "aspect_ratio",
            "value": "17:9",
            "message": "aspect_ratio is left as it is. “17:9” is not allowed. Did you mean 16:9?",
        }
    ]
    changes.change("r3", {"num_images": "9", "prompt": " "})
    assert [item["number"] for item in changes.items()] == [2]
    (left,) = changes.left()
    assert (left["number"], left["locked"]) == (3, [])
    assert "“9” is out of range" in left["why"]
    assert "Every row needs a prompt" in left["why"]


def test_what_would_be_wrong_with_the_row_then_is_said() -> None:
    item = change(ChangeSet(ground()), "r4", model="3.0")
    assert item["cells"] == {"model": ["", "3.0"]}
    assert [problem["column"] for problem in item["problems"]] == ["style"]
    assert "“anime” does not exist in model 3.0" in item["problems"][0]["message"]


def test_columns_that_there_are_not_are_told_once() -> None:
    changes = ChangeSet(ground())
    changes.change("r2", {"mood": "dark"})
    changes.change("r3", {"mood": "dark"})
    assert (changes.items(), list(changes.notes())) == (
        [],
        ["There is no column “mood”; what was proposed for it is left out."],
    )


def test_new_rows_have_what_is_dealt_to_them_and_what_all_rows_share() -> None:
    changes = ChangeSet(ground())
    written = {"prompt": "A snowy owl asleep", "style": "anime", "aspect_ratio": "3:2"}
    changes.add(written, dealt={"style": "design"})
    (item,) = changes.items()
    assert (item["op"], item["number"], item["after"]) == ("add", 10, None)
    assert {name: after for name, (_, after) in item["cells"].items()} == {
        "prompt": "A snowy owl asleep",
        "visibility": "private",
        "aspect_ratio": "3:2",
        "style": "design",
    }


def test_what_all_rows_have_by_now_goes_before_what_the_brief_once_dealt() -> None:
    lines = [Line(f"r{n}", n, {"prompt": f"Fox {n}", "aspect_ratio": "16:9"}) for n in (2, 3)]
    for known, ratio in ((lines, "16:9"), (lines[:1], "1:1")):
        changes = ChangeSet(Ground(known))
        changes.add({"prompt": "A snowy owl asleep"}, dealt={"aspect_ratio": "1:1"})
        assert changes.items()[0]["cells"]["aspect_ratio"] == ["", ratio]


def test_new_rows_that_repeat_or_have_no_prompt_are_left_out_and_said() -> None:
    changes = ChangeSet(ground())
    added = ["An owl", "an owl.", PROMPTS[0].upper(), "", "A bear on skis"]
    assert [changes.add({"prompt": prompt}) for prompt in added] == [True, False, False, False, True]
    assert [item["number"] for item in changes.items()] == [10, 11]
    assert list(changes.notes()) == [
        "Two new rows were too like others and left out.",
        "One new row without a prompt left out.",
    ]


def test_no_more_rows_are_proposed_than_a_sheet_may_have() -> None:
    changes = ChangeSet(ground(max_rows=11))
    prompts = ["An owl", "A bear on skis", "Snow", "Ice on a lake"]
    assert [changes.add({"prompt": prompt}) for prompt in prompts] == [True, True, False, False]
    assert list(changes.notes()) == ["Two more would not fit: a sheet has 10 rows at the most."]
    changes = ChangeSet(ground(max_rows=9))
    changes.delete("r2")
    assert changes.add({"prompt": "An owl"}), "a row that goes makes room"

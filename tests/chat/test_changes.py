"""Change sets: what is proposed row by row, with locks respected, values checked, limits kept."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.chat.carrying_out import NoSuchRows, carry_out
from assistant.chat.changes import ChangeSet
from assistant.chat.ground import Ground, Line, Unclear
from assistant.drafting.intents import understand
from tests.chat.sheets import PROMPTS, ground

LOCKED = {"r5": frozenset({"prompt"}), "r8": frozenset({"style", "visibility"})}


def asked(text: str, here: Ground | None = None) -> tuple[ChangeSet, str]:
    """The change set of a request, and what is said with it."""
    changes = ChangeSet(here or ground())
    done = carry_out(understand(text), changes)
    return changes, " ".join([*done.said, *changes.notes()])


def cells(changes: ChangeSet, column: str) -> dict[int, list[str]]:
    return {item["number"]: item["cells"][column] for item in changes.items() if column in item["cells"]}


def ops(changes: ChangeSet) -> list[tuple[str, int]]:
    return [(item["op"], item["number"]) for item in changes.items()]


def test_a_setting_has_before_and_after_for_the_rows_that_it_changes() -> None:
    changes, said = asked("all 2:3")
    assert cells(changes, "aspect_ratio") == {number: ["", "2:3"] for number in (2, 4, 5, 6, 7, 8, 9)}
    assert said == "Sets aspect_ratio to “2:3” in all rows."
    (first, *_) = changes.items()
    assert first == {
        "id": 1,
        "op": "change",
        "row_id": "r2",
        "number": 2,
        "cells": {"aspect_ratio": ["", "2:3"]},
        "state": "open",
        "why": None,
        "after": None,
        "problems": [],
    }


def test_an_emptied_cell_says_what_it_means_then() -> None:
    changes, said = asked("clear the palettes")
    assert cells(changes, "color_palette") == {3: ["#1F4D3A #D96B27", ""]}
    assert said == "Empties color_palette in all rows; it is none then."


def test_unwanted_things_join_the_keywords_that_are_there_and_rows_that_ask_for_them_are_told() -> None:
    changes, said = asked("no text or blurry edges in the images")
    assert cells(changes, "negative_prompt")[2] == ["", "text, blurry edges"]
    assert cells(changes, "negative_prompt")[6] == ["Text, blurry", "Text, blurry, blurry edges"]
    assert "Row 5 asks for it in its prompt: reword or delete it to be sure." in said
    _, said = asked("no dogs")
    assert "Rows 4 and 7 ask for it in their prompts: reword or delete them to be sure." in said


def test_words_are_replaced_whole_and_keep_their_capital() -> None:
    changes, _ = asked("replace fox with wolf")
    assert cells(changes, "prompt") == {2: [PROMPTS[0], PROMPTS[0].replace("fox", "wolf")]}
    changes, _ = asked("replace “a sticker” with “an enamel pin”")
    assert cells(changes, "prompt")[2][1].startswith("An enamel pin of a fox")


def test_a_text_is_added_to_every_prompt() -> None:
    changes, _ = asked("add “snow” to the end of the prompts of rows 2 and 3")
    assert [after for _, after in cells(changes, "prompt").values()] == [
        f"{PROMPTS[0]}, snow",
        f"{PROMPTS[1]}, snow",
    ]


def test_rows_are_deleted_with_all_that_was_in_them() -> None:
    changes, said = asked("delete the ones with dogs")
    assert ops(changes) == [("delete", 4), ("delete", 7)]
    assert changes.items()[0]["cells"] == {
        "prompt": [PROMPTS[2], ""],
        "visibility": ["private", ""],
        "seed_number": ["7", ""],
        "style": ["anime", ""],
    }
    assert said == "Deletes the rows whose prompt has “dogs”."
    kept, _ = asked("keep only the ones with dogs")
    assert [number for _, number in ops(kept)] == [2, 3, 5, 6, 8, 9]


def test_a_deletion_goes_before_a_change_of_the_same_row() -> None:
    changes, _ = asked("all public and delete row 7")
    assert ops(changes) == [("change", n) for n in (2, 3, 4, 5, 6)] + [
        ("delete", 7),
        ("change", 8),
        ("change", 9),
    ]


def test_rows_that_repeat_another_are_deleted_with_the_row_that_they_repeat() -> None:
    lines = [
        Line(str(n), n, {"prompt": text}) for n, text in enumerate(["A red fox.", "An owl", "a red  fox"], 2)
    ]
    changes, said = asked("remove duplicates", Ground(lines))
    assert [(item["number"], item["why"]) for item in changes.items()] == [(4, "Too like row 2.")]
    assert said == "Deletes one row whose prompt is nearly that of an earlier one."
    changes, said = asked("remove duplicates")
    assert (changes.items(), said) == (
        [],
        "No prompt is nearly that of an earlier row; there is nothing to delete.",
    )


def test_copies_stand_below_their_row() -> None:
    changes, said = asked("duplicate row 4 twice")
    assert ops(changes) == [("add", 5), ("add", 6)]
    copy = changes.items()[0]
    assert (copy["after"], copy["cells"]["style"], copy["cells"]["prompt"]) == (
        "r4",
        ["", "anime"],
        ["", PROMPTS[2]],
    )
    assert len({item["row_id"] for item in changes.items()} | {"r4"}) == 3
    assert said == "Duplicates row 4 two times."


def test_variants_become_a_row_each() -> None:
    changes, said = asked("expand row 8")
    assert cells(changes, "prompt") == {
        8: [PROMPTS[6], "A sticker of a red owl on a milestone"],
        9: ["", "A sticker of a blue owl on a milestone"],
        10: ["", "A sticker of a green owl on a milestone"],
    }
    assert said == "Makes 3 rows of row 8, one of each variant."
    with pytest.raises(Unclear, match="No prompt in row 2 has variants"):
        asked("expand row 2")


COUNTS = [
    ("how many rows?", "The sheet has 8 rows."),
    ("how many rows are about foxes?", "The rows whose prompt has “foxes”: 2 of 8: rows 2–3."),
    ("which rows have a palette?", "The rows with a color_palette: 1 of 8: row 3."),
    ("how many rows mention bears", "The rows whose prompt has “bears”: 0 of 8."),
    ("how many images?", "30 images of 8 rows."),
    ("how many images in rows 5 and 6", "6 images of 2 rows."),
]


@pytest.mark.parametrize(("text", "said"), COUNTS)
def test_questions_are_answered_and_change_nothing(text: str, said: str) -> None:
    changes, answer = asked(text)
    assert (answer, changes.items(), changes.touched) == (said, [], False)


def test_no_row_with_the_words_is_told_apart_so_that_a_model_may_look() -> None:
    with pytest.raises(NoSuchRows, match="No prompt has “unicorns”"):
        asked("delete the ones with unicorns")
    with pytest.raises(Unclear, match="There are none"):
        asked("delete the public ones")


def test_cells_that_a_person_wrote_are_left_alone_and_told() -> None:
    changes, _ = asked("all public and style design", ground(locked=LOCKED))
    assert 8 not in {item["number"] for item in changes.items()}
    assert set(cells(changes, "visibility")) == {2, 3, 4, 5, 6, 7, 9}, "only the prompt of row 5 is locked"
    assert changes.left() == [
        {
            "row_id": "r8",
            "number": 8,
            "op": "change",
            "cells": {"visibility": ["private", "public"], "style": ["", "design"]},
            "locked": ["visibility", "style"],
            "why": "You edited its visibility and style, so they are locked.",
        }
    ]


def test_a_row_that_is_named_by_its_number_gives_way() -> None:
    changes, _ = asked("row 8 public", ground(locked=LOCKED))
    assert (set(cells(changes, "visibility")), changes.left()) == ({8}, [])
    changes, _ = asked("rows 7-9 public", ground(locked=LOCKED))
    assert set(cells(changes, "visibility")) == {7, 9}, "a range names none of its rows"
    changes, _ = asked("delete rows 5 and 9", ground(locked=LOCKED))
    assert ops(changes) == [("delete", 5), ("delete", 9)]


def test_a_row_that_a_person_edited_is_not_deleted_with_others() -> None:
    changes, _ = asked("delete rows 4-6", ground(locked=LOCKED))
    assert ops(changes) == [("delete", 4), ("delete", 6)]
    (left,) = changes.left()
    assert (left["number"], left["op"], left["why"]) == (
        5,
        "delete",
        "You edited its prompt, so it is locked.",
    )


def test_locks_are_released_by_row_and_by_column() -> None:
    here = ground(locked=LOCKED)
    done = carry_out(understand("release row 8"), ChangeSet(here))
    assert done.released == [("r8", "style"), ("r8", "visibility")]
    done = carry_out(understand("unlock the style of row 8"), ChangeSet(here))
    assert (done.released, done.said) == (
        [("r8", "style")],
        ["Row 8: style may be changed again by a proposal."],
    )
    with pytest.raises(Unclear, match="nothing is locked there"):
        asked("release row 2", here)


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
    changes, _ = asked("model 3.0 for row 4")
    (item,) = changes.items()
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


def test_new_rows_have_the_brief_s_settings_and_what_all_rows_share() -> None:
    changes = ChangeSet(ground(), settings=lambda: {"style": "design", "rendering": ""})
    changes.add(
        {"prompt": "A snowy owl asleep", "style": "anime", "rendering": "turbo", "aspect_ratio": "3:2"}
    )
    (item,) = changes.items()
    assert (item["op"], item["number"], item["after"]) == ("add", 10, None)
    assert {name: after for name, (_, after) in item["cells"].items()} == {
        "prompt": "A snowy owl asleep",
        "visibility": "private",
        "aspect_ratio": "3:2",
        "style": "design",
    }


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

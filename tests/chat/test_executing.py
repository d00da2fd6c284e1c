"""Operations carried out on a change set: what differs is proposed and said, what cannot be is said too."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.chat.changes import ChangeSet
from assistant.chat.executing import carry_out, strange_rows
from assistant.chat.ground import Ground, Line
from assistant.chat.operations import ASKED, KINDS, Unclear, read
from tests.chat.sheets import PROMPTS, ground

LOCKED = {"r5": frozenset({"prompt"}), "r8": frozenset({"style", "visibility"})}


def done(
    *documents: dict[str, Any], here: Ground | None = None, text: str = "", changes: ChangeSet | None = None
) -> tuple[ChangeSet, str]:
    """The change set of some operations, and what is said with it."""
    changes = changes or ChangeSet(here or ground())
    said = [carry_out(read(one, changes.ground.columns), changes, text) for one in documents]
    return changes, " ".join([*said, *changes.notes()])


def cells(changes: ChangeSet, column: str) -> dict[int, list[str]]:
    return {item["number"]: item["cells"][column] for item in changes.items() if column in item["cells"]}


def ops(changes: ChangeSet) -> list[tuple[str, int]]:
    return [(item["op"], item["number"]) for item in changes.items()]


def many(count: int = 60, **more: Any) -> Ground:
    lines = [Line(f"r{n}", n, {"prompt": f"A sticker of fox number {n}"}) for n in range(2, count + 2)]
    return Ground(lines, **more)


def test_a_setting_has_before_and_after_for_the_rows_that_it_changes() -> None:
    changes, said = done({"op": "set", "rows": "all", "column": "aspect_ratio", "values": ["2:3"]})
    assert cells(changes, "aspect_ratio") == {number: ["", "2:3"] for number in (2, 4, 5, 6, 7, 8, 9)}
    assert said == "aspect_ratio becomes “2:3” in rows 2 and 4–9."
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
        "part": "aspect_ratio: 2:3",
        "strand": None,
        "problems": [],
    }


def test_an_emptied_cell_says_what_it_means_then() -> None:
    changes, said = done({"op": "set", "column": "color_palette", "values": [""]})
    assert cells(changes, "color_palette") == {3: ["#1F4D3A #D96B27", ""]}
    assert said == "color_palette becomes none (empty) in row 3."


def test_a_setting_without_a_value_empties_nothing() -> None:
    """A model that leaves the value out must not take the ratio from every row."""
    with pytest.raises(Unclear, match="It is not clear what aspect_ratio is to become"):
        done({"op": "set", "rows": "all", "column": "aspect_ratio", "values": None})


def test_a_value_that_a_column_does_not_take_is_said_once_and_changes_nothing() -> None:
    changes = ChangeSet(ground())
    with pytest.raises(Unclear, match=r"aspect_ratio: “17:9” is not allowed\. Did you mean 16:9"):
        done({"op": "set", "rows": "all", "column": "aspect_ratio", "values": ["17:9"]}, changes=changes)
    assert (changes.items(), changes.left()) == ([], [])
    done({"op": "set", "rows": "2", "column": "style", "values": ["Anime"]}, changes=changes)
    assert cells(changes, "style") == {2: ["", "anime"]}, "what is surely meant is repaired"


@pytest.mark.parametrize("count", [60, 61, 3])
def test_values_are_dealt_evenly(count: int) -> None:
    here = many(count)
    changes, said = done(
        {"op": "set", "rows": "all", "column": "aspect_ratio", "values": ["1:1", "2:3"]}, here=here
    )
    found = [after for _, after in cells(changes, "aspect_ratio").values()]
    assert found.count("1:1") - found.count("2:3") in (0, 1)
    assert "dealt evenly" in said
    other, _ = done(
        {"op": "set", "rows": "all", "column": "aspect_ratio", "values": ["2:3", "1:1"]}, here=here
    )
    assert [after for _, after in cells(other, "aspect_ratio").values()] == [
        {"1:1": "2:3", "2:3": "1:1"}[ratio] for ratio in found
    ], "the other way round"


def test_a_part_that_changes_nothing_says_so_of_itself_alone() -> None:
    changes = ChangeSet(ground())
    done({"op": "set", "rows": "3", "column": "style", "values": ["design"]}, changes=changes)
    with pytest.raises(Unclear, match="visibility: private: nothing to change, what was meant is so already"):
        done({"op": "set", "rows": "all", "column": "visibility", "values": ["private"]}, changes=changes)
    assert [item["part"] for item in changes.items()] == ["style: design"]


def test_a_later_part_goes_on_from_the_ones_before() -> None:
    changes, _ = done(
        {"op": "swap", "text": "fox", "with": "wolf"},
        {"op": "append", "rows": "2", "text": "at night"},
    )
    assert cells(changes, "prompt")[2][1] == f"{PROMPTS[0].replace('fox', 'wolf')}, at night"
    assert changes.items()[0]["part"] == "fox → wolf; + at night"


def test_words_are_replaced_whole_and_keep_their_capital() -> None:
    changes, said = done({"op": "swap", "text": "fox", "with": "wolf"})
    assert cells(changes, "prompt") == {2: [PROMPTS[0], PROMPTS[0].replace("fox", "wolf")]}
    assert said == "“fox” becomes “wolf” in row 2."
    changes, _ = done({"op": "swap", "text": "a sticker", "with": "an enamel pin"})
    assert cells(changes, "prompt")[2][1].startswith("An enamel pin of a fox")
    changes, _ = done({"op": "remove", "text": "white border"})
    assert cells(changes, "prompt")[2][1] == "A sticker of a fox in a red scarf"
    with pytest.raises(Unclear, match="No prompt among these rows has the words “bear”"):
        done({"op": "swap", "text": "bear", "with": "wolf"})


def test_unwanted_things_join_the_keywords_that_are_there() -> None:
    changes, _ = done({"op": "append", "column": "negative_prompt", "text": "text, blurry edges"})
    assert cells(changes, "negative_prompt")[2] == ["", "text, blurry edges"]
    assert cells(changes, "negative_prompt")[6] == ["Text, blurry", "Text, blurry, blurry edges"]


def test_a_text_is_added_at_either_end_and_not_twice() -> None:
    both = {"op": "append", "rows": "2 3", "text": "snow"}
    changes, said = done(both, {"op": "prepend", "rows": "2", "text": "Old print:"})
    assert [after for _, after in cells(changes, "prompt").values()] == [
        f"Old print: {PROMPTS[0]}, snow",
        f"{PROMPTS[1]}, snow",
    ]
    assert said == "Adds “snow” to prompt in rows 2–3. Adds “Old print:” before prompt in row 2."
    with pytest.raises(Unclear, match="is so already"):
        done(both, changes=changes)


def test_rows_are_deleted_with_all_that_was_in_them() -> None:
    where = {"column": "prompt", "test": "has", "text": "dogs"}
    changes, said = done({"op": "delete", "rows": "4"}, {"op": "delete", "where": where})
    assert ops(changes) == [("delete", 4), ("delete", 7)]
    assert changes.items()[0]["cells"] == {
        "prompt": [PROMPTS[2], ""],
        "visibility": ["private", ""],
        "seed_number": ["7", ""],
        "style": ["anime", ""],
    }
    assert said == "Deletes row 4. Deletes row 7."
    kept, _ = done({"op": "keep", "rows": "4, 7"})
    assert [number for _, number in ops(kept)] == [2, 3, 5, 6, 8, 9]


def test_a_deletion_goes_before_a_change_of_the_same_row() -> None:
    changes, _ = done(
        {"op": "delete", "rows": "7"},
        {"op": "set", "rows": "all", "column": "visibility", "values": ["public"]},
    )
    assert ops(changes) == [
        *[("change", n) for n in range(2, 7)],
        ("delete", 7),
        ("change", 8),
        ("change", 9),
    ]


def test_rows_that_are_too_similar_stand_in_groups_each_with_the_one_that_is_kept() -> None:
    prompts = ["A red fox.", "An owl", "a red  fox", "A RED FOX", "an owl!", "A bear on skis"]
    lines = [Line(str(n), n, {"prompt": text}) for n, text in enumerate(prompts, 2)]
    changes, said = done({"op": "similar"}, here=Ground(lines))
    assert [(item["number"], item["part"]) for item in changes.items()] == [
        (4, "Like row 2: A red fox."),
        (5, "Like row 2: A red fox."),
        (6, "Like row 3: An owl"),
    ]
    assert said == "Three rows say nearly the same as an earlier one. The first of each is kept."
    with pytest.raises(Unclear, match="No prompt is nearly that of an earlier row"):
        done({"op": "similar"})


def test_copies_stand_below_their_row() -> None:
    changes, said = done({"op": "duplicate", "rows": "4", "count": 2})
    assert ops(changes) == [("add", 5), ("add", 6)]
    copy = changes.items()[0]
    assert (copy["after"], copy["cells"]["style"], copy["cells"]["prompt"]) == (
        "r4",
        ["", "anime"],
        ["", PROMPTS[2]],
    )
    assert len({item["row_id"] for item in changes.items()} | {"r4"}) == 3
    assert said == "Duplicates row 4 two times."


def test_rows_are_moved_below_another_or_to_the_top() -> None:
    changes, said = done({"op": "move", "rows": "8 9", "below": 2})
    assert [(item["op"], item["row_id"], item["after"]) for item in changes.items()] == [
        ("move", "r8", "r2"),
        ("move", "r9", "r2"),
    ]
    assert said == "Moves rows 8–9 below row 2."
    changes, said = done({"op": "move", "rows": "9", "below": 1})
    assert (changes.items()[0]["after"], said) == ("", "Moves row 9 to the top.")
    with pytest.raises(Unclear, match="There is no row 99"):
        done({"op": "move", "rows": "9", "below": 99})
    with pytest.raises(Unclear, match="below one of themselves"):
        done({"op": "move", "rows": "8 9", "below": 9})


def test_variants_become_a_row_each() -> None:
    changes, said = done({"op": "expand", "rows": "8"})
    assert cells(changes, "prompt") == {
        8: [PROMPTS[6], "A sticker of a red owl on a milestone"],
        9: ["", "A sticker of a blue owl on a milestone"],
        10: ["", "A sticker of a green owl on a milestone"],
    }
    assert said == "Makes 3 rows of row 8, one of each variant."
    with pytest.raises(Unclear, match="No prompt there has variants"):
        done({"op": "expand", "rows": "2"})


ROWS = [
    ("all", range(2, 10)),
    ("", range(2, 10)),
    ("2 5-7", (2, 5, 6, 7)),
    ("7–5, 2", (2, 5, 6, 7)),
    ("2 bis 4", (2, 3, 4)),
    ("first 2", (2, 3)),
    ("last 2", (8, 9)),
    ("selected", (3, 9)),
    ("shown", (2, 3)),
    ("8-400", (8, 9)),
]


@pytest.mark.parametrize(("rows", "numbers"), ROWS)
def test_rows_are_meant_by_numbers_and_by_a_few_words(rows: str, numbers: Any) -> None:
    here = ground(selected=("r3", "r9"), shown=("r2", "r3"))
    changes, _ = done({"op": "set", "rows": rows, "column": "style", "values": ["general"]}, here=here)
    assert [number for _, number in ops(changes)] == list(numbers)


STRANGE = [
    ("40", "There are no such rows: 40."),
    ("selected", "No rows are selected."),
    ("the blue ones", "It is not clear which rows “the blue ones” are."),
]


@pytest.mark.parametrize(("rows", "why"), STRANGE)
def test_rows_that_there_are_not_are_told(rows: str, why: str) -> None:
    with pytest.raises(Unclear) as told:
        done({"op": "delete", "rows": rows})
    assert str(told.value) == why


def test_numbers_beyond_the_sheet_are_found() -> None:
    here = ground()
    assert strange_rows(read({"op": "delete", "rows": "1 9 12-14"}, here.columns), here) == [1, 12, 14]
    assert strange_rows(read({"op": "delete", "rows": "last 40"}, here.columns), here) == []


def test_an_empty_sheet_has_no_rows_to_mean() -> None:
    with pytest.raises(Unclear, match="The sheet has no rows yet"):
        done({"op": "delete", "rows": "all"}, here=Ground([]))


def test_a_question_is_answered_with_the_rows_counted_and_changes_nothing() -> None:
    where = {"column": "color_palette", "test": "is not empty"}
    changes, said = done(
        {"op": "answer", "text": "With a palette:", "where": where}, {"op": "answer", "text": "Because."}
    )
    assert (changes.items(), said) == ([], "With a palette: 1 of 8: row 3. Because.")


def test_cells_that_a_person_wrote_are_left_alone_and_told() -> None:
    changes, _ = done(
        {"op": "set", "rows": "all", "column": "visibility", "values": ["public"]},
        {"op": "set", "rows": "all", "column": "style", "values": ["design"]},
        here=ground(locked=LOCKED),
    )
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
    with pytest.raises(Unclear, match="nothing to change, what was meant is left as it is"):
        done({"op": "set", "rows": "8", "column": "style", "values": ["design"]}, here=ground(locked=LOCKED))


def test_a_row_that_the_person_named_by_its_number_gives_way() -> None:
    public = {"op": "set", "rows": "8", "column": "visibility", "values": ["public"]}
    changes, _ = done(public, here=ground(locked=LOCKED), text="row 8 public")
    assert (set(cells(changes, "visibility")), changes.left()) == ({8}, [])
    changes, _ = done({**public, "rows": "7-9"}, here=ground(locked=LOCKED), text="the last three public")
    assert set(cells(changes, "visibility")) == {7, 9}, "the model named it, not the person"
    changes, _ = done({"op": "delete", "rows": "5 9"}, here=ground(locked=LOCKED), text="delete 5 and 9")
    assert ops(changes) == [("delete", 5), ("delete", 9)]


def test_a_row_that_a_person_edited_is_not_deleted_with_others() -> None:
    changes, said = done({"op": "delete", "rows": "4-6"}, here=ground(locked=LOCKED))
    assert ops(changes) == [("delete", 4), ("delete", 6)]
    assert said == "Deletes rows 4 and 6."
    (left,) = changes.left()
    assert (left["number"], left["op"], left["why"]) == (
        5,
        "delete",
        "You edited its prompt, so it is locked.",
    )


def test_locks_are_released_by_row_and_by_column() -> None:
    here = ground(locked=LOCKED)
    changes, _ = done({"op": "release", "rows": "8"}, here=here)
    assert changes.released == [("r8", "style"), ("r8", "visibility")]
    changes, said = done({"op": "release", "rows": "8", "column": "style"}, here=here)
    assert (changes.released, said) == ([("r8", "style")], "Row 8: style may be changed again by a proposal.")
    done({"op": "set", "rows": "8", "column": "style", "values": ["design"]}, changes=changes)
    assert ops(changes) == [("change", 8)], "what comes after may change it already"
    with pytest.raises(Unclear, match="Nothing is locked in row 2"):
        done({"op": "release", "rows": "2"}, here=here)


def test_values_for_new_rows_are_dealt_to_those_that_came_and_those_to_come() -> None:
    changes = ChangeSet(ground())
    changes.add({"prompt": "An owl at noon"})
    done({"op": "set", "rows": "new", "column": "aspect_ratio", "values": ["1:1", "2:3"]}, changes=changes)
    changes.add({"prompt": "A bear on skis"})
    assert [after for _, after in cells(changes, "aspect_ratio").values()] == ["1:1", "2:3"]


def test_three_hundred_changes_are_one_operation() -> None:
    changes, said = done(
        {"op": "set", "rows": "all", "column": "aspect_ratio", "values": ["16:9"]}, here=many(300)
    )
    assert (changes.size, said) == (300, "aspect_ratio becomes “16:9” in all 300 rows.")
    assert {item["part"] for item in changes.items()} == {"aspect_ratio: 16:9"}


@pytest.mark.parametrize("op", sorted(KINDS.keys() - ASKED))
def test_an_operation_with_nothing_in_it_changes_nothing_silently(op: str) -> None:
    changes = ChangeSet(ground())
    try:
        said = done({"op": op}, changes=changes)[1]
    except Unclear as why:
        said = str(why)
    assert said.endswith(".")

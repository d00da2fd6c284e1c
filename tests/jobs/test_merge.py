"""Rows that a grid adds, moves and deletes: each stands where it was put, and goes back where it was."""

from __future__ import annotations

import random

import pytest

from jobs import ids, mend, steps
from jobs.intake import take_in
from jobs.merge import Wish, take
from jobs.services import LOCAL, Services
from jobs.sheet import look

SHEET = b"prompt,visibility\na,private\nb,private\nc,private\n"


@pytest.fixture
def sheet_id(services: Services) -> str:
    return take_in(services, LOCAL, SHEET, "letters.csv")


def prompts(services: Services, sheet_id: str) -> str:
    return "".join(row.cells.get("prompt", "") for row in look(services, LOCAL, sheet_id).rows)


def by_prompt(services: Services, sheet_id: str) -> dict[str, str]:
    return {row.cells["prompt"]: row.id for row in look(services, LOCAL, sheet_id).rows}


def add(prompt: str, after: str | None) -> Wish:
    return Wish("add", ids.new(), after=after, cells={"prompt": prompt})


def test_rows_are_added_on_top_between_and_below(services: Services, sheet_id: str) -> None:
    known = by_prompt(services, sheet_id)
    first, second = add("1", known["a"]), add("3", known["c"])
    then = Wish("add", ids.new(), after=first.row_id, cells={"prompt": "2"})
    take(services, LOCAL, sheet_id, [add("0", None), first, then, second], "add")
    assert prompts(services, sheet_id) == "0a12bc3"
    assert [row.number for row in look(services, LOCAL, sheet_id).rows] == [2, 3, 4, 5, 6, 7, 8]
    steps.undo(services, LOCAL, sheet_id)
    assert prompts(services, sheet_id) == "abc"
    steps.redo(services, LOCAL, sheet_id)
    assert prompts(services, sheet_id) == "0a12bc3"


def test_rows_move_and_go_back(services: Services, sheet_id: str) -> None:
    known = by_prompt(services, sheet_id)
    take(services, LOCAL, sheet_id, [Wish("move", known["c"], after=None)], "move")
    assert prompts(services, sheet_id) == "cab"
    take(services, LOCAL, sheet_id, [Wish("move", known["c"], after=known["a"])], "move")
    assert prompts(services, sheet_id) == "acb"
    steps.undo(services, LOCAL, sheet_id)
    steps.undo(services, LOCAL, sheet_id)
    assert prompts(services, sheet_id) == "abc"


def test_there_is_always_room_between_two_rows(services: Services, sheet_id: str) -> None:
    """Halving the room between two places thirty times leaves none: all rows get new places then."""
    known = by_prompt(services, sheet_id)
    for number in range(30):
        take(services, LOCAL, sheet_id, [add(str(number % 10), known["a"])], "add")
    assert prompts(services, sheet_id) == "a" + "9876543210" * 3 + "bc"


def test_any_order_of_moves_ends_as_a_list_would(services: Services, sheet_id: str) -> None:
    order = list(by_prompt(services, sheet_id).values())
    wishes = []
    chance = random.Random(5)
    for _ in range(30):
        row_id, after = chance.sample([*order, None], 2)
        if row_id is None:
            continue
        wishes.append(Wish("move", row_id, after=after))
        order.remove(row_id)
        order.insert(order.index(after) + 1 if after else 0, row_id)
    take(services, LOCAL, sheet_id, wishes, "move")
    assert [row.id for row in look(services, LOCAL, sheet_id).rows] == order


def test_a_cell_of_a_row_that_is_gone_is_a_conflict_with_what_was_written(
    services: Services, sheet_id: str
) -> None:
    known = by_prompt(services, sheet_id)
    mend.delete_rows(services, LOCAL, sheet_id, [known["b"]])
    taken = take(services, LOCAL, sheet_id, [Wish("set", known["b"], "prompt", "b", "bb")], "edit")
    assert taken.group is None
    assert [(clash.gone, clash.wish.text) for clash in taken.clashes] == [(True, "bb")]


def test_an_added_row_that_was_written_in_since_comes_back_as_it_was(
    services: Services, sheet_id: str
) -> None:
    wish = add("d", by_prompt(services, sheet_id)["c"])
    group = take(services, LOCAL, sheet_id, [wish], "add").group or 0
    take(services, LOCAL, sheet_id, [Wish("set", wish.row_id, "prompt", "d", "e")], "edit")
    back = mend.undo(services, LOCAL, sheet_id, group)
    assert prompts(services, sheet_id) == "abc"
    mend.undo(services, LOCAL, sheet_id, back)
    assert prompts(services, sheet_id) == "abce"

"""Proposals taken whole, row by row, or not; what changed meanwhile is left; one undo for what was taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from jobs import mend, recall, talk
from jobs.errors import Conflict, Invalid, NotFound
from jobs.intake import take_in
from jobs.mend import Change
from jobs.services import LOCAL, Services
from jobs.sheet import look
from jobs.store import edits as log
from jobs.store.turns import Turn
from jobs.talk import Answer

SHEET = b"prompt,visibility\na fox,private\nan owl,private\na bear,private\na wolf,private\n"


@pytest.fixture
def sheet_id(services: Services) -> str:
    return take_in(services, LOCAL, SHEET, "animals.csv")


def ids(services: Services, sheet_id: str) -> list[str]:
    return [row.id for row in look(services, LOCAL, sheet_id).rows]


def prompts(services: Services, sheet_id: str) -> list[str]:
    return [row.cells["prompt"] for row in look(services, LOCAL, sheet_id).rows]


def item(
    number: int, op: str, row_id: str, cells: Mapping[str, list[str]], after: str | None = None
) -> dict[str, Any]:
    told: dict[str, Any] = {"id": number, "op": op, "row_id": row_id, "number": number, "cells": dict(cells)}
    return told | {"state": "open", "why": None, "after": after, "problems": []}


@pytest.fixture
def proposed(services: Services, sheet_id: str) -> Turn:
    """Row 2 and row 3 reworded, row 4 deleted, a row added below row 2 and one at the end."""
    fox, owl, bear, _ = ids(services, sheet_id)
    items = [
        item(2, "change", fox, {"prompt": ["a fox", "a red fox"], "style": ["", "design"]}),
        item(3, "change", owl, {"prompt": ["an owl", "a snowy owl"]}),
        item(4, "delete", bear, {"prompt": ["a bear", ""], "visibility": ["private", ""]}),
        item(5, "add", "new-hare", {"prompt": ["", "a hare"], "visibility": ["", "private"]}, after=fox),
        item(6, "add", "new-mole", {"prompt": ["", "a mole"], "visibility": ["", "private"]}),
    ]
    return talk.tell(services, LOCAL, sheet_id, "make it nicer", Answer("Done.", items, source="model"))


def states(turn: Turn) -> list[str]:
    return [item["state"] for item in turn.changes]


def groups(services: Services, sheet_id: str) -> list[str]:
    with services.database.read() as connection:
        return [group.origin for group in log.groups(connection, LOCAL, sheet_id)]


def test_nothing_changes_before_it_is_accepted(services: Services, sheet_id: str, proposed: Turn) -> None:
    assert (proposed.n, proposed.state, proposed.text, proposed.reply) == (
        1,
        "proposed",
        "make it nicer",
        "Done.",
    )
    assert prompts(services, sheet_id) == ["a fox", "an owl", "a bear", "a wolf"]
    assert groups(services, sheet_id) == ["upload"]
    assert talk.conversation(services, LOCAL, sheet_id) == [proposed]


def test_all_is_taken_as_one_change_and_undone_in_one_step(
    services: Services, sheet_id: str, proposed: Turn
) -> None:
    turn = talk.accept(services, LOCAL, sheet_id, proposed.n)
    assert (turn.state, set(states(turn))) == ("accepted", {"accepted"})
    assert prompts(services, sheet_id) == ["a red fox", "a hare", "a snowy owl", "a wolf", "a mole"]
    assert groups(services, sheet_id) == ["upload", "change"]
    (group,) = {item["group"] for item in turn.changes}
    mend.undo(services, LOCAL, sheet_id, group)
    assert prompts(services, sheet_id) == ["a fox", "an owl", "a bear", "a wolf"]
    assert look(services, LOCAL, sheet_id).rows[0].cells == {"prompt": "a fox", "visibility": "private"}
    with services.database.read() as connection:
        assert recall.undone(connection, LOCAL, sheet_id) == {group}
        assert recall.last_taken(connection, LOCAL, sheet_id) is None


def test_rows_are_taken_and_refused_one_by_one(services: Services, sheet_id: str, proposed: Turn) -> None:
    fox, owl, *_ = ids(services, sheet_id)
    turn = talk.accept(services, LOCAL, sheet_id, proposed.n, [fox])
    assert (turn.state, states(turn)) == ("proposed", ["accepted", "open", "open", "open", "open"])
    turn = talk.reject(services, LOCAL, sheet_id, proposed.n, [owl, "new-hare"])
    assert states(turn) == ["accepted", "rejected", "open", "rejected", "open"]
    turn = talk.accept(services, LOCAL, sheet_id, proposed.n)
    assert (turn.state, states(turn)) == (
        "accepted",
        ["accepted", "rejected", "accepted", "rejected", "accepted"],
    )
    assert prompts(services, sheet_id) == ["a red fox", "an owl", "a wolf", "a mole"]
    assert groups(services, sheet_id) == ["upload", "change", "change"]


def test_what_is_refused_whole_leaves_the_sheet_as_it_is(
    services: Services, sheet_id: str, proposed: Turn
) -> None:
    turn = talk.reject(services, LOCAL, sheet_id, proposed.n)
    assert (turn.state, set(states(turn))) == ("rejected", {"rejected"})
    assert groups(services, sheet_id) == ["upload"]
    assert talk.accept(services, LOCAL, sheet_id, proposed.n) == turn, "what is decided stays decided"


def test_accepting_twice_changes_nothing_more(services: Services, sheet_id: str, proposed: Turn) -> None:
    first = talk.accept(services, LOCAL, sheet_id, proposed.n)
    assert talk.accept(services, LOCAL, sheet_id, proposed.n) == first
    assert groups(services, sheet_id) == ["upload", "change"]


def test_what_a_person_changed_meanwhile_is_left_and_told(
    services: Services, sheet_id: str, proposed: Turn
) -> None:
    fox, owl, bear, _ = ids(services, sheet_id)
    mine = [Change(fox, "prompt", "my fox"), Change(owl, "prompt", "my owl"), Change(bear, "style", "3d")]
    mend.set_cells(services, LOCAL, sheet_id, mine)
    turn = talk.accept(services, LOCAL, sheet_id, proposed.n)
    assert states(turn) == ["accepted", "gone", "gone", "accepted", "accepted"]
    assert [item["why"] for item in turn.changes[:3]] == [
        "Its prompt was changed meanwhile and left so.",
        "Its prompt was changed meanwhile and left so.",
        "The row was changed meanwhile, so it is kept.",
    ]
    rows = look(services, LOCAL, sheet_id).rows
    assert [row.cells["prompt"] for row in rows] == [
        "my fox",
        "a hare",
        "my owl",
        "a bear",
        "a wolf",
        "a mole",
    ]
    assert rows[0].cells["style"] == "design", "the cell that nobody touched is taken"


def test_a_row_that_was_deleted_meanwhile_is_gone(services: Services, sheet_id: str, proposed: Turn) -> None:
    fox, _, bear, _ = ids(services, sheet_id)
    mend.delete_rows(services, LOCAL, sheet_id, [fox, bear])
    turn = talk.accept(services, LOCAL, sheet_id, proposed.n, [fox, bear])
    assert [item["why"] for item in turn.changes[:3]] == [
        "The row was deleted meanwhile.",
        None,
        "The row was deleted already.",
    ]
    turn = talk.accept(services, LOCAL, sheet_id, proposed.n)
    assert prompts(services, sheet_id) == ["a snowy owl", "a wolf", "a hare", "a mole"], (
        "at the end: its row is gone"
    )


def test_a_cell_that_has_the_proposed_text_already_is_no_conflict(
    services: Services, sheet_id: str, proposed: Turn
) -> None:
    _, owl, *_ = ids(services, sheet_id)
    mend.set_cells(services, LOCAL, sheet_id, [Change(owl, "prompt", "a snowy owl")])
    turn = talk.accept(services, LOCAL, sheet_id, proposed.n, [owl])
    assert (states(turn)[1], turn.changes[1]["group"]) == ("accepted", None)


def test_rows_for_which_there_is_no_room_stay_open(
    environment: dict[str, str], request: pytest.FixtureRequest
) -> None:
    environment["PROMPTSHEET_MAX_ROWS"] = "5"
    services: Services = request.getfixturevalue("services")
    sheet_id: str = request.getfixturevalue("sheet_id")
    request.getfixturevalue("proposed")
    turn = talk.accept(services, LOCAL, sheet_id, 1)
    assert (turn.state, states(turn)) == ("proposed", ["accepted"] * 4 + ["open"])
    assert turn.changes[4]["why"] == "There is no room: a sheet has 4 rows at the most."
    assert prompts(services, sheet_id) == ["a red fox", "a hare", "a snowy owl", "a wolf"]


def test_several_rows_below_one_keep_their_order(services: Services, sheet_id: str) -> None:
    fox = ids(services, sheet_id)[0]
    items = [item(n, "add", f"copy-{n}", {"prompt": ["", f"fox {n}"]}, after=fox) for n in (3, 4, 5)]
    talk.tell(services, LOCAL, sheet_id, "three more", Answer(None, items))
    talk.accept(services, LOCAL, sheet_id, 1)
    assert prompts(services, sheet_id) == ["a fox", "fox 3", "fox 4", "fox 5", "an owl", "a bear", "a wolf"]
    assert groups(services, sheet_id) == ["upload", "asked"], "not told as a model's"


def test_a_released_row_is_proposed(services: Services, sheet_id: str) -> None:
    fox = ids(services, sheet_id)[0]
    mend.set_cells(services, LOCAL, sheet_id, [Change(fox, "prompt", "my fox")])
    with services.database.read() as connection:
        assert recall.locks(connection, LOCAL, sheet_id) == {fox: {"prompt"}}
    left = {
        "row_id": fox,
        "number": 2,
        "op": "change",
        "cells": {"prompt": ["my fox", "a moody fox"]},
        "locked": ["prompt"],
        "why": "You edited its prompt, so it is locked.",
    }
    talk.tell(services, LOCAL, sheet_id, "moodier", Answer(None, [], [left], source="model"))
    turn = talk.release(services, LOCAL, sheet_id, 1, fox)
    assert (turn.state, turn.left, states(turn)) == ("proposed", [], ["open"])
    with services.database.read() as connection:
        assert recall.locks(connection, LOCAL, sheet_id) == {}
    with pytest.raises(Conflict, match="not left alone any more"):
        talk.release(services, LOCAL, sheet_id, 1, fox)
    talk.accept(services, LOCAL, sheet_id, 1)
    assert prompts(services, sheet_id)[0] == "a moody fox"


def test_a_waiting_turn_cannot_be_decided_and_can_be_stopped(services: Services, sheet_id: str) -> None:
    turn = talk.wait(services, LOCAL, sheet_id, "make row 2 moodier")
    with pytest.raises(Conflict, match="still coming"):
        talk.accept(services, LOCAL, sheet_id, turn.n)
    fox = ids(services, sheet_id)[0]
    assert talk.arriving(services, turn, [item(2, "change", fox, {"prompt": ["a fox", "a dark fox"]})], [])
    stopped = talk.stop(services, LOCAL, sheet_id, turn.n)
    assert (stopped.state, stopped.reply) == ("proposed", "You stopped this before its answer was complete.")
    assert not talk.arriving(services, turn, [], []), "whoever still writes is told that it is over"
    assert not talk.settle(services, turn, Answer("late", []))
    assert talk.stop(services, LOCAL, sheet_id, turn.n) == stopped
    talk.accept(services, LOCAL, sheet_id, turn.n)
    assert prompts(services, sheet_id)[0] == "a dark fox"


def test_rows_are_told_in_the_order_that_they_had(services: Services, sheet_id: str) -> None:
    before, at = ids(services, sheet_id), services.clock()
    mend.delete_rows(services, LOCAL, sheet_id, before[:1])
    items = [item(3, "add", "new", {"prompt": ["", "a hare"]}, after=before[1])]
    talk.tell(services, LOCAL, sheet_id, "one more", Answer(None, items))
    talk.accept(services, LOCAL, sheet_id, 1)
    assert ids(services, sheet_id) == [before[1], "new", before[2], before[3]]
    with services.database.read() as connection:
        assert recall.order_at(connection, LOCAL, sheet_id, at) == before


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4001])
def test_a_message_without_words_or_with_too_many_says_so(text: str) -> None:
    with pytest.raises(Invalid):
        talk.cleaned(text)


def test_what_is_not_there_is_not_found(services: Services, sheet_id: str, proposed: Turn) -> None:
    for act in (talk.accept, talk.reject, talk.stop, talk.turn):
        with pytest.raises(NotFound):
            act(services, LOCAL, sheet_id, 7)
        with pytest.raises(NotFound):
            act(services, "somebody else", sheet_id, proposed.n)
    with pytest.raises(NotFound):
        talk.conversation(services, "somebody else", sheet_id)
    with pytest.raises(Invalid, match="no row nobody in this proposal"):
        talk.accept(services, LOCAL, sheet_id, proposed.n, ["nobody"])
    answered = talk.tell(services, LOCAL, sheet_id, "how many rows?", Answer("The sheet has 4 rows."))
    assert answered.state == "answered"
    with pytest.raises(Conflict, match="nothing to decide"):
        talk.accept(services, LOCAL, sheet_id, answered.n)

"""What is asked over a sheet without a model: said to need one, or made by a button as an operation."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.chat.conversation import ask, operate
from jobs import talk
from jobs.errors import Invalid, NotFound
from jobs.intake import take_in
from jobs.mend import Change, set_cells
from jobs.services import LOCAL, Services
from jobs.sheet import look
from jobs.store import endpoints
from tests.jobs.conftest import environment, services

__all__ = ["environment", "services"]

DESIGN = {"op": "set", "column": "style", "values": ["design"]}


def sheet(services: Services, prompts: list[str]) -> str:
    lines = "".join(f'"{prompt}",private\n' for prompt in prompts)
    return take_in(services, LOCAL, f"prompt,visibility\n{lines}".encode(), "made.csv")


def test_talking_needs_a_model(services: Services) -> None:
    sheet_id = sheet(services, ["a fox", "an owl"])
    turn = ask(services, LOCAL, sheet_id, "all 16:9")
    assert (turn.state, turn.changes) == ("answered", [])
    assert str(turn.reply).startswith("Talking needs a language model. None is connected. Without one, the")


def test_an_endpoint_that_cannot_be_used_is_named(services: Services) -> None:
    sheet_id = sheet(services, ["a fox"])
    with services.database.write() as connection:
        endpoints.save(connection, LOCAL, "ftp://nowhere", "", "", services.clock())
    turn = ask(services, LOCAL, sheet_id, "make row 2 moodier")
    assert "The language model's address cannot be used." in str(turn.reply)


def test_a_button_makes_a_proposal_that_is_taken_and_taken_back(services: Services) -> None:
    sheet_id = sheet(services, ["a fox", "an owl"])
    turn = operate(services, LOCAL, sheet_id, [DESIGN])
    assert (turn.state, turn.source, turn.text) == ("proposed", "program", "style: design")
    assert turn.operations == [{"op": "set", "column": "style", "values": ["design"]}]
    talk.accept(services, LOCAL, sheet_id, turn.n)
    assert [row.cells["style"] for row in look(services, LOCAL, sheet_id).rows] == ["design", "design"]
    talk.take_back(services, LOCAL, sheet_id, turn.n)
    assert [row.cells.get("style") for row in look(services, LOCAL, sheet_id).rows] == [None, None]


def test_a_button_means_the_rows_that_are_selected(services: Services) -> None:
    sheet_id = sheet(services, ["a fox", "an owl"])
    owl = look(services, LOCAL, sheet_id).rows[1].id
    seen = {"selected": [owl], "shown": [owl]}
    for rows in ("selected", "shown"):
        turn = operate(services, LOCAL, sheet_id, [DESIGN | {"rows": rows}], seen)
        assert [item["number"] for item in turn.changes] == [3]
    turn = operate(services, LOCAL, sheet_id, [DESIGN | {"rows": "selected"}])
    assert (turn.state, turn.reply) == ("answered", "No rows are selected.")


@pytest.mark.parametrize(
    ("documents", "why"),
    [
        ([], "There is no operation to carry out."),
        (["delete"], "There is no operation “?”."),
        ([{"op": "add", "count": 5}], "add is for talking: write it as a message."),
        ([{"op": "undo"}], "undo is for talking: write it as a message."),
    ],
)
def test_what_a_button_cannot_do_is_refused(services: Services, documents: list[Any], why: str) -> None:
    sheet_id = sheet(services, ["a fox"])
    with pytest.raises(Invalid) as told:
        operate(services, LOCAL, sheet_id, documents)
    assert str(told.value) == why
    assert talk.conversation(services, LOCAL, sheet_id) == []


def test_moved_rows_stand_where_they_were_put(services: Services) -> None:
    sheet_id = sheet(services, ["a fox", "an owl", "a bear", "a wren"])
    for rows, below, order in (
        ("4 5", 1, ["a bear", "a wren", "a fox", "an owl"]),
        ("2", 4, ["a wren", "a fox", "a bear", "an owl"]),
    ):
        turn = operate(services, LOCAL, sheet_id, [{"op": "move", "rows": rows, "below": below}])
        before = [row.cells["prompt"] for row in look(services, LOCAL, sheet_id).rows]
        talk.accept(services, LOCAL, sheet_id, turn.n)
        assert [row.cells["prompt"] for row in look(services, LOCAL, sheet_id).rows] == order
        talk.take_back(services, LOCAL, sheet_id, turn.n)
        assert [row.cells["prompt"] for row in look(services, LOCAL, sheet_id).rows] == before
        talk.accept(
            services,
            LOCAL,
            sheet_id,
            operate(services, LOCAL, sheet_id, [{"op": "move", "rows": rows, "below": below}]).n,
        )


def test_releasing_a_row_takes_its_lock_off_at_once(services: Services) -> None:
    sheet_id = sheet(services, ["a fox", "an owl"])
    fox = look(services, LOCAL, sheet_id).rows[0].id
    set_cells(services, LOCAL, sheet_id, [Change(fox, "style", "3d")])
    assert operate(services, LOCAL, sheet_id, [DESIGN]).left[0]["number"] == 2
    turn = operate(services, LOCAL, sheet_id, [{"op": "release", "rows": "2"}])
    assert (turn.state, turn.reply) == ("answered", "Row 2: style may be changed again by a proposal.")
    assert operate(services, LOCAL, sheet_id, [DESIGN]).left == []


def test_a_message_over_no_sheet_is_not_found(services: Services) -> None:
    with pytest.raises(NotFound):
        ask(services, LOCAL, "nobody", "all 16:9")
    with pytest.raises(NotFound):
        operate(services, LOCAL, "nobody", [DESIGN])

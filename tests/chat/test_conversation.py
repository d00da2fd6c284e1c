"""What is asked without a model: answered at once by the program, or told to need one."""

from __future__ import annotations

import pytest

from assistant.chat.conversation import ask
from jobs.errors import NotFound
from jobs.intake import take_in
from jobs.mend import Change, set_cells
from jobs.services import LOCAL, Services
from jobs.sheet import look
from jobs.store import endpoints
from tests.jobs.conftest import environment, services

__all__ = ["environment", "services"]


def sheet(services: Services, prompts: list[str]) -> str:
    lines = "".join(f'"{prompt}",private\n' for prompt in prompts)
    return take_in(services, LOCAL, f"prompt,visibility\n{lines}".encode(), "made.csv")


def test_other_words_need_a_model(services: Services) -> None:
    sheet_id = sheet(services, ["a fox", "an owl"])
    for text in ("rephrase row 2", "add 5 about winter", "make row 2 moodier and all private"):
        turn = ask(services, LOCAL, sheet_id, text)
        assert (turn.state, turn.changes) == ("answered", [])
        assert str(turn.reply).startswith(
            "That needs a language model. None is set up. Without one you can set"
        )


def test_an_endpoint_that_cannot_be_used_is_named(services: Services) -> None:
    sheet_id = sheet(services, ["a fox"])
    with services.database.write() as connection:
        endpoints.save(connection, LOCAL, "ftp://nowhere", "", "", services.clock())
    turn = ask(services, LOCAL, sheet_id, "make row 2 moodier")
    assert "The language model's address cannot be used." in str(turn.reply)
    assert ask(services, LOCAL, sheet_id, "all 16:9").state == "proposed", "that needs none"


def test_releasing_a_row_takes_its_lock_off_at_once(services: Services) -> None:
    sheet_id = sheet(services, ["a fox", "an owl"])
    fox = look(services, LOCAL, sheet_id).rows[0].id
    set_cells(services, LOCAL, sheet_id, [Change(fox, "style", "3d")])
    assert ask(services, LOCAL, sheet_id, "style design everywhere").left[0]["number"] == 2
    turn = ask(services, LOCAL, sheet_id, "release row 2")
    assert (turn.state, turn.reply) == ("answered", "Row 2: style may be changed again by a proposal.")
    assert ask(services, LOCAL, sheet_id, "style design everywhere").left == []


def test_a_message_over_no_sheet_is_not_found(services: Services) -> None:
    with pytest.raises(NotFound):
        ask(services, LOCAL, "nobody", "all 16:9")

"""What is asked without a model: answered at once by the program or, over a sheet it made, the composer."""

from __future__ import annotations

import pytest

from assistant.drafting.brief import Brief
from assistant.drafting.composer import Composer
from assistant.drafting.conversation import ask
from jobs import talk
from jobs.errors import NotFound
from jobs.intake import take_in
from jobs.mend import Change, set_cells
from jobs.services import LOCAL, Services
from jobs.sheet import look
from jobs.store import drafts, endpoints
from tests.jobs.conftest import environment, services

__all__ = ["environment", "services"]

BRIEF = Brief(
    "Christmas stickers, woodland animals",
    (
        "A sticker of a fox in a red scarf, white border",
        "A sticker of an owl on a sledge, white border",
        "A sticker of a bear under the moon, white border",
    ),
)


def sheet(services: Services, prompts: list[str]) -> str:
    lines = "".join(f'"{prompt}",private\n' for prompt in prompts)
    return take_in(services, LOCAL, f"prompt,visibility\n{lines}".encode(), "made.csv")


@pytest.fixture
def composed(services: Services) -> tuple[str, list[str]]:
    """A sheet that the composer made, and its prompts."""
    rows = Composer(BRIEF, seed=1).rows()
    prompts = [next(rows)["prompt"] for _ in range(4)]
    sheet_id = sheet(services, prompts)
    with services.database.write() as connection:
        drafts.add(connection, LOCAL, sheet_id, "composer", BRIEF.to_json(), 4, services.clock())
    return sheet_id, prompts


@pytest.mark.parametrize("text", ["rephrase row 3", "regenerate row 3", "row 3 again"])
def test_a_row_of_a_composed_sheet_gets_another_combination_that_is_told_as_one(
    services: Services, composed: tuple[str, list[str]], text: str
) -> None:
    sheet_id, prompts = composed
    turn = ask(services, LOCAL, sheet_id, text)
    assert (turn.state, turn.source) == ("proposed", "composer")
    assert turn.reply == "Another combination of the composer, which is not a language model."
    (item,) = turn.changes
    before, after = item["cells"]["prompt"]
    assert (item["number"], before) == (3, prompts[1])
    assert after not in prompts
    talk.accept(services, LOCAL, sheet_id, turn.n)
    assert look(services, LOCAL, sheet_id).rows[1].cells["prompt"] == after


def test_asking_again_before_accepting_gives_the_same_combination(
    services: Services, composed: tuple[str, list[str]]
) -> None:
    sheet_id, _ = composed
    first, second = (ask(services, LOCAL, sheet_id, "rephrase row 3") for _ in range(2))
    assert first.changes[0]["cells"] == second.changes[0]["cells"]


def test_a_locked_row_is_left_alone_by_the_composer_unless_it_is_named(
    services: Services, composed: tuple[str, list[str]]
) -> None:
    sheet_id, _ = composed
    mine = look(services, LOCAL, sheet_id).rows[1].id
    set_cells(services, LOCAL, sheet_id, [Change(mine, "prompt", "My own")])
    turn = ask(services, LOCAL, sheet_id, "rephrase all")
    assert [item["number"] for item in turn.changes] == [2, 4, 5]
    assert [entry["number"] for entry in turn.left] == [3]
    named = ask(services, LOCAL, sheet_id, "rephrase row 3")
    assert [item["number"] for item in named.changes] == [3]


def test_a_sheet_that_was_not_composed_needs_a_model_for_other_words(services: Services) -> None:
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

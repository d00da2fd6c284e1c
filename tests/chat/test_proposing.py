"""A model's answer becomes a proposal as it comes, with locks and numbers respected and failures in words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.chat.conversation import ask
from assistant.chat.proposing import answer
from assistant.drafting.brief import Brief, Wish
from assistant.model.client import Limits, Model
from jobs import talk
from jobs.intake import take_in
from jobs.mend import Change, delete_rows, set_cells
from jobs.services import LOCAL, Services
from jobs.sheet import look
from jobs.store import drafts, turns
from jobs.store.turns import Turn
from tests.fakes.chat_server import ChatServer
from tests.jobs.conftest import services
from tests.model.questions import QUICK, SOON, endpoint

__all__ = ["services"]

SHEET = b"""prompt,visibility
A sticker of a fox in a scarf,private
A sticker of an owl on a sledge,private
A sticker of a dog with a parcel,private
A sticker of a bear under the moon,private
"""


@pytest.fixture
def environment(data_folder: Path, server: ChatServer) -> dict[str, str]:
    """The settings, with the stand-in for the language model."""
    return {"PROMPTSHEET_DATA": str(data_folder)} | server.environment()


@pytest.fixture
def sheet_id(services: Services) -> str:
    return take_in(services, LOCAL, SHEET, "stickers.csv")


def answered(
    services: Services,
    server: ChatServer,
    turn: Turn,
    limits: Limits = QUICK,
    meanwhile: Callable[[], Awaitable[None]] | None = None,
) -> Turn:
    """The turn once the draft worker has answered it, as it does."""

    async def run() -> None:
        model = Model(endpoint(server), limits=limits)
        try:
            other = asyncio.create_task(meanwhile()) if meanwhile else None
            await asyncio.wait_for(answer(services, model, turn), 20)
            if other:
                await other
        finally:
            await model.close()

    asyncio.run(run())
    return talk.turn(services, LOCAL, turn.sheet_id, turn.n)


def told(turn: Turn) -> list[tuple[str, int]]:
    return [(item["op"], item["number"]) for item in turn.changes]


def test_what_needs_a_model_waits_for_it_and_becomes_a_proposal(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    turn = ask(services, LOCAL, sheet_id, "make rows 3 to 4 moodier")
    assert (turn.state, turn.source, turn.changes) == ("waiting", "model", [])
    done = answered(services, server, turn)
    assert (done.state, done.reply) == ("proposed", "Here is what I would change.")
    assert told(done) == [("change", 3), ("change", 4)]
    assert done.changes[0]["cells"] == {
        "prompt": ["A sticker of an owl on a sledge", "A sticker of an owl on a sledge, moodier"]
    }
    assert look(services, LOCAL, sheet_id).rows[1].cells["prompt"] == "A sticker of an owl on a sledge"
    talk.accept(services, LOCAL, sheet_id, done.n)
    assert look(services, LOCAL, sheet_id).rows[1].cells["prompt"].endswith(", moodier")


def test_what_the_program_can_do_alone_asks_no_model(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    assert ask(services, LOCAL, sheet_id, "all 16:9").state == "proposed"
    assert ask(services, LOCAL, sheet_id, "delete the ones with dogs").source == "program"
    assert server.counts().calls == 0


def test_rows_that_no_word_finds_are_the_model_s_to_find(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    turn = ask(services, LOCAL, sheet_id, "delete the ones with animals of the night")
    assert turn.state == "waiting"


def test_new_rows_have_the_settings_of_the_brief(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    settings = {"style": Wish("fixed", ("design",)), "aspect_ratio": Wish("spread", ("1:1", "2:3"))}
    brief = Brief("Christmas stickers", settings=settings, rows=4)
    with services.database.write() as connection:
        drafts.add(connection, LOCAL, sheet_id, "model", brief.to_json(), 4, services.clock())
    done = answered(services, server, ask(services, LOCAL, sheet_id, "add 4 about winter"))
    assert told(done) == [("add", 6), ("add", 7), ("add", 8), ("add", 9)]
    cells = [{name: after for name, (_, after) in item["cells"].items()} for item in done.changes]
    assert {row["style"] for row in cells} == {"design"}
    assert sorted(row["aspect_ratio"] for row in cells) == ["1:1", "1:1", "2:3", "2:3"]
    assert {row["visibility"] for row in cells} == {"private"}
    assert all("winter" in row["prompt"] for row in cells)


def test_rows_that_a_person_edited_are_left_alone_unless_named(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    bear = look(services, LOCAL, sheet_id).rows[3].id
    set_cells(services, LOCAL, sheet_id, [Change(bear, "prompt", "My own bear")])
    done = answered(services, server, ask(services, LOCAL, sheet_id, "make rows 4 to 5 moodier"))
    assert told(done) == [("change", 4)]
    assert [(entry["number"], entry["locked"]) for entry in done.left] == [(5, ["prompt"])]
    named = answered(services, server, ask(services, LOCAL, sheet_id, "make row 5 moodier"))
    assert (told(named), named.left) == ([("change", 5)], [])


def test_numbers_are_those_that_the_person_saw(services: Services, server: ChatServer, sheet_id: str) -> None:
    turn = ask(services, LOCAL, sheet_id, "make row 4 moodier")
    first = look(services, LOCAL, sheet_id).rows[0].id
    delete_rows(services, LOCAL, sheet_id, [first])
    done = answered(services, server, turn)
    assert told(done) == [("change", 4)]
    assert done.changes[0]["cells"]["prompt"][0] == "A sticker of a dog with a parcel"


@pytest.mark.parametrize("text", ["rephrase row 3", "regenerate row 3"])
def test_a_row_is_written_anew_with_its_neighbours_in_view(
    services: Services, server: ChatServer, sheet_id: str, text: str
) -> None:
    done = answered(services, server, ask(services, LOCAL, sheet_id, text))
    assert told(done) == [("change", 3)]
    (before, after) = done.changes[0]["cells"]["prompt"]
    assert before == "A sticker of an owl on a sledge" != after
    (request,) = server.requests()
    words = str(request["body"]["messages"])
    assert "a fox in a scarf" in words
    assert "a bear under the moon" in words


def test_locked_rows_among_those_to_be_rephrased_are_not_asked_for(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    owl = look(services, LOCAL, sheet_id).rows[1].id
    set_cells(services, LOCAL, sheet_id, [Change(owl, "prompt", "My own owl")])
    done = answered(services, server, ask(services, LOCAL, sheet_id, "rephrase rows 2-3"))
    assert told(done) == [("change", 2)]
    assert [entry["number"] for entry in done.left] == [3]
    assert server.counts().calls == 1


def test_rows_are_seen_while_they_come_and_kept_when_the_person_stops(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    server.behave(pace=0.25)
    turn = ask(services, LOCAL, sheet_id, "add 40 about winter")
    seen: list[int] = []

    async def stop() -> None:
        while len(seen) < 2:
            now = talk.turn(services, LOCAL, sheet_id, turn.n)
            if len(now.changes) > (seen[-1] if seen else 0):
                assert now.state == "waiting"
                seen.append(len(now.changes))
            await asyncio.sleep(0.02)
        talk.stop(services, LOCAL, sheet_id, turn.n)

    done = answered(services, server, turn, meanwhile=stop)
    assert (done.state, done.reply) == ("proposed", "You stopped this before its answer was complete.")
    assert 2 <= len(done.changes) < 40


def test_an_answer_that_breaks_off_keeps_what_had_come(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    server.behave(script=["stall"] * 6)
    done = answered(services, server, ask(services, LOCAL, sheet_id, "add 12 about winter"), SOON)
    assert done.state == "proposed"
    assert 0 < len(done.changes) < 12
    assert str(done.reply).endswith("What had come of the answer is below.")


@pytest.mark.parametrize("fault", ["unauthorized", "no-quota", "no-model", "policy"])
def test_a_model_that_does_not_answer_is_told_in_words(
    services: Services, server: ChatServer, sheet_id: str, fault: str
) -> None:
    server.behave(script=[fault] * 8)
    done = answered(services, server, ask(services, LOCAL, sheet_id, "make row 2 moodier"))
    assert (done.state, done.changes) == ("failed", [])
    assert done.reply
    assert done.reply.endswith(".")


def test_wrong_cells_of_a_model_are_shown_and_left_out(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    server.behave(persona="deaf", wrong={"aspect_ratio": "7:5"}, wrong_every=1)
    done = answered(services, server, ask(services, LOCAL, sheet_id, "add 2 about winter"))
    assert len(done.changes) == 2
    for item in done.changes:
        assert "aspect_ratio" not in item["cells"]
        assert "aspect_ratio is left as it is. “7:5” is not allowed." in item["problems"][0]["message"]


def test_a_turn_that_another_worker_took_over_is_left_alone(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    turn = ask(services, LOCAL, sheet_id, "make row 2 moodier")
    with services.database.write() as connection:
        (mine,) = turns.take(connection, "me", 0, services.clock())
        turns.take(connection, "another", services.clock() + 60, services.clock() + 1)
    done = answered(services, server, mine)
    assert (done.state, done.holder, done.changes) == ("waiting", "another", [])
    assert turn.n == done.n


def test_two_turns_are_answered_at_once(services: Services, server: ChatServer, sheet_id: str) -> None:
    server.behave(latency=0.5)
    asked = [ask(services, LOCAL, sheet_id, f"make row {number} moodier") for number in (2, 3)]

    async def both() -> float:
        model = Model(endpoint(server), limits=replace(QUICK, idle=5))
        start = asyncio.get_running_loop().time()
        await asyncio.gather(*(answer(services, model, turn) for turn in asked))
        await model.close()
        return asyncio.get_running_loop().time() - start

    asyncio.run(both())
    assert server.counts().most_in_flight == 2
    assert {turn.state for turn in talk.conversation(services, LOCAL, sheet_id)} == {"proposed"}

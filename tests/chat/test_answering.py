"""A model's answer becomes a proposal as it comes, with locks and numbers respected and failures in words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.chat.answering import answer
from assistant.chat.conversation import ask
from assistant.drafting.brief import Brief, Wish
from assistant.drafting.plan import Plan, Strand
from assistant.model.client import Limits, Model
from jobs import talk
from jobs.intake import take_in
from jobs.mend import Change, delete_rows, set_cells
from jobs.services import LOCAL, Services
from jobs.sheet import look
from jobs.store import drafts, turns
from jobs.store.turns import Turn
from tests.fakes.chat_server import ChatServer
from tests.fakes.chat_words import between
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


LONG = "A sticker of a hare in a scarf under the snowy oak of the village, white border, paper, moonlight"


def drafted(services: Services, sheet_id: str, *, plan: Plan | None = None, **settings: Wish) -> None:
    """The sheet as one that came of a brief with these settings."""
    brief = Brief("Christmas stickers, some wide", examples=(LONG,), settings=settings, rows=4)
    with services.database.write() as connection:
        planned = plan.to_json() if plan else None
        drafts.add(connection, LOCAL, sheet_id, "model", brief.to_json(), 4, services.clock(), plan=planned)


def rewrite(rows: str, text: str = "moodier") -> list[dict[str, Any]]:
    return [{"op": "rewrite", "rows": rows, "text": text}]


def put(column: str, *values: str, rows: str = "all") -> dict[str, Any]:
    return {"op": "set", "rows": rows, "column": column, "values": list(values)}


def asked(services: Services, server: ChatServer, sheet_id: str, text: str, *operations: Any) -> Turn:
    """The turn of a request that the model answers in these operations."""
    server.behave(says={text: list(operations)})
    return answered(services, server, ask(services, LOCAL, sheet_id, text))


def column(turn: Turn, name: str) -> list[str]:
    return [item["cells"][name][1] for item in turn.changes if name in item["cells"]]


def test_a_request_waits_for_the_model_and_becomes_a_proposal(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    server.behave(says={"moodier": rewrite("3-4")})
    turn = ask(services, LOCAL, sheet_id, "make rows 3 to 4 moodier")
    assert (turn.state, turn.source, turn.changes) == ("waiting", "model", [])
    done = answered(services, server, turn)
    assert (done.state, done.reply) == ("proposed", "Rewrites two prompts: “moodier”.")
    assert told(done) == [("change", 3), ("change", 4)]
    assert done.changes[0]["cells"] == {
        "prompt": ["A sticker of an owl on a sledge", "A sticker of an owl on a sledge, moodier"]
    }
    assert look(services, LOCAL, sheet_id).rows[1].cells["prompt"] == "A sticker of an owl on a sledge"
    talk.accept(services, LOCAL, sheet_id, done.n)
    assert look(services, LOCAL, sheet_id).rows[1].cells["prompt"].endswith(", moodier")


REQUESTS = [
    (
        "mach die Hälfte quadratisch, die Hälfte hochkant",
        put("aspect_ratio", "1:1", "2:3"),
        ["1:1", "2:3"] * 2,
    ),
    ("toutes en paysage s'il te plaît", put("aspect_ratio", "16:9"), ["16:9"] * 4),
    ("全部正方形にして", put("aspect_ratio", "1:1"), ["1:1"] * 4),
    ("al 16:9 plaese, eksept teh frist", put("aspect_ratio", "16:9", rows="3-5"), ["16:9"] * 3),
]


@pytest.mark.parametrize(("text", "operation", "ratios"), REQUESTS)
def test_any_language_becomes_a_proposal_in_one_short_answer(
    services: Services, server: ChatServer, sheet_id: str, text: str, operation: Any, ratios: list[str]
) -> None:
    done = asked(services, server, sheet_id, text, operation)
    assert (done.state, column(done, "aspect_ratio")) == ("proposed", ratios)
    (request,) = server.requests()
    assert text in request["body"]["messages"][-1]["content"]


def test_a_reference_is_understood_because_the_talk_before_is_sent(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    first = asked(services, server, sheet_id, "half square, half portrait", put("aspect_ratio", "1:1", "2:3"))
    talk.accept(services, LOCAL, sheet_id, first.n)
    other = put("aspect_ratio", "2:3", "1:1")
    second = asked(services, server, sheet_id, "no, the other way round", other)
    assert column(second, "aspect_ratio") == ["2:3", "1:1", "2:3", "1:1"]
    third = asked(services, server, sheet_id, "the same for style", put("style", "anime", rows="2-3"))
    assert told(third) == [("change", 2), ("change", 3)]
    words = server.requests()[-1]["body"]["messages"][-1]["content"]
    assert "“half square, half portrait” → [{" in words
    assert '"values": ["1:1", "2:3"]' in words
    assert "accepted in 4 rows" in words
    assert "“no, the other way round”, not decided yet, of rows 2–5." in words


def test_two_words_are_swapped_without_writing_prompts_anew(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    swap = {"op": "swap", "rows": "all", "column": "prompt", "text": "sticker", "with": "enamel pin"}
    done = asked(services, server, sheet_id, "pins instead of stickers", swap)
    assert [text[:15] for text in column(done, "prompt")] == ["A enamel pin of"] * 4
    counts = server.counts()
    assert (counts.calls, counts.kinds) == (1, {"operate": 1})


def test_a_part_that_changes_nothing_is_told_of_itself_and_not_of_the_others(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    done = asked(services, server, sheet_id, "both", put("visibility", "private"), put("style", "anime"))
    assert done.state == "proposed"
    assert column(done, "style") == ["anime"] * 4
    assert done.reply == (
        "visibility: private: nothing to change, what was meant is so already. "
        "style becomes “anime” in all 4 rows."
    )


def test_a_question_changes_nothing(services: Services, server: ChatServer, sheet_id: str) -> None:
    answer = {"op": "answer", "rows": "3 4", "text": "At night:"}
    done = asked(services, server, sheet_id, "which are at night?", answer)
    assert (done.state, done.changes, done.reply) == ("answered", [], "At night: 2 of 4: rows 3–4.")
    done = asked(services, server, sheet_id, "and now?")
    assert (done.state, done.reply) == ("answered", "That comes to no change.")
    server.behave(says={})
    done = answered(services, server, ask(services, LOCAL, sheet_id, "do the thing"))
    assert (done.state, done.reply) == ("answered", "What should be different?")


def test_undo_withdraws_the_open_proposal_and_only_then_what_was_accepted(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    first = asked(services, server, sheet_id, "all anime", put("style", "anime"))
    talk.accept(services, LOCAL, sheet_id, first.n)
    second = asked(services, server, sheet_id, "all 16:9", put("aspect_ratio", "16:9"))
    back = asked(services, server, sheet_id, "undo that", {"op": "undo"})
    assert (back.state, back.reply) == ("answered", "Withdrawn: what was proposed for “all 16:9”.")
    assert talk.turn(services, LOCAL, sheet_id, second.n).state == "rejected"
    assert [row.cells["style"] for row in look(services, LOCAL, sheet_id).rows] == ["anime"] * 4
    back = asked(services, server, sheet_id, "undo that", {"op": "undo"})
    assert back.reply == "Taken back: what was accepted of “all anime”."
    assert [row.cells.get("style") for row in look(services, LOCAL, sheet_id).rows] == [None] * 4
    back = asked(services, server, sheet_id, "undo that", {"op": "undo"})
    assert str(back.reply).startswith("No proposal was accepted here that could be taken back")


def test_a_correction_withdraws_what_was_proposed_and_proposes_anew(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    first = asked(services, server, sheet_id, "all anime", put("style", "anime"))
    done = asked(services, server, sheet_id, "no, 3d", {"op": "undo"}, put("style", "3d"))
    assert column(done, "style") == ["3d"] * 4
    assert talk.turn(services, LOCAL, sheet_id, first.n).state == "rejected"
    talk.accept(services, LOCAL, sheet_id, done.n)
    done = asked(services, server, sheet_id, "back, all design", {"op": "undo"}, put("style", "design"))
    assert {item["cells"]["style"][0] for item in done.changes} == {""}, "it sees what was taken back"


def test_rows_that_the_sheet_does_not_have_are_said_once(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    done = asked(
        services, server, sheet_id, "odd", put("style", "anime", rows="4 77"), put("style", "3d", rows="88")
    )
    assert told(done) == [("change", 4)]
    assert str(done.reply).endswith("The sheet has no rows 77 and 88.")
    done = asked(services, server, sheet_id, "gone", {"op": "delete", "rows": "300-310"})
    assert (done.state, done.reply) == ("answered", "The sheet has no rows 300 and 310.")


def test_what_is_no_operation_is_said_and_the_rest_is_done(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    server.behave(persona="deaf")
    odd = {"op": "explode", "rows": "2"}
    done = asked(services, server, sheet_id, "odd", odd, odd, put("style", "anime", rows="2"))
    assert told(done) == [("change", 2)]
    assert str(done.reply).startswith("There is no operation “explode”.")
    assert str(done.reply).count("explode") == 1


def test_the_rows_that_are_selected_and_shown_are_told_and_meant(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    ids = [row.id for row in look(services, LOCAL, sheet_id).rows]
    server.behave(
        says={"these": [put("style", "anime", rows="selected")], "shown": [put("style", "3d", rows="shown")]}
    )
    seen = {"selected": ids[:2], "shown": ids[1:]}
    done = answered(services, server, ask(services, LOCAL, sheet_id, "these in anime", seen))
    assert told(done) == [("change", 2), ("change", 3)]
    words = server.requests()[-1]["body"]["messages"][-1]["content"]
    assert "Selected: rows 2–3. The filter shows 3 rows: rows 3–5." in words
    done = answered(services, server, ask(services, LOCAL, sheet_id, "the shown in 3d", seen))
    assert told(done) == [("change", 3), ("change", 4), ("change", 5)]


def test_new_rows_have_the_settings_of_the_brief(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    drafted(services, sheet_id, style=Wish("fixed", ("design",)), aspect_ratio=Wish("spread", ("1:1", "2:3")))
    done = asked(
        services, server, sheet_id, "add 4 about winter", {"op": "add", "count": 4, "text": "winter"}
    )
    assert told(done) == [("add", 6), ("add", 7), ("add", 8), ("add", 9)]
    assert done.reply == "Adds four rows about “winter”."
    cells = [{name: after for name, (_, after) in item["cells"].items()} for item in done.changes]
    assert {row["style"] for row in cells} == {"design"}
    assert sorted(row["aspect_ratio"] for row in cells) == ["1:1", "1:1", "2:3", "2:3"]
    assert {row["visibility"] for row in cells} == {"private"}
    words = server.requests()[-1]["body"]["messages"][-1]["content"]
    assert "winter" in words
    assert "owl sledge" in words, "what is there already is told"
    talk.accept(services, LOCAL, sheet_id, done.n)
    assert {row.strand for row in look(services, LOCAL, sheet_id).rows[4:]} == {"winter"}


def test_new_rows_belong_to_the_strand_of_the_plan_that_they_are_about(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    plan = Plan((Strand("a1", "Winter", 4, ("Snow", "Ice")),), ("Kind, for children",))
    drafted(services, sheet_id, plan=plan)
    done = asked(services, server, sheet_id, "more", {"op": "add", "count": 2, "text": "winter"})
    assert {item["strand"] for item in done.changes} == {"a1"}
    words = server.requests()[-1]["body"]["messages"][-1]["content"]
    assert "Kind, for children" in words
    assert "Ice" in words


def test_rows_that_a_person_edited_are_left_alone_unless_named(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    bear = look(services, LOCAL, sheet_id).rows[3].id
    set_cells(services, LOCAL, sheet_id, [Change(bear, "prompt", "My own bear")])
    done = asked(services, server, sheet_id, "the last two moodier", *rewrite("4-5"))
    assert told(done) == [("change", 4)]
    assert [(entry["number"], entry["locked"]) for entry in done.left] == [(5, ["prompt"])]
    assert "My own bear" not in between("rows", server.requests()[-1]["body"]["messages"][-1]["content"])
    named = asked(services, server, sheet_id, "make row 5 moodier", *rewrite("5"))
    assert (told(named), named.left) == ([("change", 5)], [])


def test_releasing_takes_the_lock_off_at_once(services: Services, server: ChatServer, sheet_id: str) -> None:
    bear = look(services, LOCAL, sheet_id).rows[3].id
    set_cells(services, LOCAL, sheet_id, [Change(bear, "style", "3d")])
    release = {"op": "release", "rows": "5"}
    done = asked(services, server, sheet_id, "free the last one", release, put("style", "anime"))
    assert column(done, "style") == ["anime"] * 4
    again = asked(services, server, sheet_id, "design", put("style", "design"))
    assert (len(again.changes), again.left) == (4, [])


def test_numbers_are_those_that_the_person_saw(services: Services, server: ChatServer, sheet_id: str) -> None:
    server.behave(says={"moodier": rewrite("4")})
    turn = ask(services, LOCAL, sheet_id, "make row 4 moodier")
    first = look(services, LOCAL, sheet_id).rows[0].id
    delete_rows(services, LOCAL, sheet_id, [first])
    done = answered(services, server, turn)
    assert told(done) == [("change", 4)]
    assert done.changes[0]["cells"]["prompt"][0] == "A sticker of a dog with a parcel"


def test_rows_are_rewritten_with_their_neighbours_in_view(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    asked(services, server, sheet_id, "moodier", *rewrite("3"))
    words = server.requests()[-1]["body"]["messages"][-1]["content"]
    assert "an owl on a sledge" in between("rows", words)
    assert "a fox in a scarf" in words
    assert "a bear under the moon" in words


def test_an_operation_over_a_full_sheet_costs_a_short_answer(services: Services, server: ChatServer) -> None:
    lines = "".join(f"A sticker of fox number {n} in the snow,private\n" for n in range(499))
    full = take_in(services, LOCAL, f"prompt,visibility\n{lines}".encode(), "full.csv")
    done = asked(services, server, full, "all 16:9", put("aspect_ratio", "16:9"))
    assert (len(done.changes), done.reply) == (499, "aspect_ratio becomes “16:9” in all 499 rows.")
    assert server.counts().written <= 300
    words = server.requests()[-1]["body"]["messages"][-1]["content"]
    assert "500: " in words, "every row is shown, if only by a few words"
    talk.accept(services, LOCAL, full, done.n)
    assert {row.cells["aspect_ratio"] for row in look(services, LOCAL, full).rows} == {"16:9"}
    talk.take_back(services, LOCAL, full, done.n)
    assert {row.cells.get("aspect_ratio") for row in look(services, LOCAL, full).rows} == {None}
    more = asked(services, server, full, "one more", {"op": "add", "count": 1, "text": "owls"})
    assert more.changes == []
    assert "a sheet has 499 rows at the most" in str(more.reply)


def test_what_is_sent_fits_the_server_s_memory(services: Services, server: ChatServer) -> None:
    lines = "".join(
        f"A sticker of fox number {n} in the deep blue snow of night,private\n" for n in range(300)
    )
    sheet = take_in(services, LOCAL, f"prompt,visibility\n{lines}".encode(), "long.csv")
    server.behave(context=4096)
    done = asked(services, server, sheet, "all 16:9", put("aspect_ratio", "16:9"))
    assert len(done.changes) == 300
    assert server.counts().read <= 4096


def test_rows_are_seen_while_they_come_and_kept_when_the_person_stops(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    drafted(services, sheet_id)
    server.behave(pace=0.25, says={"winter": [{"op": "add", "count": 40, "text": "winter"}]})
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
    drafted(services, sheet_id)
    server.behave(
        says={"winter": [{"op": "add", "count": 12, "text": "winter"}]}, script=["", *["stall"] * 6]
    )
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


def test_a_model_that_talks_nonsense_changes_nothing(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    server.behave(script=["prose"] * 8, persona="deaf")
    done = answered(services, server, ask(services, LOCAL, sheet_id, "make row 2 moodier"))
    assert done.changes == []
    assert str(done.reply).endswith(".")


def test_wrong_cells_of_a_writer_are_shown_and_left_out(
    services: Services, server: ChatServer, sheet_id: str
) -> None:
    server.behave(persona="deaf", wrong={"aspect_ratio": "7:5"}, wrong_every=1)
    drafted(services, sheet_id, aspect_ratio=Wish("model"))
    done = asked(services, server, sheet_id, "more", {"op": "add", "count": 2, "text": "winter"})
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
    server.behave(
        latency=0.5, says={f"row {number}": [put("style", "anime", rows=f"{number}")] for number in (2, 3)}
    )
    waiting = [ask(services, LOCAL, sheet_id, f"row {number} in anime") for number in (2, 3)]

    async def both() -> None:
        model = Model(endpoint(server), limits=replace(QUICK, idle=5))
        await asyncio.gather(*(answer(services, model, turn) for turn in waiting))
        await model.close()

    asyncio.run(both())
    assert server.counts().most_in_flight == 2
    assert {turn.state for turn in talk.conversation(services, LOCAL, sheet_id)} == {"proposed"}

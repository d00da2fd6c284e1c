"""Drafts from order to end, written by a model on loopback: the number asked for, or a sentence."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import psutil
import pytest

from assistant.drafting import start
from assistant.drafting.brief import parse
from jobs import hints, origins
from jobs.errors import Conflict, NotConfigured
from jobs.mend import Change, delete_rows, set_cells
from jobs.services import LOCAL
from jobs.store import briefs, endpoints, notices
from tests.drafting.conftest import DeskOf, prompts
from tests.fakes.chat_server import ChatServer
from tests.waiting import until

LEFT = {"aspect_ratio": {"model": True}, "model": {"model": True}}
"""Columns that are left to the model, so that it can be wrong about them."""


def test_the_asked_number_of_valid_rows_comes_without_repeats(desk: DeskOf) -> None:
    draft, view = desk.drafted(rows=60, settings={"aspect_ratio": {"spread": ["1:1", "16:9", "2:3"]}})
    assert (draft.state, draft.came, draft.reason) == ("finished", 60, None)
    assert len(set(prompts(view))) == len(view.rows) == 60
    assert view.ready
    assert Counter(row.cells["aspect_ratio"] for row in view.rows) == {"1:1": 20, "16:9": 20, "2:3": 20}
    assert {row.cells["visibility"] for row in view.rows} == {"private"}
    assert draft.tokens > 0
    assert (draft.variety or "").startswith("60 rows; ")


def test_what_code_writes_is_never_asked_of_the_model(desk: DeskOf, server: ChatServer) -> None:
    desk.drafted(rows=5, settings={"style": {"fixed": "design"}})
    rows = [call["body"] for call in server.requests() if "response_format" in call["body"]]
    schemas = [str(body["response_format"]) for body in rows]
    assert any("'prompt'" in schema for schema in schemas)
    assert not any(
        f"'{name}'" in schema for name in ("style", "visibility", "seed_number") for schema in schemas
    )


def test_only_columns_that_the_brief_speaks_of_or_leaves_to_the_model_are_asked_of_it(
    desk: DeskOf, server: ChatServer
) -> None:
    _, view = desk.drafted(rows=5, goal="Posters, half of them square", settings={"style": {"model": True}})
    asked = [str(call["body"].get("response_format")) for call in server.requests()][-1]
    names = ("aspect_ratio", "style", "negative_prompt", "seed_number", "color_palette", "model")
    assert [name for name in names if f"'{name}'" in asked] == ["aspect_ratio", "style"]
    assert any(row.cells.get("style") for row in view.rows)


def test_every_cell_says_where_it_came_from(desk: DeskOf) -> None:
    draft, view = desk.drafted(rows=3, settings={"style": {"fixed": "design"}})
    with desk.services.database.read() as connection:
        found = origins.origins(connection, LOCAL, draft.sheet_id)
    words = {column: found[view.rows[0].id, column].word for column in ("prompt", "style", "visibility")}
    assert words == {"prompt": "model", "style": "settings", "visibility": "settings"}
    assert not any(origin.locked for origin in found.values())


def test_rows_that_repeat_are_replaced_and_counted(desk: DeskOf, server: ChatServer) -> None:
    server.behave(repeat=4)
    draft, view = desk.drafted(rows=40)
    assert (draft.state, len(set(prompts(view)))) == ("finished", 40)
    assert draft.repeated >= 8


def test_repairs_are_told_with_before_and_after(desk: DeskOf, server: ChatServer) -> None:
    server.behave(persona="deaf", wrong={"model": "3"})
    draft, view = desk.drafted(rows=9, settings=LEFT)
    assert draft.repaired >= 3
    assert {(made.column, made.before, made.after) for made in view.mended} == {("model", "3", "3.0")}
    assert server.counts().kinds.get("mend", 0) == 0


def test_cells_that_stay_wrong_go_back_once(desk: DeskOf, server: ChatServer) -> None:
    server.behave(persona="deaf", wrong={"aspect_ratio": "7:5"})
    draft, view = desk.drafted(rows=9, settings=LEFT)
    assert (draft.state, view.errors) == ("finished", 0)
    assert server.counts().kinds["mend"] == 1


def test_a_persons_own_value_in_a_cell_that_stayed_wrong_is_kept(desk: DeskOf, server: ChatServer) -> None:
    server.behave(persona="deaf", wrong={"aspect_ratio": "7:5"}, stubborn=True)
    draft, view = desk.drafted(rows=9, settings=LEFT)
    assert (draft.state, len(view.rows), view.errors) == ("finished", 9, 0)
    assert start.progress(desk.services, LOCAL, draft).valid == 9


def test_a_person_s_edit_beats_what_the_model_mends_later(desk: DeskOf, server: ChatServer) -> None:
    """The answer to the second call, which mends, waits until the person has written the cell."""
    server.behave(persona="deaf", wrong={"aspect_ratio": "7:5"}, pace=0.05)
    draft = desk.order(rows=3, settings=LEFT)

    def wrong() -> list[str]:
        return [row.id for row in desk.sheet(draft).rows if row.cells.get("aspect_ratio") == "7:5"]

    def edit() -> None:
        until(wrong)
        set_cells(desk.services, LOCAL, draft.sheet_id, [Change(wrong()[0], "aspect_ratio", "3:1")])

    desk.write(meanwhile=edit)
    assert "3:1" in {row.cells.get("aspect_ratio") for row in desk.sheet(draft).rows}


def test_variants_in_examples_are_rows_exactly_as_written(desk: DeskOf) -> None:
    example = "A sticker design of a {fox|badger|snow hare}, white border"
    draft, view = desk.drafted(rows=6, examples=[example])
    assert prompts(view)[:3] == [
        "A sticker design of a fox, white border",
        "A sticker design of a badger, white border",
        "A sticker design of a snow hare, white border",
    ]
    assert (draft.state, len(view.rows)) == ("finished", 6)


def test_combinations_are_all_made_or_as_an_even_sample_without_a_model(
    desk: DeskOf, server: ChatServer
) -> None:
    example = "A {red|blue|green} __animal__, “Warm #1”"
    brief = {
        "examples": [example],
        "lists": {"animal": ["fox", "owl"]},
        "settings": {"aspect_ratio": {"spread": ["1:1", "2:3"]}},
    }
    draft, view = desk.drafted(combine=True, rows=None, **brief)
    assert (draft.state, draft.source, draft.asked, draft.reason) == ("finished", "combinations", 6, None)
    assert prompts(view)[:2] == ["A red fox, “Warm #1”", "A red owl, “Warm #1”"]
    assert Counter(row.cells["aspect_ratio"] for row in view.rows) == {"1:1": 3, "2:3": 3}
    few, view = desk.drafted(combine=True, rows=3, **brief)
    assert (few.state, len(set(prompts(view)))) == ("finished", 3)
    more, view = desk.drafted(combine=True, rows=9, **brief)
    assert (more.state, len(view.rows)) == ("finished", 6)
    assert "The examples make 6 rows and no more." in str(more.reason)
    assert server.counts().calls == 0


def test_a_second_draft_does_not_wait_for_the_first(desk: DeskOf, server: ChatServer) -> None:
    server.behave(faults={"slow goal": "stall"})
    slow, quick = desk.order(goal="A slow goal"), desk.order(rows=5)

    def stop_the_slow_one() -> None:
        until(lambda: desk.now(quick).state != "drafting")
        start.stop(desk.services, LOCAL, slow.id)

    desk.write(meanwhile=stop_the_slow_one)
    assert (desk.now(quick).state, desk.now(slow).state) == ("finished", "stopped")


def test_stopping_keeps_the_rows_that_came(desk: DeskOf, server: ChatServer) -> None:
    server.behave(pace=0.02)
    draft = desk.order(rows=200)

    def stop() -> None:
        until(lambda: desk.now(draft).came >= 10)
        start.stop(desk.services, LOCAL, draft.id)

    desk.write(meanwhile=stop)
    stopped, rows = desk.now(draft), len(desk.sheet(draft).rows)
    assert (stopped.state, stopped.reason) == ("stopped", "Stopped by you.")
    assert 10 <= rows == stopped.came < 200


def test_a_stopped_draft_is_taken_up_again_for_the_rest(desk: DeskOf) -> None:
    draft = desk.order(rows=8, examples=["A {red|green|blue} kite over the sea"])
    start.stop(desk.services, LOCAL, draft.id)
    start.go_on(desk.services, LOCAL, draft.id)
    desk.write()
    assert (desk.now(draft).state, len(desk.sheet(draft).rows)) == ("finished", 8)
    with pytest.raises(Conflict, match="All 8 rows are there"):
        start.go_on(desk.services, LOCAL, draft.id)


def test_a_row_that_a_person_deletes_is_not_written_again(desk: DeskOf, server: ChatServer) -> None:
    draft, view = desk.drafted(rows=5)
    delete_rows(desk.services, LOCAL, draft.sheet_id, [view.rows[0].id])
    assert (desk.now(draft).state, len(desk.sheet(draft).rows)) == ("finished", 4)


def test_a_button_that_is_pressed_twice_begins_one_draft(desk: DeskOf) -> None:
    brief = parse({"goal": "Foxes, owls and badgers", "rows": 3}, 500)
    with desk.services.database.write() as connection:
        brief_id = briefs.add(connection, LOCAL, {"goal": brief.goal}, 0.0)
    first, second = (start.start(desk.services, LOCAL, brief, brief_id=brief_id) for _ in range(2))
    assert first.id == second.id


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ({"key": "another"}, "key"),
        ({"quota": 0}, "empty"),
        ({"models": ["something-else"]}, "model"),
        ({"faults": {"woodland": "refusal"}}, "declines"),
    ],
)
def test_what_no_call_can_get_past_ends_the_draft_in_words(
    desk: DeskOf, server: ChatServer, behaviour: dict[str, object], words: str
) -> None:
    server.behave(**behaviour)
    draft, view = desk.drafted(rows=20)
    assert (draft.state, view.rows) == ("failed", ())
    assert words in (draft.reason or "")
    assert server.key not in (draft.reason or "")
    with desk.services.database.read() as connection:
        told = notices.latest(connection, LOCAL, 1)[0]
    assert (told.level, told.sheet_id) == ("warning", draft.sheet_id)


def test_rows_that_came_before_the_account_was_empty_are_kept(desk: DeskOf, server: ChatServer) -> None:
    server.behave(quota=3)
    draft, view = desk.drafted(rows=120)
    assert draft.state == "failed"
    assert 0 < len(view.rows) == draft.came < 120


def test_answers_that_are_cut_make_smaller_calls_until_all_is_there(desk: DeskOf, server: ChatServer) -> None:
    server.behave(persona="ollama")
    draft, view = desk.drafted(rows=40)
    assert (draft.state, len(view.rows)) == ("finished", 40)


def test_what_was_learnt_of_a_server_is_remembered(desk: DeskOf, server: ChatServer) -> None:
    server.behave(persona="json-only")
    draft, _ = desk.drafted(rows=5)
    with desk.services.database.read() as connection:
        rung, _ = endpoints.how(connection, LOCAL, server.url, server.model)
    assert draft.state == "finished"
    assert rung > 0
    calls, refused = server.counts().calls, server.counts().refused
    desk.drafted(rows=5)
    assert server.counts().refused == refused
    assert server.counts().calls > calls


def test_without_a_model_a_sentence_names_the_ways(desk: DeskOf) -> None:
    bare = replace(desk.services.settings, openai_api_key="", openai_base_url="")
    brief = parse({"goal": "Foxes"}, 500)
    with pytest.raises(NotConfigured, match="use a chat app of your own"):
        start.start(replace(desk.services, settings=bare), LOCAL, brief)


@pytest.mark.usefixtures("valkey")
def test_a_killed_worker_s_draft_goes_on_without_repeats(desk: DeskOf, server: ChatServer) -> None:
    server.behave(pace=0.02)
    draft = desk.order(rows=60)
    with desk.worker() as worker:
        until(lambda: desk.now(draft).came >= 10)
        for horse in psutil.Process(worker.pid).children(recursive=True):
            horse.kill()
        until(lambda: desk.now(draft).state == "finished", 60)
    view = desk.sheet(draft)
    assert len(set(prompts(view))) == len(view.rows) == 60


@pytest.mark.usefixtures("valkey")
def test_a_worker_that_is_asked_to_end_gives_its_draft_back_at_once(desk: DeskOf, server: ChatServer) -> None:
    server.behave(pace=0.05)
    draft = desk.order(rows=60)
    with desk.worker():
        until(lambda: desk.now(draft).came >= 3)
    left = desk.now(draft)
    assert (left.state, left.holder) == ("drafting", None)
    assert len(desk.sheet(draft).rows) == left.came
    server.behave(pace=0.0)
    hints.hint(desk.services, hints.DRAFTS)
    desk.write()
    assert desk.now(draft).state == "finished"

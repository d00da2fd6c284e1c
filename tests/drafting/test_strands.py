"""Drafts in strands: side by side, told what stands, refused rows written again, plans changed meanwhile."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from assistant.drafting import planning, start, strands
from assistant.drafting.plan import Plan, read
from assistant.drafting.quality import quality
from assistant.drafting.samples import Sample, samples
from assistant.drafting.titles import title
from assistant.drafting.words import length
from jobs import steps
from jobs.errors import Conflict, Invalid, NotConfigured
from jobs.services import LOCAL
from jobs.sheet import View
from jobs.store import endpoints
from jobs.store.drafts import Draft
from tests.drafting.conftest import DeskOf, prompts
from tests.fakes.chat_server import ChatServer
from tests.model.questions import SOON
from tests.waiting import until

LETTERED = ["A sticker design of a fox in a scarf, lettered “Hello You”"]
"""An example with a title: then each row has one."""
WIDE = {"context": 100_000, "slots": 6}


def change(desk: DeskOf, draft: Draft, what: str, **values: Any) -> Draft:
    return planning.change(desk.services, LOCAL, draft.id, {"change": what, **values})


def plan_of(draft: Draft) -> Plan:
    assert draft.plan
    return Plan.from_json(draft.plan)


def of_strands(view: View) -> Counter[str | None]:
    return Counter(row.strand for row in view.rows)


def words(server: ChatServer, place: int) -> str:
    return str(server.requests()[place]["body"]["messages"])


def test_three_hundred_rows_have_three_hundred_titles_and_their_strands_are_filled(
    desk: DeskOf, server: ChatServer
) -> None:
    server.behave(latency=0.05, **WIDE)
    draft, view = desk.drafted(rows=300, examples=LETTERED)
    assert (draft.state, draft.came, draft.reason) == ("finished", 300, None)
    assert len(set(map(title, prompts(view)))) == len(set(prompts(view))) == 300
    plan = plan_of(draft)
    assert of_strands(view) == {strand.id: strand.rows for strand in plan.strands}
    assert server.counts().most_in_flight == 6
    assert "no title that stands twice" in str(draft.variety)


@pytest.mark.parametrize("one", samples(), ids=lambda one: one.name)
def test_each_sample_brief_comes_whole_from_a_model_that_repeats_itself(
    desk: DeskOf, server: ChatServer, one: Sample
) -> None:
    server.behave(repeat=5, title_every=7, long_every=9, **WIDE)
    brief = one.brief.to_json() | {"rows": 60}
    draft, view = desk.drafted(**brief)
    assert (draft.state, draft.came, draft.reason) == ("finished", 60, None)
    assert draft.repeated >= 10, "the model was hostile"
    counted = quality(prompts(view), one.brief)
    assert (counted.repeated, counted.shared, counted.titles) in ((0, 0, 0), (0, 0, 60))
    assert of_strands(view) == {strand.id: strand.rows for strand in plan_of(draft).strands}
    longest = max(map(length, one.brief.examples))
    assert max(map(length, prompts(view))) <= 3 * longest


def test_few_rows_are_written_without_a_plan_each_call_shown_all_before(
    desk: DeskOf, server: ChatServer
) -> None:
    draft, view = desk.drafted(rows=40)
    assert (draft.state, len(view.rows), draft.plan) == ("finished", 40, None)
    assert server.counts().kinds == {"write": 2}
    assert server.counts().most_in_flight == 1
    assert "# There already" not in words(server, 0)
    assert "paper star" in words(server, 1)
    assert of_strands(view) == {None: 40}


def test_every_call_sees_its_strands_rows_all_titles_and_its_own_cells(
    desk: DeskOf, server: ChatServer
) -> None:
    desk.drafted(rows=160, examples=LETTERED, settings={"aspect_ratio": {"spread": ["1:1", "16:9"]}})
    plan, first, *others = (call["body"]["messages"][-1]["content"] for call in server.requests())
    assert "Plan a sheet of 160 prompts" in plan
    assert "# Your strand" in first
    assert "1. aspect_ratio 1:1\n2. aspect_ratio 16:9" in first
    assert "# Titles that stand already" not in first
    assert all("# Titles that stand already" in one for one in others)
    again = [one for one in others if "# There already" in one]
    assert again, "the second call of a strand is told what the first wrote"


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"title_every": 5}, "repeated a title"),
        ({"repeat": 5}, "repeated a scene"),
        ({"long_every": 5}, "too long"),
    ],
)
def test_refused_rows_are_asked_for_again_with_the_reason(
    desk: DeskOf, server: ChatServer, wrong: dict[str, int], kind: str
) -> None:
    server.behave(**wrong)
    draft, view = desk.drafted(rows=30, **({} if "repeat" in wrong else {"examples": LETTERED}))
    assert (draft.state, len(view.rows)) == ("finished", 30)
    assert draft.repeated >= 5
    assert kind in str(draft.variety)
    assert "# Refused, to be written otherwise" in words(server, -1)
    assert len(set(prompts(view))) == 30


def test_a_model_that_always_says_the_same_is_asked_for_a_list_and_then_no_more(
    desk: DeskOf, server: ChatServer
) -> None:
    server.behave(repeat=1)
    draft, view = desk.drafted(rows=20)
    assert (draft.state, len(view.rows)) == ("finished", 2)
    assert "18 rows are missing: what came repeated others or was too short" in str(draft.reason)
    counts = server.counts()
    assert counts.calls <= 2 * (1 + strands.REFILLS)
    assert counts.refused <= 1, "that it takes no text to go on with is remembered"


def test_what_one_strand_wrote_another_may_not_write_again(desk: DeskOf, server: ChatServer) -> None:
    server.behave(title_every=4, **WIDE)
    draft, view = desk.drafted(rows=60, examples=LETTERED)
    assert (draft.state, len(view.rows)) == ("finished", 60)
    assert len(set(map(title, prompts(view)))) == 60
    assert draft.repeated > 5


@pytest.mark.parametrize("entries", [[], [{"name": f"S{at}", "holds": ["same"]} for at in range(4)]])
def test_a_poor_plan_costs_no_row(desk: DeskOf, server: ChatServer, entries: list[Any]) -> None:
    server.behave(persona="deaf", shape="object", plan=entries)
    draft, view = desk.drafted(rows=60)
    assert (draft.state, len(view.rows), draft.plan) == ("finished", 60, None)


def test_an_optional_cell_that_is_wrong_twice_becomes_its_default_and_is_told(
    desk: DeskOf, server: ChatServer
) -> None:
    wrong = {"color_palette": "nan", "style": "pixel art"}
    server.behave(persona="deaf", wrong=wrong, wrong_every=1, stubborn=True)
    left = {"color_palette": {"model": True}, "style": {"model": True}}
    draft, view = desk.drafted(rows=20, settings=left)
    assert (draft.state, len(view.rows), view.errors) == ("finished", 20, 0)
    assert draft.repaired == 20
    assert not any(row.cells.get("style") or row.cells.get("color_palette") for row in view.rows)
    told = {(one.column, one.before, one.after, len(one.rows)) for one in view.mended}
    assert told == {("color_palette", "nan", "", 20), ("style", "pixel art", "", 20)}
    assert "“pixel art” was changed to “auto”: the model gave what the column does not take, twice" in str(
        view.problems
    )


def test_a_strand_whose_calls_all_fail_leaves_the_others_whole(desk: DeskOf, server: ChatServer) -> None:
    server.behave(faults={"A snowy clearing. Other writers": "policy"}, **WIDE)
    draft, view = desk.drafted(rows=60)
    lost = plan_of(draft).strands[0]
    assert draft.state == "finished"
    assert len(view.rows) == 60 - lost.rows
    assert str(draft.reason).startswith(f"{lost.rows} rows are missing, of “A snowy clearing”. ")


def test_a_strand_is_dropped_while_it_is_written_and_the_others_take_its_rows(
    desk: DeskOf, server: ChatServer
) -> None:
    server.behave(pace=0.05, **WIDE)
    draft = desk.order(rows=90)

    def drop() -> None:
        until(lambda: desk.now(draft).plan and len(desk.sheet(draft).rows) > 6)
        change(desk, draft, "drop", strand="1")
        server.behave(pace=0)

    desk.write(meanwhile=drop)
    done, view = desk.now(draft), desk.sheet(draft)
    assert (done.state, len(view.rows), done.asked) == ("finished", 90, 90)
    first = plan_of(done)["1"]
    assert first.dropped
    assert first.rows <= of_strands(view)["1"] < 30


def test_a_plan_is_renamed_weighed_and_added_to_by_two_tabs_while_rows_come(
    desk: DeskOf, server: ChatServer
) -> None:
    server.behave(pace=0.03, **WIDE)
    draft = desk.order(rows=60)

    def edit() -> None:
        until(lambda: desk.now(draft).plan)
        weights = [strand.rows for strand in plan_of(desk.now(draft)).strands]
        change(desk, draft, "rename", strand="2", name="By the oak")
        change(desk, draft, "weigh", strand="2", rows=weights[1] + 5)
        change(desk, draft, "add", name="On the moon", about="astronauts\ncraters", rows=7)
        server.behave(pace=0)

    desk.write(meanwhile=edit)
    done, view = desk.now(draft), desk.sheet(draft)
    plan = plan_of(done)
    assert (done.state, done.asked, len(view.rows)) == ("finished", 72, 72)
    assert [strand.name for strand in plan.strands][1] == "By the oak"
    assert of_strands(view) == {strand.id: strand.rows for strand in plan.strands}
    assert any("On the moon. Other writers" in words(server, at) for at in range(len(server.requests())))


def test_more_of_a_strand_is_written_after_the_draft_was_finished(desk: DeskOf, server: ChatServer) -> None:
    draft, _ = desk.drafted(rows=60)
    change(desk, draft, "more", strand="3", rows=12)
    assert desk.now(draft).state == "drafting"
    desk.write()
    done, view = desk.now(draft), desk.sheet(draft)
    assert (done.state, done.asked, len(view.rows)) == ("finished", 72, 72)
    assert of_strands(view)["3"] == 32
    assert len(set(prompts(view))) == 72


def test_rows_are_put_in_the_order_of_the_strands_and_mixed_again_as_steps_of_a_person(
    desk: DeskOf, server: ChatServer
) -> None:
    server.behave(**WIDE)
    draft, _ = desk.drafted(rows=60)
    change(desk, draft, "order", order="mixed")
    before = desk.sheet(draft).rows
    assert len({row.strand for row in before[:3]}) == 3
    change(desk, draft, "order", order="strands")
    kept = [row.strand for row in desk.sheet(draft).rows]
    assert kept == sorted(kept, key=lambda strand: int(strand or 0))
    steps.undo(desk.services, LOCAL, draft.sheet_id)
    assert [row.id for row in desk.sheet(draft).rows] == [row.id for row in before]


def test_a_plan_that_is_given_is_followed_and_none_is_made(desk: DeskOf, server: ChatServer) -> None:
    strands_ = [{"name": "Cats", "rows": 4, "holds": ["asleep"]}, {"name": "Dogs", "rows": 2}]
    given = {"strands": strands_, "order": "strands"}
    draft = desk.order(rows=12, plan=read(given, 12, 500))
    desk.write()
    done, view = desk.now(draft), desk.sheet(draft)
    assert (done.state, server.counts().kinds.get("plan")) == ("finished", None)
    assert [row.strand for row in view.rows] == ["1"] * 8 + ["2"] * 4


def test_what_cannot_be_changed_of_a_plan_is_told(desk: DeskOf, server: ChatServer) -> None:
    few, _ = desk.drafted(rows=5)
    with pytest.raises(Conflict, match="has no plan"):
        change(desk, few, "drop", strand="1")
    draft, _ = desk.drafted(rows=60)
    with pytest.raises(Invalid, match="20 rows of"):
        change(desk, draft, "weigh", strand="1", rows=3)
    with pytest.raises(Invalid, match="A sheet takes 499 rows"):
        change(desk, draft, "more", strand="1", rows=480)
    with pytest.raises(Invalid, match="is one of"):
        change(desk, draft, "burn")
    none = replace(desk.services.settings, openai_api_key="", openai_base_url="")
    bare = replace(desk.services, settings=none)
    with pytest.raises(NotConfigured):
        planning.change(bare, LOCAL, draft.id, {"change": "more", "strand": "1", "rows": 5})
    assert desk.now(draft).state == "finished"


def test_spread_values_stay_even_when_rows_are_refused_and_a_draft_is_taken_up_again(
    desk: DeskOf, server: ChatServer
) -> None:
    server.behave(repeat=4, pace=0.02)
    draft = desk.order(rows=60, settings={"aspect_ratio": {"spread": ["1:1", "16:9", "2:3"]}})

    def stop() -> None:
        until(lambda: desk.now(draft).came >= 20)
        start.stop(desk.services, LOCAL, draft.id)

    desk.write(meanwhile=stop)
    server.behave(pace=0)
    start.go_on(desk.services, LOCAL, draft.id)
    desk.write()
    view = desk.sheet(draft)
    assert Counter(row.cells["aspect_ratio"] for row in view.rows) == {"1:1": 20, "16:9": 20, "2:3": 20}


def test_a_model_too_small_for_any_shape_goes_on_with_a_list_and_that_is_said(
    desk: DeskOf, server: ChatServer
) -> None:
    server.behave(persona="tiny")
    draft, view = desk.drafted(rows=20, settings={"style": {"model": True}})
    assert (draft.state, len(view.rows), view.errors) == ("finished", 20, 0)
    assert any("too small for good rows" in sentence for sentence in draft.said)
    calls = server.counts().calls
    again, _ = desk.drafted(rows=20)
    assert again.state == "finished"
    assert server.counts().calls - calls <= 2, "the way of asking is remembered"


def test_answers_that_fall_silent_end_the_draft_with_the_rows_that_came(
    desk: DeskOf, server: ChatServer
) -> None:
    server.behave(faults={"woodland": "stall"})
    draft = desk.order(rows=30)
    desk.write(limits=SOON)
    done, view = desk.now(draft), desk.sheet(draft)
    assert done.state == "finished"
    assert 0 < len(view.rows) < 30
    assert "fell silent in the middle of its answer" in str(done.reason)
    assert server.counts().calls == strands.STALLS


def test_the_speed_of_a_model_is_remembered(desk: DeskOf, server: ChatServer) -> None:
    server.behave(pace=0.02)
    desk.drafted(rows=10)
    with desk.services.database.read() as connection:
        rate = endpoints.rate(connection, LOCAL, server.url, server.model)
    assert rate
    assert 60 < rate < 3_000

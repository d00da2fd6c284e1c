"""The bar over a drafted sheet: how far it is, what is asked for again and again, what can be done after."""

from __future__ import annotations

import html
import re

from assistant.drafting.plan import read
from jobs.services import LOCAL, Services
from jobs.store import drafts
from jobs.store.drafts import DraftState
from tests.web import drafted
from tests.web.conftest import Person

HTMX = {"HX-Request": "true", "X-Poll": "1"}


def words(page: str) -> str:
    """What stands on a page, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def bar(person: Person, sheet_id: str) -> str:
    page = person.page(f"/sheets/{sheet_id}")
    found = re.search(r'<section class="drafting".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def pulse(person: Person, draft_id: str, shown: str = "drafting") -> str:
    answer = person.client.get(f"/drafts/{draft_id}/bar?shown={shown}", headers=HTMX)
    assert answer.status_code == 200
    return answer.text


def test_a_draft_says_how_far_it_is_who_writes_and_that_it_goes_on(
    person: Person, services: Services
) -> None:
    made = drafted.draft(services, 37, repaired=2, repeated=1, tokens=1200)
    said = words(bar(person, made.sheet_id))
    assert "37 of 120 · 2 repaired · 1 refused and asked for again" in said
    assert "combined from the examples" in said
    assert "1,200 tokens · goes on if you close the page" in said
    assert "Stop, keep 37 rows" in said


def test_a_sheet_that_was_not_drafted_has_no_bar(person: Person) -> None:
    sheet = person.sheet(b"prompt,visibility\na fox,private\n")
    assert bar(person, sheet.rsplit("/", 1)[1]) == ""


def test_while_it_is_written_only_figures_come_and_at_the_end_the_whole_bar_once(
    person: Person, services: Services
) -> None:
    made = drafted.draft(services, 37)
    assert 'hx-trigger="every 1s' in person.page(f"/sheets/{made.sheet_id}")
    drafted.add_rows(services, made, 1)
    pieces = pulse(person, made.id)
    assert "38 of 120" in pieces
    assert "<form" not in pieces
    person.send(f"/drafts/{made.id}/stop")
    pieces = pulse(person, made.id)
    assert 'id="draft-bar"' in pieces
    assert "every 1s" not in pieces
    assert "every 1s" in pulse(person, drafted.draft(services, 1).id, "stopped")


def test_rows_that_need_a_person_are_counted(person: Person, services: Services) -> None:
    made = drafted.draft(services, 3)
    drafted.add_rows(services, made, 2, visibility="hidden")
    assert "5 of 120 · 2 need you" in words(bar(person, made.sheet_id))


def test_a_draft_is_told_aloud_at_its_quarters_and_at_its_end(person: Person, services: Services) -> None:
    made = drafted.draft(services, 29)
    told = r'id="draft-told"[^>]*>([^<]*)<'
    assert re.findall(told, pulse(person, made.id)) == [""]
    drafted.add_rows(services, made, 3)
    assert re.findall(told, pulse(person, made.id)) == ["30 of 120 rows"]
    person.send(f"/drafts/{made.id}/stop")
    assert re.findall(told, pulse(person, made.id))[0].startswith("32 of 120 rows.")


def test_stop_keeps_the_rows_and_offers_the_others(person: Person, services: Services) -> None:
    made = drafted.draft(services, 37)
    answer = person.send(f"/drafts/{made.id}/stop")
    assert answer.location == f"/drafts/{made.id}"
    said = words(bar(person, made.sheet_id))
    assert "37 of 120" in said
    assert "Connect a model" in said
    assert "Ask a chat app for the other 83" in said
    assert drafted.get(services, made.id).state == DraftState.STOPPED


def test_a_stopped_draft_goes_on_with_the_rows_it_lacks(person: Person, services: Services) -> None:
    person.send("/model", base_url="http://127.0.0.1:9/v1", key="", model="small-1")
    made = drafted.draft(services, 37, source="model", state=DraftState.STOPPED)
    assert "Draft the other 83 with small-1" in words(bar(person, made.sheet_id))
    answer = person.send(f"/drafts/{made.id}/go-on")
    assert answer.status_code == 303
    assert drafted.get(services, made.id).state == DraftState.DRAFTING
    assert "37 of 120" in words(bar(person, made.sheet_id))


def test_without_a_model_none_is_promised(person: Person, services: Services) -> None:
    made = drafted.draft(services, 5, source="model", state=DraftState.STOPPED)
    answer = person.send(f"/drafts/{made.id}/go-on")
    assert answer.status_code == 503
    assert drafted.get(services, made.id).state == DraftState.STOPPED


def test_a_failed_draft_says_why_what_is_kept_and_what_to_do(person: Person, services: Services) -> None:
    made = drafted.draft(
        services,
        37,
        source="model",
        state=DraftState.FAILED,
        reason="The endpoint refuses the key.",
        said=["This server ignores the schema; rows are read from plain text."],
    )
    said = words(bar(person, made.sheet_id))
    assert "The endpoint refuses the key. 37 rows are kept." in said
    assert "This server ignores the schema" in said
    for way in ("Connect a model", "Ask a chat app for the other 83"):
        assert way in said


def test_a_finished_draft_tells_its_variety(person: Person, services: Services) -> None:
    brief = drafted.Brief("Foxes", rows=4, settings=drafted.PRIVATE)
    variety = "4 rows; 1 title that stands twice"
    made = drafted.draft(services, 4, brief=brief, state=DraftState.FINISHED, variety=variety)
    said = words(bar(person, made.sheet_id))
    assert "4 of 4" in said
    assert variety in said
    assert "Ask a chat app" not in said


def test_a_draft_that_nobody_takes_up_says_so(person: Person, services: Services) -> None:
    brief = person.send("/briefs", goal="Woodland stickers").location
    form = {"goal": "Woodland stickers", "examples": "A {red|blue} fox", "rows": "3"}
    address = person.send(f"{brief}/combine", **form).location
    sheet = person.get(address).location
    assert "Redis does not answer. Nothing is lost" in words(person.page(sheet))


def test_a_drafts_address_leads_to_its_sheet_and_its_sheet_to_its_brief(
    person: Person, services: Services
) -> None:
    made = drafted.draft(services)
    assert f"/sheets/{made.sheet_id}" in person.get(f"/drafts/{made.id}").location
    for answer in (person.get("/drafts/nobody"), person.send("/drafts/nobody/stop")):
        assert answer.status_code == 404
        assert "There is no such draft." in answer.text


def planned(services: Services, state: DraftState = DraftState.DRAFTING) -> str:
    """The id of a draft of 120 rows with a plan; 37 are there, of no strand."""
    made = drafted.draft(services, 37, state=state)
    strands = [
        {"name": "Cats <at> night", "rows": 80, "holds": ["asleep", "on roofs"]},
        {"name": "Dogs", "rows": 40},
    ]
    plan = read({"strands": strands, "shared": ["For children"]}, 120, 500)
    with services.database.write() as connection:
        drafts.plan(connection, LOCAL, made.id, plan.to_json(), 120)
    return made.id


def test_a_plan_is_shown_with_what_is_there_of_each_strand_and_goes_on_changing(
    person: Person, services: Services
) -> None:
    draft_id = planned(services)
    sheet_id = drafted.get(services, draft_id).sheet_id
    page = person.page(f"/sheets/{sheet_id}/grid")
    assert "Plan Cats <at> night 0 /80 Dogs 0 /40" in words(page)
    key = re.findall(r'id="draft-plan" data-key="([^"]+)"', page)[0]
    assert "2 directions asleep on roofs" in words(page)
    still = person.client.get(f"/drafts/{draft_id}/bar?shown=drafting&plan={key}", headers=HTMX).text
    assert 'id="draft-strands"' in still
    assert "<form" not in still
    answer = person.send(f"/drafts/{draft_id}/plan", change="rename", strand="2", name="Hounds")
    assert answer.status_code == 303
    changed = person.client.get(f"/drafts/{draft_id}/bar?shown=drafting&plan={key}", headers=HTMX).text
    assert 'value="Hounds"' in changed
    assert f'data-key="{key}"' not in changed


def test_a_change_of_a_plan_that_cannot_be_is_told_and_changes_nothing(
    person: Person, services: Services
) -> None:
    draft_id = planned(services)
    for sent, told in (
        ({"change": "weigh", "strand": "1", "rows": "many"}, "The number of rows is a whole number."),
        ({"change": "weigh", "strand": "1", "rows": "700"}, "A sheet takes 499 rows"),
        ({"change": "rename", "strand": "1", "name": "Dogs"}, "There is a strand “Dogs” already."),
        ({"change": "drop", "strand": "9"}, "That strand is not in the plan any more."),
        ({"change": "explode"}, "A change of a plan is one of"),
        ({}, "A change of a plan is one of"),
    ):
        answer = person.send(f"/drafts/{draft_id}/plan", **sent)
        assert (answer.status_code, told in words(answer.text)) == (422, True), (sent, words(answer.text))
    assert [one["rows"] for one in drafted.get(services, draft_id).plan["strands"]] == [80, 40]


def test_more_of_a_strand_needs_a_model_once_the_draft_has_ended(person: Person, services: Services) -> None:
    draft_id = planned(services, DraftState.FINISHED)
    answer = person.send(f"/drafts/{draft_id}/plan", change="more", strand="1", rows="10")
    assert answer.status_code == 503
    assert "model" in words(answer.text)
    assert drafted.get(services, draft_id).state == DraftState.FINISHED

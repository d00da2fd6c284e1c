"""A batch's page: how far it is, what needs a person, what can be done, and what changed since."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from jobs import closing, control
from jobs.batch import BatchState, RowState
from jobs.services import LOCAL, Services
from jobs.store import batches as store
from tests.jobs import making
from tests.web import rows
from tests.web.conftest import Person

POLL = {"HX-Request": "true", "X-Poll": "1"}


def text(page: str) -> str:
    """What a person reads, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def part(page: str, name: str) -> str:
    """The element with this id, up to the next that has one of a part."""
    found = re.search(rf'<(\w+)[^>]* id="{name}"[^>]*>.*?</\1>', page, re.DOTALL)
    assert found, f"no part {name}"
    return found[0]


def link(page: str, words: str) -> str:
    """Where the link with these words leads."""
    found = re.search(rf'<a [^<]*?href="([^"]+)"[^<]*>{words}</a>', page)
    assert found, f"no link {words}"
    return html.unescape(found[1])


def shown_rows(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"<figcaption><b>(\d+)</b>", page)]


def pause(services: Services, batch_id: str, reason: str) -> None:
    with services.database.write() as connection:
        closing.pause(connection, batch_id, reason, services.clock())


def test_the_page_says_how_far_the_batch_is(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 5, each=2, price=8000, backend="openai", budget=100_000)
    rows.end(services, batch_id, (2, 3))
    said = text(person.page(f"/batches/{batch_id}"))
    assert "2 of 5 rows" in said
    assert "Images 4 of 10" in said
    assert "Credits spent 16 of 40, cap 100" in said
    assert "OpenAI-compatible · started" in said


def test_what_is_spent_and_projected_stands_beside_what_was_quoted(
    person: Person, services: Services
) -> None:
    items = [replace(making.item(number, "", 2, 8000), micros=160_000) for number in range(2, 7)]
    batch_id = rows.of_items(services, items, backend="openai")
    rows.end(services, batch_id, (2, 3))
    rows.end(services, batch_id, (4,), RowState.FAILED)
    said = text(person.page(f"/batches/{batch_id}"))
    assert "Credits spent 16 of 40" in said
    assert "Projected 32 credits" in said
    assert "In dollars $0.32 of $0.80, projected $0.64" in said
    rows.end(services, batch_id, (5, 6))
    said = text(person.page(f"/batches/{batch_id}"))
    assert "Projected" not in said
    assert "In dollars $0.64 of $0.80" in said


def test_the_strip_is_one_image_with_a_spoken_summary(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 12)
    rows.end(services, batch_id, (2, 3))
    rows.end(services, batch_id, (5,), RowState.FAILED)
    strip = part(person.page(f"/batches/{batch_id}"), "strip")
    assert 'role="img" aria-label="Rows 2 to 13 in order: 2 done, 9 pending, 1 failed"' in strip
    assert re.findall(r'class="p (\w+)"', strip) == ["done", "done", "pending", "failed"] + ["pending"] * 8


def test_a_batch_of_many_thousand_rows_has_a_page_of_bounded_size(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 20_000)
    page = person.page(f"/batches/{batch_id}")
    assert page.count('class="p pending"') <= 1001
    assert "Each square stands for 20 rows" in page


def test_each_count_is_a_link_that_shows_its_rows(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 40)
    rows.end(services, batch_id, range(2, 12))
    rows.end(services, batch_id, (12,), RowState.FAILED)
    page = person.page(f"/batches/{batch_id}")
    assert f'href="/batches/{batch_id}?state=failed"' in page
    failed = person.page(f"/batches/{batch_id}?state=failed")
    assert shown_rows(failed) == [12]
    assert rows.REASON in failed
    assert re.search(r'id="chip-failed" href="/batches/\w+" aria-current="true"', failed)
    pending = person.page(f"/batches/{batch_id}?state=pending")
    assert shown_rows(pending) == list(range(13, 37))
    assert shown_rows(person.page(link(pending, "Show more"))) == [37, 38, 39, 40, 41]


def test_rows_are_newest_first_and_those_on_their_way_have_their_places(
    person: Person, services: Services
) -> None:
    items = [making.item(n, f"fox {n}", 3, aspect_ratio="16:9") for n in range(2, 7)]
    batch_id = rows.of_items(services, items)
    for number in (4, 2, 3):
        rows.end(services, batch_id, (number,))
    rows.send(services, batch_id, 5)
    page = person.page(f"/batches/{batch_id}")
    assert shown_rows(page) == [5, 3, 2, 4]
    assert part(page, "in-hand").count('class="print wait r169">coming') == 3
    assert page.count('width="164" height="92"') == 9


def test_older_rows_are_a_link_away(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 30)
    rows.end(services, batch_id, range(2, 32))
    page = person.page(f"/batches/{batch_id}")
    assert shown_rows(page) == list(range(31, 7, -1))
    assert shown_rows(person.page(link(page, "Show older"))) == [7, 6, 5, 4, 3, 2]


def test_an_image_whose_file_is_gone_keeps_its_place(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 1, each=2)
    first, _ = rows.end(services, batch_id, (2,))
    services.files.delete(first.key)
    page = person.page(f"/batches/{batch_id}")
    assert page.count("file gone") == 1
    assert page.count("<img") == 1


def test_withheld_images_are_told_and_have_a_place(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 1, each=4)
    rows.end(services, batch_id, (2,), reason="3 of 4, 1 withheld by the provider.", withheld=1)
    page = person.page(f"/batches/{batch_id}")
    assert "3 of 4, 1 withheld" in page
    assert page.count(">withheld<") == 1


def test_what_needs_a_person_is_told_once_a_state_with_the_price_of_another_try(
    person: Person, services: Services
) -> None:
    batch_id = rows.batch(services, 9, price=4000, backend="openai")
    rows.end(services, batch_id, (3,), RowState.REFUSED, reason="Declined: depicts a weapon.")
    rows.end(services, batch_id, (4, 6), RowState.FAILED)
    rows.end(services, batch_id, (7,), RowState.FAILED, reason="Too large.")
    rows.end(services, batch_id, (5, 9), RowState.UNKNOWN, reason="No answer will come.")
    needs = text(part(person.page(f"/batches/{batch_id}"), "needs"))
    assert needs.startswith("Three things need you")
    assert "Row 3 refused Declined: depicts a weapon." in needs
    assert "3 rows failed Rows 4 and 6: The server gave error 503. Row 7: Too large." in needs
    assert "Retry 3 rows for 12 credits" in needs
    assert "Rows 5 and 9 unknown No answer will come. They are not sent again unless you say so." in needs
    assert "Send 2 again, may cost 8 more" in needs


def test_rows_that_fail_alike_are_named_by_the_first(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 30)
    rows.end(services, batch_id, range(2, 22, 2), RowState.FAILED)
    assert "Rows 2, 4, 6, 8, 10, 12 and 4 more failed" in text(person.page(f"/batches/{batch_id}"))


def test_what_a_back_end_ignored_is_told_of_its_rows(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 4)
    rows.end(services, batch_id, (2, 4), notes=["It has no palettes."])
    rows.end(services, batch_id, (3, 5))
    assert "Rows 2 and 4: It has no palettes." in text(part(person.page(f"/batches/{batch_id}"), "remarks"))


def test_what_happened_is_told_newest_first_and_all_of_it_on_demand(
    person: Person, services: Services
) -> None:
    batch_id = rows.batch(services, 60)
    rows.end(services, batch_id, range(2, 62), RowState.FAILED)
    page = person.page(f"/batches/{batch_id}")
    assert page.count("<time ") == 40
    assert text(part(page, "story")).startswith("What happened")
    whole = person.page(f"/batches/{batch_id}?story=all")
    assert whole.count("<time ") == 61
    assert "story=all" in part(whole, "pulse"), "a pulse would cut the story again"


def test_stop_and_resume_lead_back_to_the_page(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 5, price=1000, backend="openai")
    rows.end(services, batch_id, (2,))
    for _ in range(2):  # a second click
        answer = person.send(f"/batches/{batch_id}/stop")
        assert (answer.status_code, answer.location) == (303, f"/batches/{batch_id}")
    page = person.page(f"/batches/{batch_id}")
    assert "4 rows were not run" in page
    assert "Resume 4 rows for 4 credits" in page
    for _ in range(2):
        assert person.send(f"/batches/{batch_id}/resume").status_code == 303
    assert making.state(services, batch_id)[0] == BatchState.QUEUED


def test_htmx_is_told_to_look_instead_of_getting_a_page(person: Person, services: Services) -> None:
    batch_id = rows.batch(services)
    person.get("/notices")
    answer = person.client.post(
        f"/batches/{batch_id}/stop", headers={"HX-Request": "true", "X-CSRFToken": person.token}
    )
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (204, "look")


def test_only_rows_of_the_state_that_was_asked_for_are_tried_again(
    person: Person, services: Services
) -> None:
    batch_id = rows.batch(services, 4)
    for number, state in ((2, RowState.FAILED), (3, RowState.REFUSED), (4, RowState.UNKNOWN)):
        rows.end(services, batch_id, (number,), state)
    rows.end(services, batch_id, (5,))
    person.send(f"/batches/{batch_id}/retry", only="refused")
    assert making.states(services, batch_id) == {"done": 1, "failed": 1, "pending": 1, "unknown": 1}
    person.send(f"/batches/{batch_id}/retry")
    assert making.states(services, batch_id) == {"done": 1, "pending": 2, "unknown": 1}
    assert person.send(f"/batches/{batch_id}/retry").status_code == 303, "a second click is harmless"
    person.send(f"/batches/{batch_id}/retry", only="unknown")
    assert making.states(services, batch_id) == {"done": 1, "pending": 3}
    assert person.send(f"/batches/{batch_id}/retry", only="done").status_code == 422


def test_a_trial_that_is_through_offers_the_rest_at_its_price(person: Person, services: Services) -> None:
    items = [making.item(n, price=2000) for n in range(2, 102)]
    batch_id = rows.of_items(services, items, backend="openai", trial={item.row_id for item in items[:5]})
    rows.end(services, batch_id, range(2, 7))
    page = person.page(f"/batches/{batch_id}")
    assert "The trial is done." in page
    assert "Run the other 95 rows for 190 credits" in page
    person.send(f"/batches/{batch_id}/resume")
    assert "Run the other" not in person.page(f"/batches/{batch_id}")


def test_a_trial_that_was_interrupted_goes_on_with_its_own_rows(person: Person, services: Services) -> None:
    items = [making.item(n, price=2000) for n in range(2, 22)]
    batch_id = rows.of_items(services, items, backend="openai", trial={item.row_id for item in items[:5]})
    rows.end(services, batch_id, (2,))
    pause(services, batch_id, "The key was refused.")
    page = person.page(f"/batches/{batch_id}")
    assert "The key was refused." in page
    assert "Resume 4 rows for 8 credits" in page


def test_a_cap_that_is_reached_can_be_raised_where_it_is_told(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 10, price=10_000, backend="openai", budget=25_000)
    rows.end(services, batch_id, (2, 3))
    rows.send(services, batch_id, 4)  # the ledger finds that no row fits
    page = person.page(f"/batches/{batch_id}")
    assert "Your cap of 25 credits is reached." in page
    assert 'name="budget" form="cap-form" inputmode="decimal" autocomplete="off" value="100"' in page
    assert "leaves 5, these rows cost 80" in page
    assert "A cap cannot" not in page
    refused = person.send(f"/batches/{batch_id}/resume", budget="12")
    assert refused.status_code == 422
    assert "20 credits are spent or on their way" in refused.text
    wrong = person.send(f"/batches/{batch_id}/resume", budget="a lot")
    assert "“a lot” is no number of credits" in wrong.text
    assert person.send(f"/batches/{batch_id}/resume", budget="60.5").status_code == 303
    with services.database.read() as connection:
        assert store.get(connection, LOCAL, batch_id).budget == 60_500
    person.send(f"/batches/{batch_id}/resume", budget="")
    said = text(part(person.page(f"/batches/{batch_id}"), "story"))
    assert "Cap set to 60.5 credits, by you." in said
    assert "No cap any more, by you." in said


def test_a_pause_says_why_and_what_can_be_done(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 4, price=1000, backend="openai")
    rows.end(services, batch_id, (2,))
    pause(services, batch_id, "The endpoint refused the key. Check PROMPTSHEET_IMAGES_API_KEY.")
    state = text(person.page(f"/batches/{batch_id}"))
    assert "Paused. The endpoint refused the key." in state
    assert "Resume 3 rows for 3 credits Stop here" in state


def test_a_batch_that_waits_while_redis_is_away_says_so(person: Person, services: Services) -> None:
    batch_id = rows.batch(services)
    assert "Redis does not answer" in person.page(f"/batches/{batch_id}")


def test_a_clean_end_makes_the_zip_the_one_act(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 2, each=2)
    rows.end(services, batch_id, (2, 3))
    page = person.page(f"/batches/{batch_id}")
    assert re.search(r'class="btn go" id="zip" [^>]*>.*?ZIP, 4 images', page)
    assert page.count("btn go") == 1
    assert '<section class="stack tight" id="needs" aria-labelledby="needs-head" hidden>' in page


def test_a_page_asks_again_only_while_something_will_change(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 2)
    assert "every 2s" in part(person.page(f"/batches/{batch_id}"), "pulse")
    rows.end(services, batch_id, (2, 3))
    assert "every 2s" not in part(person.page(f"/batches/{batch_id}"), "pulse")
    assert "every 2s" not in part(person.page(f"/batches/{batch_id}/pulse"), "pulse")


def test_a_pulse_brings_only_the_rows_that_came_since(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 9, each=2)
    seen = rows.end(services, batch_id, (2, 3))
    newest = int(re.findall(r'data-newest="(\d+)"', person.page(f"/batches/{batch_id}"))[0])
    address = f"/batches/{batch_id}/pulse"
    assert "<img" not in person.page(f"{address}?after={newest}")
    rows.end(services, batch_id, (5,))
    pulse = person.page(f"{address}?after={newest}")
    assert shown_rows(pulse) == [5]
    assert 'hx-swap-oob="afterbegin:#arrived"' in pulse
    assert not any(image.id in pulse for image in seen)
    assert "<figure" not in person.page(address), "a page that is scrolled down asks for no rows"


def test_a_pulse_after_a_long_silence_brings_a_first_page_anew(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 60)
    rows.end(services, batch_id, range(2, 62))
    pulse = person.page(f"/batches/{batch_id}/pulse?after=1")
    assert shown_rows(pulse) == list(range(61, 37, -1))
    assert 'id="arrived" hx-swap-oob="true"' in pulse
    assert "Show older" in part(pulse, "older")
    assert shown_rows(person.page(f"/batches/{batch_id}/pulse?after=59&shown=500"))[:1] == [61]


def test_a_pulse_names_every_part_of_the_page_and_no_other(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 3)
    rows.end(services, batch_id, (2,))
    for view in ("", "?state=done", "?before=99"):
        page = person.page(f"/batches/{batch_id}{view}")
        pulse = person.page(f"/batches/{batch_id}/pulse{view}")
        for name in re.findall(r'id="([\w-]+)" hx-swap-oob="true"', pulse):
            assert f'id="{name}"' in page, f"{name} of the pulse is not on the page {view}"


def test_a_poll_that_finds_no_batch_makes_no_noise(person: Person) -> None:
    assert person.get("/batches/none/pulse", **POLL).status_code == 204
    assert person.get("/batches/none").status_code == 404


def test_rows_are_never_in_a_state_that_does_not_exist(person: Person, services: Services) -> None:
    batch_id = rows.batch(services)
    answer = person.get(f"/batches/{batch_id}?state=lost")
    assert answer.status_code == 404
    assert "Rows are never lost" in answer.text


@pytest.mark.parametrize("address", ["", "/pulse", "/zip", "/sheet"])
def test_nobody_sees_anothers_batch(person: Person, services: Services, address: str) -> None:
    batch_id = making.batch(services, making.items(2), owner="somebody")
    assert person.get(f"/batches/{batch_id}{address}").status_code == 404
    for deed in ("stop", "resume", "retry"):
        assert person.send(f"/batches/{batch_id}/{deed}").status_code == 404
    assert batch_id not in person.page("/batches")
    assert batch_id not in person.page(f"/batches/lines?id={batch_id}")


def test_names_and_prompts_are_text_and_never_markup(person: Person, services: Services) -> None:
    items = [making.item(2, "<script>alert(1)</script>")]
    batch_id = rows.of_items(services, items, name="<b>bold</b>")
    rows.end(services, batch_id, (2,), notes=["<i>note</i>"])
    page = person.page(f"/batches/{batch_id}")
    assert not re.search(r"<script>|<b>bold|<i>note", page)


def test_a_resume_that_is_not_possible_says_why(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 1)
    rows.end(services, batch_id, (2,))
    answer = person.send(f"/batches/{batch_id}/resume")
    assert answer.status_code == 409
    assert "No row of this batch waits to be run." in answer.text
    control.stop(services, LOCAL, batch_id)
    assert making.state(services, batch_id)[0] == BatchState.FINISHED

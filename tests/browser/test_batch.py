"""A batch in a browser: watched from start to end, told what to do, never in the way of who looks at it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jobs import control
from jobs.batch import RowState
from jobs.services import LOCAL
from tests.browser import accessible
from tests.browser.conftest import Upload
from tests.browser.table import Table, laid
from tests.jobs import making
from tests.web import rows

TWICE = """() => {
  window.twice = [];
  const seen = new Set([...document.images].map((image) => image.src));
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes]))
      for (const image of node.querySelectorAll?.("img") ?? [])
        seen.has(image.src) ? window.twice.push(image.src) : seen.add(image.src);
  }).observe(document.body, { childList: true, subtree: true });
}"""
"""Notes every picture that is put into the page although it lay there already."""


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    with laid(tmp_path / "data") as laid_out:
        yield laid_out


def look(page: Page) -> None:
    """Have the page ask at once, as when its tab comes to the front."""
    page.evaluate("htmx.trigger(document.body, 'look')")


def sheet(count: int) -> bytes:
    lines = [f"a fox number {n} in the snow,private,{('1:1', '2:3', '16:9')[n % 3]},2" for n in range(count)]
    return "\n".join(["prompt,visibility,aspect_ratio,num_images", *lines]).encode()


def test_a_batch_is_watched_from_its_start_to_its_zip(page: Page, upload: Upload, tmp_path: Path) -> None:
    upload("watched.csv", sheet(24))
    page.get_by_role("button", name="Start 24 rows").click()
    page.wait_for_url("**/batches/*")
    page.evaluate(TWICE)
    expect(page.locator("#arrived figure").first).to_be_visible(timeout=20_000)
    expect(page.locator("#figures")).to_contain_text("24 of 24", timeout=60_000)
    expect(page.locator("#arrived figure")).to_have_count(24)
    assert page.evaluate("window.twice") == []
    assert "every" not in str(page.locator("#pulse").get_attribute("hx-trigger"))
    expect(page).to_have_title("watched · Promptsheet")
    with page.expect_download() as taking:
        page.get_by_role("link", name="ZIP, 48 images").click()
    taking.value.save_as(tmp_path / "taken.zip")
    with zipfile.ZipFile(tmp_path / "taken.zip") as taken:
        assert len(taken.namelist()) == 50
    accessible.check(page)


def test_news_leave_focus_and_what_did_not_change_alone(page: Page, table: Table) -> None:
    batch_id = rows.batch(table.services, 9)
    rows.end(table.services, batch_id, (2, 3))
    rows.end(table.services, batch_id, (4,), RowState.FAILED)
    page.goto(f"{table.url}/batches/{batch_id}")
    for place in ("#acts button", "#needs button", "#chip-done", "#arrived a.print"):
        page.evaluate("(place) => document.querySelector(place).mark = true", place)
    page.focus("#needs button")
    page.evaluate(TWICE)
    rows.end(table.services, batch_id, (5,))
    expect(page.locator("#figures")).to_contain_text("3 of 9")
    expect(page.locator("#count-done")).to_have_text("3")
    expect(page.locator("#arrived figure")).to_have_count(3)
    assert page.evaluate("document.activeElement.mark"), "the very button, and not one like it"
    for place in ("#acts button", "#needs button", "#chip-done", "#arrived figure:nth-child(2) a.print"):
        assert page.evaluate("(place) => document.querySelector(place).mark", place), place
    assert page.evaluate("window.twice") == []


def test_who_has_scrolled_down_is_not_moved_and_gets_the_new_rows_at_the_top(
    page: Page, table: Table
) -> None:
    batch_id = rows.batch(table.services, 40)
    rows.end(table.services, batch_id, range(2, 30))
    page.goto(f"{table.url}/batches/{batch_id}")
    page.locator("#arrived figure").nth(15).scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, document.querySelectorAll('#arrived figure')[12].offsetTop)")
    place = "document.querySelectorAll('#arrived figure')[15].getBoundingClientRect().top"
    before = page.evaluate(place)
    rows.end(table.services, batch_id, range(30, 42))
    look(page)
    expect(page.locator("#figures")).to_contain_text("40 of 40")
    assert page.locator("#arrived figure").count() == 24
    assert page.evaluate(place) == pytest.approx(before, abs=1)
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator("#arrived figure")).to_have_count(36)
    expect(page.locator("#arrived figure b").first).to_have_text("41")


def test_stop_resume_and_retry_answer_where_they_are_pressed_and_in_the_other_tab(
    page: Page, table: Table
) -> None:
    batch_id = rows.batch(table.services, 5, price=1000, backend="openai")
    rows.end(table.services, batch_id, (2,))
    rows.end(table.services, batch_id, (3,), RowState.FAILED)
    page.goto(f"{table.url}/batches/{batch_id}")
    other = page.context.new_page()
    other.goto(f"{table.url}/batches")
    other.get_by_role("button", name="Stop Foxes").click()
    expect(other.locator(f"#progress-{batch_id}")).to_contain_text("Stopped")
    expect(page.get_by_role("button", name="Resume 3 rows for 3 credits")).to_be_visible()
    page.get_by_role("button", name="Resume 3 rows").dblclick()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.get_by_role("button", name="Retry 1 row for 1 credits").click()
    expect(page.locator("#count-pending")).to_have_text("4")
    expect(page.locator("#needs")).to_be_hidden()
    assert page.url == f"{table.url}/batches/{batch_id}"


def test_a_row_that_is_made_again_takes_the_place_of_the_one_before(page: Page, table: Table) -> None:
    batch_id = rows.batch(table.services, 3)
    rows.end(table.services, batch_id, (2,), RowState.UNKNOWN)
    rows.end(table.services, batch_id, (3,))
    page.goto(f"{table.url}/batches/{batch_id}")
    again = page.get_by_role("button", name="Send 1 again")
    again.click()
    expect(again).to_be_hidden()  # the order has arrived: until then there is no row to end
    rows.end(table.services, batch_id, (2,))
    look(page)
    expect(page.locator("#arrived figure b")).to_have_text(["2", "3"])


def test_a_server_that_went_away_is_waited_for_in_silence(page: Page, table: Table) -> None:
    batch_id = rows.batch(table.services, 4)
    page.goto(f"{table.url}/batches/{batch_id}")
    table.off()
    expect(page.get_by_text("The connection is lost")).to_be_visible()
    rows.end(table.services, batch_id, (2,))
    table.on()
    expect(page.locator("#figures")).to_contain_text("1 of 4", timeout=10_000)
    expect(page.get_by_text("The connection is lost")).to_be_hidden()
    assert page.locator("#toasts .toast").count() == 0


def test_a_cap_that_is_being_typed_is_not_overwritten(page: Page, table: Table) -> None:
    batch_id = rows.batch(table.services, 10, price=10_000, backend="openai", budget=25_000)
    rows.end(table.services, batch_id, (2, 3))
    rows.send(table.services, batch_id, 4)
    page.goto(f"{table.url}/batches/{batch_id}")
    cap = page.get_by_label("Your cap, in credits")
    cap.fill("12")
    with page.expect_response("**/pulse*"):
        look(page)
    expect(cap).to_have_value("12")
    cap.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("20 credits are spent or on their way")
    expect(cap).to_have_value("12")
    cap.fill("60")
    cap.press("Enter")
    expect(page.locator("#figures")).to_contain_text("cap 60")


def test_the_counts_lead_to_their_rows_by_keyboard_and_back(page: Page, table: Table) -> None:
    batch_id = rows.batch(table.services, 30)
    rows.end(table.services, batch_id, range(2, 30))
    rows.end(table.services, batch_id, (30, 31), RowState.REFUSED, reason="Declined.")
    page.goto(f"{table.url}/batches/{batch_id}")
    page.focus("#chip-refused")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Rows that are refused")).to_be_visible()
    expect(page.locator("#listed figure b")).to_have_text(["30", "31"])
    page.go_back()
    page.get_by_role("link", name="Show older").click()
    expect(page.locator("#arrived figure")).to_have_count(28)


@pytest.mark.parametrize("state", ["running", "trial", "capped", "troubled", "long"])
def test_every_state_is_accessible_and_fits_its_window(page: Page, table: Table, state: str) -> None:
    services = table.services
    items = [making.item(n, f"a fox number {n}", 2, 1000) for n in range(2, 2100 if state == "long" else 14)]
    trial = {item.row_id for item in items[:3]} if state == "trial" else None
    budget = 5000 if state == "capped" else None
    batch_id = rows.of_items(services, items, backend="openai", trial=trial, budget=budget)
    rows.end(services, batch_id, (2, 3), notes=["It has no palettes."])
    match state:
        case "running":
            rows.send(services, batch_id, 4, 5)
        case "trial":
            rows.end(services, batch_id, (4,))
        case "capped":
            rows.end(services, batch_id, range(4, 8))
        case "troubled":
            for number, ended in enumerate((RowState.FAILED, RowState.REFUSED, RowState.UNKNOWN), 4):
                rows.end(services, batch_id, (number, number + 3), ended)
            control.stop(services, LOCAL, batch_id)
    page.goto(f"{table.url}/batches/{batch_id}")
    accessible.check(page)


def test_the_list_and_its_empty_page_are_accessible(page: Page, table: Table) -> None:
    page.goto(f"{table.url}/batches")
    accessible.check(page)
    for number in range(3):
        rows.end(table.services, rows.batch(table.services, 3, name=f"Batch {number}"), (2, 3))
    page.goto(f"{table.url}/batches")
    accessible.check(page)


def test_at_twice_the_size_nothing_is_cut_off(page: Page, table: Table) -> None:
    batch_id = rows.batch(table.services, 300, each=4)
    rows.end(table.services, batch_id, (2, 3))
    page.set_viewport_size({"width": 640, "height": 400})  # 1280 × 800 at 200 %
    for address in ("/batches", f"/batches/{batch_id}", "/creations"):
        page.goto(f"{table.url}{address}")
        assert not page.evaluate(accessible.WIDER_THAN_WINDOW), address

"""Before a start in a browser: the price follows what is chosen, and a start is one start."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import accessible
from tests.browser.conftest import Serve, Upload
from tests.fakes.ideogram_server import IdeogramServer

ROWS = "".join(f"a fox {number},private,{2 if number == 3 else 4},text\n" for number in range(12))
SHEET = f"prompt,visibility,num_images,negative_prompt\n{ROWS}".encode()


def test_the_price_follows_the_back_end_and_stays_after_a_refresh(page: Page, upload: Upload) -> None:
    upload("priced.csv", SHEET)
    expect(page.get_by_role("button", name="Start 12 rows")).to_be_enabled()
    page.get_by_label("Back end").focus()
    page.get_by_label("Back end").select_option("openai")
    expect(page.get_by_role("button", name="Start 12 rows for 184 credits")).to_be_enabled()
    expect(page.get_by_label("Back end")).to_be_focused()
    expect(page.get_by_label("Budget cap")).to_have_value("184")
    page.get_by_label("Budget cap").fill("50")
    page.get_by_label("Rows", exact=True).fill("3")
    page.get_by_label("Rows", exact=True).press("Tab")
    expect(page.get_by_role("button", name="Run 3 rows for 48 credits")).to_be_enabled()
    expect(page.get_by_label("Budget cap")).to_have_value("50")
    accessible.check(page)
    page.reload()
    expect(page.get_by_role("button", name="Run 3 rows for 48 credits")).to_be_visible()
    expect(page.get_by_role("button", name="Start 12 rows for 184 credits")).to_be_visible()


def test_a_double_click_on_start_is_one_batch(page: Page, upload: Upload) -> None:
    address = upload("twice.csv", SHEET).removesuffix("/details")
    page.get_by_role("button", name="Start 12 rows").dblclick()
    page.wait_for_url("**/batches/**")
    page.goto(address)
    expect(page.locator("#batches > li")).to_have_count(1)


def test_a_form_that_was_sent_and_is_sent_again_is_one_batch(page: Page, upload: Upload) -> None:
    address = upload("again.csv", SHEET)
    other = page.context.new_page()
    other.goto(address)
    for tab in (page, other):
        tab.get_by_role("button", name="Start 12 rows").click()
        tab.wait_for_url("**/batches/**")
    assert page.url != other.url, "two pages are two orders"
    started = page.url
    page.reload()
    assert page.url == started


def test_a_trial_runs_its_rows_and_waits(page: Page, upload: Upload) -> None:
    upload("tried.csv", SHEET)
    page.get_by_role("button", name="Run 5 rows").click()
    page.wait_for_url("**/batches/**")
    expect(page.get_by_text("The trial is done.").first).to_be_visible(timeout=20_000)


def test_the_providers_price_comes_after_the_page_and_is_asked_for_once(page: Page, serve: Serve) -> None:
    with IdeogramServer(quoting=0.3) as server:
        url = serve(server.environment())
        file = {"name": "priced.csv", "mimeType": "text/csv", "buffer": SHEET}
        sheet_id = page.request.post(f"{url}/api/v1/sheets", multipart={"file": file}).json()["id"]
        page.goto(f"{url}/sheets/{sheet_id}/details?backend=ideogram")
        expect(page.locator("#told-ideogram")).to_contain_text("is asked for its own")
        expect(page.locator("#told-ideogram")).to_contain_text("Ideogram says 23 credits, $0.23")
        accessible.check(page)
        page.get_by_label("Rows", exact=True).fill("3")
        page.get_by_label("Rows", exact=True).press("Tab")
        expect(page.get_by_role("button", name="Run 3 rows")).to_be_enabled()
        expect(page.locator("#told-ideogram")).to_contain_text("Ideogram says 23 credits")
        assert (server.told()["quotes"], server.told()["billed"]) == (2, 0)

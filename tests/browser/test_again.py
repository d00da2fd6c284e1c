"""What is made again, in a browser: a row edited in its place, other words, what was finished before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jobs.batch import RowState
from jobs.services import LOCAL, Services
from jobs.store import rewordings
from jobs.store.rewordings import Rewording
from tests.browser import accessible
from tests.browser.conftest import Upload
from tests.browser.table import Table, laid
from tests.web import rows


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    """A web with a language model at which nobody answers."""
    with laid(tmp_path / "data", OPENAI_BASE_URL="http://127.0.0.1:9/v1") as laid_out:
        yield laid_out


def propose(services: Services, batch_id: str, number: int, before: str, after: str) -> None:
    with services.database.write() as connection:
        row = next(row for row in rows.batches.rows(connection, LOCAL, batch_id) if row.number == number)
        rewordings.ask(
            connection,
            [Rewording(batch_id, row.row_id, LOCAL, number, "proposed", before, "Declined.", after)],
        )


def test_a_refused_row_is_edited_and_waits_again_in_its_place(page: Page, table: Table) -> None:
    batch_id = rows.batch(table.services, 3, each=2)
    rows.end(table.services, batch_id, (3,), RowState.REFUSED, reason="Declined: depicts a weapon.")
    page.goto(f"{table.url}/batches/{batch_id}?state=refused")
    page.get_by_role("link", name="Edit and retry row 3").click()
    expect(page.get_by_role("heading", name="Row 3")).to_be_visible()
    accessible.check(page)
    page.get_by_label("prompt", exact=True).fill("a calm fox")
    page.get_by_label("color_palette", exact=True).fill("#12")
    page.get_by_role("button", name="Save and retry").click()
    expect(page.get_by_label("prompt", exact=True)).to_have_value("a calm fox")
    expect(page.get_by_label("color_palette", exact=True)).to_have_attribute("aria-invalid", "true")
    accessible.check(page)
    page.get_by_label("color_palette", exact=True).fill("ember")
    page.get_by_role("button", name="Save and retry").click()
    page.wait_for_url(f"**/batches/{batch_id}")
    expect(page.get_by_text("Row 3 is tried again.").first).to_be_visible()
    page.goto(f"{table.url}/batches/{batch_id}?state=pending")
    expect(page.locator("figure").filter(has_text="a calm fox")).to_contain_text("The first: refused")
    accessible.check(page)


def test_other_words_are_accepted_one_by_one_without_leaving_the_page(page: Page, table: Table) -> None:
    batch_id = rows.batch(table.services, 4)
    rows.end(table.services, batch_id, (2, 3, 4), RowState.REFUSED, reason="Declined: depicts a weapon.")
    for number in (2, 3):
        before = f"a fox number {number}"
        propose(table.services, batch_id, number, before, f"a calm fox number {number}")
    page.goto(f"{table.url}/batches/{batch_id}")
    words = page.locator("#wordings")
    expect(words.locator("ins").first).to_contain_text("calm")
    expect(page.get_by_role("button", name="Suggest another wording")).to_be_visible()
    accessible.check(page)
    words.get_by_role("button", name="Accept the other words of row 2").click()
    expect(words.locator("li")).to_have_count(1)
    words.get_by_role("button", name="Reject the other words of row 3").click()
    expect(words).to_be_hidden()
    expect(page.locator("#chips")).to_contain_text("refused 2")


def test_what_was_finished_before_is_taken_over_on_a_word(page: Page, upload: Upload) -> None:
    sheet = b"prompt,visibility,num_images\n" + b"".join(b"an owl %d,private,1\n" % n for n in range(5))
    details = upload("owls.csv", sheet)
    page.get_by_role("button", name="Run 4 rows").click()
    expect(page.get_by_text("The trial is done.").first).to_be_visible(timeout=20_000)
    page.goto(details)
    expect(page.get_by_text("1 row new or changed, 4 finished before")).to_be_visible()
    page.get_by_label("Take those over, 0 credits").check()
    expect(page.get_by_role("button", name="Start 1 row")).to_be_visible()
    accessible.check(page)
    page.get_by_role("button", name="Start 1 row").click()
    page.wait_for_url("**/batches/*")
    expect(page.locator("#figures")).to_contain_text("5 of 5", timeout=20_000)
    expect(page.locator("#chips")).to_contain_text("reused 4")
    expect(page.locator("#arrived figure")).to_have_count(5)

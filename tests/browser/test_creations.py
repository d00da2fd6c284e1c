"""The gallery and the lightbox in a browser, with and without scripts, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from jobs.services import LOCAL
from jobs.store import images
from jobs.store.images import Wanted
from tests.browser import accessible
from tests.browser.table import Table, laid
from tests.jobs import making
from tests.web import rows

RATIOS = ("1:1", "2:3", "16:9", "9:16", "3:1", "1:3", "4:5")

SHIFTS = """() => {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) window.shifted += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
}"""


LOADED = """() => Promise.all([...document.images].map((image) => {
  image.loading = "eager";
  return image.decode();
}))"""


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    """Four rows of three images in different shapes, and then a web over them."""
    with laid(tmp_path / "data") as laid_out:
        items = [
            making.item(n, f"a fox number {n}", 3, aspect_ratio=RATIOS[n], color_palette="ember")
            for n in range(2, 6)
        ]
        batch_id = rows.of_items(laid_out.services, items, name="Winter")
        for number in range(2, 6):
            rows.end(laid_out.services, batch_id, (number,), prompt_used="a fox, soft light")
        yield laid_out


@pytest.fixture
def gallery(page: Page, table: Table) -> Page:
    page.goto(f"{table.url}/creations")
    return page


def caption(page: Page) -> str:
    return page.locator("#lb-title").inner_text()


def address_of(page: Page, title: str) -> str:
    """The address of the print with this caption."""
    print_ = page.locator("figure", has=page.get_by_text(title, exact=True)).locator("a.print")
    return str(print_.get_attribute("href"))


def open_print(page: Page, place: int) -> None:
    page.locator(".gal a.print").nth(place).click()
    expect(page.locator("dialog.lb")).to_be_visible()


def test_a_print_opens_over_the_gallery_and_closes_onto_itself(gallery: Page) -> None:
    open_print(gallery, 4)
    assert caption(gallery) == "Row 4, image 2 of 3"
    assert gallery.url.endswith(address_of(gallery, "4.2"))
    gallery.keyboard.press("Escape")
    expect(gallery.locator("dialog.lb")).to_be_hidden()
    assert gallery.url.endswith("/creations")
    expect(gallery).to_have_title("Creations · Promptsheet")
    assert gallery.evaluate("document.activeElement.id") == gallery.locator(".gal a.print").nth(
        4
    ).get_attribute("id")


def test_arrows_turn_to_the_neighbours_and_back_leaves_them_all(gallery: Page) -> None:
    open_print(gallery, 0)
    for press, expected in (
        ("ArrowRight", "Row 5, image 2 of 3"),
        ("ArrowRight", "Row 5, image 1 of 3"),
        ("ArrowRight", "Row 4, image 3 of 3"),
        ("ArrowLeft", "Row 5, image 1 of 3"),
    ):
        gallery.keyboard.press(press)
        expect(gallery.locator("#lb-title")).to_have_text(expected)
        expect(gallery.locator("dialog [role=status]").first).to_have_text(expected)
    gallery.locator(".film a").nth(1).click()
    expect(gallery.locator("#lb-title")).to_have_text("Row 5, image 2 of 3")
    gallery.go_back()
    expect(gallery.locator("dialog.lb")).to_be_hidden()
    assert gallery.locator(".gal figure").count() == 12, "the gallery is as it was left"
    gallery.go_forward()
    expect(gallery.locator("#lb-title")).to_have_text("Row 5, image 2 of 3")


def test_an_opened_image_survives_a_reload_and_the_way_back(gallery: Page) -> None:
    open_print(gallery, 2)
    gallery.reload()
    expect_alone(gallery, "Row 5, image 1 of 3")
    gallery.keyboard.press("ArrowRight")
    expect_alone(gallery, "Row 4, image 3 of 3")
    gallery.keyboard.press("Escape")
    expect(gallery.locator(".gal figure")).to_have_count(12)
    assert "#figure-" in gallery.url
    for title in ("Row 4, image 3 of 3", "Row 5, image 1 of 3"):
        gallery.go_back()
        expect_alone(gallery, title)
    gallery.go_back()
    expect(gallery.locator(".gal figure")).to_have_count(12)


def expect_alone(page: Page, title: str) -> None:
    """An image has the page to itself, and its keys are heard: they are shown once the script has come."""
    expect(page.locator("main.lb #lb-title")).to_have_text(title)
    expect(page.locator("#lb-keys")).to_be_visible()


def test_a_star_shows_wherever_its_image_stands(gallery: Page) -> None:
    open_print(gallery, 1)
    gallery.keyboard.press("s")
    expect(gallery.locator("#lb-star")).to_have_attribute("aria-pressed", "true")
    gallery.keyboard.press("Escape")
    stars = gallery.locator(".gal .star")
    expect(stars.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(gallery.locator("#tally")).to_have_text("12 images · 1 starred")
    stars.nth(1).focus()
    gallery.keyboard.press("Enter")
    expect(gallery.locator("#tally")).to_have_text("12 images · 0 starred")
    expect(stars.nth(1)).to_be_focused()


def test_a_deleted_image_can_be_brought_back_from_where_it_was_deleted(gallery: Page) -> None:
    open_print(gallery, 3)
    gone = gallery.url.rsplit("/", 1)[1]
    gallery.get_by_role("button", name="Delete image").click()
    expect(gallery.locator("#lb-title")).to_have_text("Row 4, image 2 of 3")
    expect(gallery.locator("#toasts")).to_contain_text("Image 4.3 is deleted.")
    assert gallery.locator(f"#figure-{gone}").is_hidden()
    gallery.get_by_role("button", name="Undo").click()
    expect(gallery.locator("#toasts .toast")).to_have_count(0)
    gallery.keyboard.press("Escape")
    expect(gallery.locator(f"#figure-{gone}")).to_be_visible()
    expect(gallery.locator("#tally")).to_contain_text("12 images")


def test_deleting_alone_leads_to_the_gallery_with_the_way_back(
    page: Page, table: Table, gallery: Page
) -> None:
    page.goto(table.url + address_of(gallery, "3.1"))
    page.get_by_role("button", name="Delete image").click()
    page.wait_for_url("**/creations")
    expect(page.locator(".gal figure:visible")).to_have_count(11)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".gal figure:visible")).to_have_count(12)


def test_the_last_image_of_all_closes_when_it_is_deleted(page: Page, tmp_path: Path) -> None:
    with laid(tmp_path / "one") as table:
        rows.end(table.services, rows.batch(table.services, 1), (2,))
        page.goto(f"{table.url}/creations")
        open_print(page, 0)
        page.get_by_role("button", name="Delete image").click()
        expect(page.locator("dialog.lb")).to_be_hidden()
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".gal figure")).to_be_visible()


def test_typing_and_choosing_narrow_the_gallery_and_its_address(gallery: Page) -> None:
    gallery.get_by_label("Search in prompts").fill("number 4")
    expect(gallery.locator(".gal figure")).to_have_count(3)
    assert gallery.url.endswith("/creations?q=number+4")
    expect(gallery.get_by_label("Search in prompts")).to_be_focused()
    expect(gallery.locator("#tally")).to_have_text("3 images of 12 · 0 starred")
    gallery.get_by_text("starred", exact=True).click()
    expect(gallery.get_by_text("No starred image has “number” and “4” in its prompt")).to_be_visible()
    with gallery.expect_navigation():
        gallery.get_by_role("link", name="Show those 3").click()
    expect(gallery.locator(".gal figure")).to_have_count(3)
    gallery.get_by_label("Ratio").select_option("2:3")
    expect(gallery.locator(".gal figure")).to_have_count(0)
    open_print_after = gallery.get_by_role("link", name=re.compile("Show those")).first
    open_print_after.click()
    open_print(gallery, 0)
    expect(gallery.locator("#lb-close")).to_have_attribute("href", re.compile(r"^/creations\?q=number\+4#"))


def test_older_images_come_when_the_end_is_seen(page: Page, tmp_path: Path) -> None:
    with laid(tmp_path / "many") as table:
        batch_id = rows.batch(table.services, 1)
        rows.shelf(table.services, 150, batch_id)
        page.goto(f"{table.url}/creations")
        for expected in (120, 150):
            page.locator("#older").scroll_into_view_if_needed()
            expect(page.locator(".gal figure")).to_have_count(expected)
        captions = page.locator(".gal figcaption b").all_inner_texts()
        assert captions == [f"2.{place}" for place in range(150, 0, -1)]
        expect(page.get_by_role("link", name="Show older")).to_have_count(0)


def test_prints_of_a_batch_open_too_and_turn_within_the_batch(page: Page, table: Table) -> None:
    other = rows.batch(table.services, 1, name="Other")
    rows.end(table.services, other, (2,))
    page.goto(f"{table.url}/batches/{other}")
    page.locator("#arrived a.print").click()
    expect(page.locator("dialog.lb")).to_be_visible()
    assert page.locator("dialog [rel=next]").count() == 0
    page.get_by_role("link", name="Close").click()
    expect(page.locator("dialog.lb")).to_be_hidden()
    assert page.url == f"{table.url}/batches/{other}"


def test_a_prompt_is_copied_whole(gallery: Page) -> None:
    gallery.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_print(gallery, 0)
    gallery.get_by_role("button", name="Copy prompt").click()
    expect(gallery.get_by_role("button", name="Copied")).to_be_visible()
    assert gallery.evaluate("navigator.clipboard.readText()") == "a fox number 5"


def test_everything_works_without_scripts(browser: Browser, table: Table) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=table.url)
    page = context.new_page()
    page.goto("/creations")
    page.get_by_label("Search in prompts").fill("number 3")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".gal figure")).to_have_count(3)
    page.locator(".gal .star").first.click()
    expect(page.locator(".gal .star").first).to_have_attribute("aria-pressed", "true")
    assert "q=number+3" in page.url
    page.locator(".gal a.print").first.click()
    expect(page.locator("main.lb #lb-title")).to_have_text("Row 3, image 3 of 3")
    page.get_by_role("link", name="Next image").click()
    expect(page.locator("#lb-title")).to_have_text("Row 3, image 2 of 3")
    page.get_by_role("button", name="Delete image").click()
    expect(page.locator(".gal figure")).to_have_count(11)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".gal figure")).to_have_count(12)
    context.close()


def test_nothing_moves_while_images_load(page: Page, table: Table) -> None:
    page.add_init_script(f"({SHIFTS})()")
    for address in ("/creations", page_of(table)):
        page.goto(f"{table.url}{address}")
        page.evaluate(LOADED)
        assert page.evaluate("window.shifted") < 0.005, address


def test_a_justified_row_has_one_height(gallery: Page) -> None:
    boxes = [print_.bounding_box() for print_ in gallery.locator(".gal a.print").all()]
    by_line: dict[int, set[int]] = {}
    for box in boxes:
        assert box
        by_line.setdefault(round(box["y"]), set()).add(round(box["height"]))
    assert all(max(heights) - min(heights) <= 4 for heights in by_line.values()), by_line


@pytest.mark.parametrize("address", ["/creations", "/creations?q=heron", "alone", "dialog"])
def test_every_view_is_accessible_and_fits_its_window(gallery: Page, table: Table, address: str) -> None:
    if address == "dialog":
        open_print(gallery, 5)
    elif address == "alone":
        gallery.goto(f"{table.url}{page_of(table)}")
    else:
        gallery.goto(f"{table.url}{address}")
    accessible.check(gallery)


def test_an_empty_gallery_is_accessible(page: Page, fresh: str) -> None:
    page.goto(f"{fresh}/creations")
    accessible.check(page)


def page_of(table: Table) -> str:
    """The address of the newest image's page."""
    with table.services.database.read() as connection:
        (image,) = images.page(connection, LOCAL, Wanted(), limit=1)
    return f"/creations/{image.id}"

"""The first page in a browser: upload by button and by drop, the example, what is refused at once."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import accessible
from tests.browser.conftest import Upload

GOOD = b"prompt,visibility\na fox,private\nan owl,private\n"

DROP = """([selector, files]) => {
  const data = new DataTransfer();
  for (const [name, of] of files) data.items.add(new File([Number(of) ? new Uint8Array(of + 1) : of], name));
  const zone = document.querySelector(selector);
  for (const kind of ["dragenter", "dragover", "drop"])
    zone.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def test_a_good_sheet_goes_straight_to_its_details(page: Page, upload: Upload) -> None:
    assert upload("good.csv", GOOD).endswith("/details")
    expect(page.get_by_role("button", name="Start 2 rows")).to_be_visible()


def test_a_dropped_file_is_taken_in(page: Page) -> None:
    page.goto("/")
    page.evaluate(DROP, [".drop", [["dropped.csv", GOOD.decode()]]])
    page.wait_for_url("**/details")
    expect(page.get_by_role("heading", level=1)).to_have_text("dropped")


def test_two_dropped_files_are_answered_with_a_sentence(page: Page) -> None:
    page.goto("/")
    page.evaluate(DROP, [".drop", [["one.csv", "a"], ["two.csv", "b"]]])
    expect(page.get_by_text("One sheet at a time")).to_be_visible()
    assert page.url.endswith("/")


def test_a_file_that_misses_the_zone_does_not_replace_the_page(page: Page) -> None:
    page.goto("/")
    assert page.evaluate(
        """() => !document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true }))"""
    )


def test_a_file_that_is_too_large_is_refused_before_it_travels(page: Page) -> None:
    page.goto("/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate(DROP, [".drop", [["huge.csv", 10 << 20]]])
    expect(page.get_by_text("huge.csv is larger than 10 MB")).to_be_visible()
    assert not sent


def test_a_file_that_cannot_be_read_says_how_to_mend_it_and_takes_the_next(page: Page) -> None:
    page.goto("/")
    image = {"name": "fox.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(64)}
    page.get_by_label("Choose a file").set_input_files(image)
    expect(page.get_by_role("heading", level=1)).to_contain_text("fox.png")
    accessible.check(page)
    page.get_by_label("Choose the file again").set_input_files(
        {"name": "good.csv", "mimeType": "text/csv", "buffer": GOOD}
    )
    page.wait_for_url("**/details")


def test_back_from_a_sheet_the_same_file_can_be_chosen_again(page: Page, upload: Upload) -> None:
    first = upload("good.csv", GOOD)
    page.go_back()
    page.get_by_label("Choose a file").set_input_files(
        {"name": "good.csv", "mimeType": "text/csv", "buffer": GOOD}
    )
    page.wait_for_url("**/details")
    assert page.url != first


def test_the_example_runs_at_one_click_and_its_prints_are_there(page: Page) -> None:
    page.goto("/")
    for proof in page.locator(".contact img").all():
        expect(proof).to_have_js_property("complete", True)
        assert proof.evaluate("image => image.naturalWidth") > 100
    page.get_by_role("button", name="Run the example").click()
    page.wait_for_url("**/batches/**")
    page.goto("/")
    newest = page.locator("#batches > li").first
    expect(newest).to_contain_text("Woodland stickers")
    expect(newest).to_contain_text("12 of 12", timeout=20_000)
    accessible.check(page)

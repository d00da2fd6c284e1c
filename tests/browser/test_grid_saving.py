"""Nothing typed is lost: undo across a refresh, two pages of one sheet, a server that goes and comes back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from werkzeug.serving import make_server

from assistant.app import create_app
from jobs.services import LOCAL, Services, open_services
from jobs.settings import Settings
from jobs.store import drafts, sheets
from jobs.store import edits as log
from jobs.store.edits import Edit
from tests.browser.conftest import GridOf
from tests.browser.gridding import Grid

SHEET = b"prompt,visibility,aspect_ratio\na fox,private,1:1\na bear,private,2:3\nan owl,private,\n"


@pytest.fixture
def sheet(grid: GridOf) -> Grid:
    made = grid(SHEET)
    made.go(2, "prompt")
    return made


def second(sheet: Grid) -> Grid:
    """Another page of the same sheet."""
    return Grid(sheet.page.context.new_page(), sheet.base, sheet.sheet_id).open()


def write(sheet: Grid, text: str) -> None:
    sheet.type(text)
    sheet.press("Enter")


def test_undo_and_redo_hold_across_a_refresh(sheet: Grid) -> None:
    sheet.copy("one\tpublic\ntwo\tpublic")
    sheet.press("Control+v")
    sheet.saved()
    sheet.press("Delete")
    sheet.saved()
    sheet.open()
    sheet.go(2, "prompt")
    sheet.press("Control+z")
    expect(sheet.cell(3, "prompt")).to_contain_text("two")
    sheet.open()
    sheet.go(2, "prompt")
    sheet.press("Control+z")
    expect(sheet.cell(2, "prompt")).to_contain_text("a fox")
    expect(sheet.cell(3, "visibility")).to_contain_text("private")
    sheet.press("Control+y")
    expect(sheet.cell(3, "prompt")).to_contain_text("two")
    sheet.page.get_by_role("button", name="Undo").click()
    expect(sheet.cell(3, "prompt")).to_contain_text("a bear")


def test_two_pages_see_each_others_edits_without_losing_place_or_focus(sheet: Grid) -> None:
    other = second(sheet)
    other.go(4, "visibility")
    write(sheet, "a vixen")
    expect(other.cell(2, "prompt")).to_contain_text("a vixen")
    other.at(4, "visibility")
    sheet.press("Alt+n")
    expect(other.row(5)).to_be_attached()
    other.at(5, "visibility")


def test_a_cell_written_on_two_pages_at_once_shows_both_and_one_is_chosen(sheet: Grid, page: Page) -> None:
    other = second(sheet)
    other.go(2, "prompt")
    other.press("F2")
    write(sheet, "a vixen")
    sheet.saved()
    other.type(" asleep")
    other.press("Enter")
    clash = other.page.locator("#clashes")
    expect(clash).to_contain_text("Row 2, prompt")
    expect(clash.locator("ins")).to_have_text("a fox asleep")
    expect(clash.locator("del")).to_have_text("a vixen")
    assert sheet.column("prompt")[0] == "a vixen"
    other.open()
    expect(clash.locator("ins")).to_have_text("a fox asleep")
    clash.get_by_role("button", name="Write mine").click()
    expect(clash).to_be_hidden()
    expect(sheet.cell(2, "prompt")).to_contain_text("a fox asleep")


def test_a_row_deleted_on_another_page_keeps_what_was_being_written(sheet: Grid) -> None:
    other = second(sheet)
    other.go(3, "prompt")
    other.page.route("**/edits", lambda route: route.abort())
    other.type("a cub")
    other.press("Enter")
    sheet.go(3, "prompt")
    sheet.press("Alt+Delete")
    sheet.saved()
    other.page.unroute("**/edits")
    clash = other.page.locator("#clashes")
    clash.get_by_role("button", name="Add mine as a new row").click()
    expect(other.cell(4, "prompt")).to_contain_text("a cub")
    other.saved()
    assert sheet.column("prompt") == ["a fox", "an owl", "a cub"]


def test_edits_made_while_the_server_is_away_are_sent_when_it_is_back(sheet: Grid, page: Page) -> None:
    page.route("**/sheets/**", lambda route: route.abort())
    write(sheet, "a vixen")
    write(sheet, "a cub")
    saved = page.locator("#saved")
    expect(saved).to_contain_text("The server does not answer. 2 changes kept here")
    sheet.press("Control+z")
    expect(saved).to_contain_text("3 changes kept here")
    page.unroute("**/sheets/**")
    sheet.saved()
    assert sheet.column("prompt") == ["a vixen", "a bear", "an owl"]
    expect(sheet.cell(3, "prompt")).to_contain_text("a bear")


def test_edits_that_were_not_sent_survive_a_refresh(sheet: Grid, page: Page) -> None:
    page.route("**/edits", lambda route: route.abort())
    write(sheet, "a vixen")
    expect(page.locator("#saved")).to_contain_text("1 change kept here")
    page.unroute("**/edits")
    sheet.open()
    expect(sheet.cell(2, "prompt")).to_contain_text("a vixen")
    sheet.saved()
    assert sheet.column("prompt")[0] == "a vixen"


def test_an_answer_that_was_lost_on_its_way_does_not_write_twice(sheet: Grid, page: Page) -> None:
    lost: list[Route] = []

    def lose_the_first(route: Route) -> None:
        route.fetch()
        lost.append(route)
        route.abort()

    page.route("**/edits", lose_the_first, times=1)
    sheet.press("Alt+n")
    sheet.saved()
    assert len(lost) == 1
    assert len(sheet.stored()) == 4


def test_what_the_server_refuses_is_said_and_the_cell_is_as_it_was(sheet: Grid, page: Page) -> None:
    page.evaluate("() => navigator.clipboard.writeText('x'.repeat(32768))")
    sheet.press("Control+v")
    sheet.says("A cell holds 32,767 characters; this has 32,768.")
    expect(sheet.cell(2, "prompt")).to_contain_text("a fox")


@pytest.fixture
def drafting(tmp_path: Path) -> Iterator[tuple[str, Services]]:
    """A web, and its services, so that a test can write rows as a draft does."""
    services = open_services(Settings.read({"PROMPTSHEET_DATA": str(tmp_path / "data")}))
    server = make_server("127.0.0.1", 0, create_app(services.settings, services), threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}", services
    server.shutdown()
    serving.join()
    services.close()


def arrive(services: Services, sheet_id: str, draft_id: str, number: int) -> None:
    """A row as a worker writes it: into the log, and counted, in one."""
    whole = {"place": 100.0 + number, "file_row": None, "cells": {"prompt": f"row {number}"}}
    with services.database.write() as connection:
        sheet = sheets.get(connection, LOCAL, sheet_id)
        row = Edit(f"arrived{number:05}".replace("0", "z").replace("1", "y"), None, None, whole)
        log.append(connection, sheet, [row], actor="promptsheet", origin="model", at=services.clock())
        drafts.note(connection, draft_id, "a worker", came=number)


def test_rows_of_a_draft_take_the_places_kept_for_them_and_move_nothing(
    grid: GridOf, page: Page, drafting: tuple[str, Services]
) -> None:
    base, services = drafting
    sheet = grid(SHEET, base)
    with services.database.write() as connection:
        draft_id = drafts.add(connection, LOCAL, sheet.sheet_id, "model", {}, 40, services.clock())
        drafts.hold(connection, draft_id, "a worker")
    sheet.open()
    expect(page.locator("#grid")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#grid .ghost")).to_have_count(40)
    expect(page.locator("#grid")).to_have_attribute("aria-rowcount", "44")
    sheet.go(3, "prompt")
    sheet.press("F2")
    page.locator("#gridbox").evaluate("(box) => { box.scrollTop = 300; }")
    for number in range(1, 4):
        arrive(services, sheet.sheet_id, draft_id, number)
    expect(page.locator("#grid .ghost")).to_have_count(37)
    expect(sheet.cell(5, "prompt")).to_contain_text("row 1")
    assert page.locator("#gridbox").evaluate("(box) => box.scrollTop") == 300
    expect(page.get_by_label("prompt", exact=True)).to_be_focused()
    sheet.press("Escape")
    with services.database.write() as connection:
        drafts.end(connection, LOCAL, draft_id, drafts.DraftState.STOPPED, services.clock())
    expect(page.locator("#grid .ghost")).to_have_count(0)
    expect(page.locator("#grid")).not_to_have_attribute("aria-busy", "true")
    page.get_by_role("button", name="Origins").click()
    expect(sheet.cell(5, "prompt").get_by_label("written by the model")).to_be_visible()

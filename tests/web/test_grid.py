"""The grid's addresses: its page, its feed, edits with their conflicts, undo and redo, the stream."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from werkzeug.test import TestResponse

from jobs import ids
from jobs.services import LOCAL, Services
from jobs.sheet import look
from jobs.store import drafts, sheets
from tests.web.conftest import Person

SHEET = b"""prompt,visibility,aspect_ratio,model,note
a fox,Private,1:1,2.0,mine
a bear,private,17:9,3.0,
an owl,private,1:1,3.0,
"""


class Grid:
    """A page of the grid: what it knows, and what it sends."""

    def __init__(self, person: Person, address: str) -> None:
        self.person, self.address, self.id = person, address, address.rsplit("/", 1)[1]
        page = person.page(f"{address}/grid")
        data = page.split('<script type="application/json" id="sheet-data">')[1].split("</script>")[0]
        self.data: dict[str, Any] = json.loads(data)
        self.cursor: int = self.data["cursor"]
        self.rows: list[str] = self.data["order"]

    def post(self, path: str, **document: object) -> TestResponse:
        headers = {"X-CSRFToken": self.person.token, "Accept": "application/json"}
        return self.person.client.post(
            f"{self.address}/{path}", json={"base": self.cursor} | document, headers=headers
        )

    def send(self, *edits: dict[str, Any], origin: str = "edit") -> dict[str, Any]:
        answer = self.post("edits", edits=list(edits), origin=origin)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json
        self.cursor = found["cursor"]
        return found

    def ask(self, path: str) -> dict[str, Any]:
        answer = self.post(path)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json
        self.cursor = found["cursor"]
        return found

    def set(self, place: int, column: str, before: str | None, after: str | None) -> dict[str, Any]:
        return {"row_id": self.rows[place], "column": column, "before": before, "after": after}

    def cells(self, services: Services, column: str) -> list[str]:
        return [row.cells.get(column, "") for row in look(services, LOCAL, self.id).rows]


@pytest.fixture
def grid(person: Person) -> Grid:
    return Grid(person, person.sheet(SHEET))


def test_the_page_carries_columns_rows_problems_and_where_the_log_stands(grid: Grid) -> None:
    names = [column["name"] for column in grid.data["columns"]]
    assert names[:3] == ["prompt", "visibility", "aspect_ratio"]
    assert names[-1] == "note"
    assert [row["number"] for row in grid.data["rows"]] == [2, 3, 4]
    assert grid.data["rows"][0]["from"] == {"visibility": "repaired"}
    assert grid.data["counts"] == {"error": 1, "warning": 1, "fixed": 1}
    assert {problem["row_id"] for problem in grid.data["problems"]} == {None, *grid.rows[:2]}
    assert (grid.data["undo"], grid.data["redo"]) == (None, None)


def test_an_edit_is_answered_with_what_changed_and_nothing_else(grid: Grid, services: Services) -> None:
    answer = grid.send(grid.set(1, "aspect_ratio", "17:9", "16:9"))
    assert [row["id"] for row in answer["rows"]] == [grid.rows[1]]
    assert answer["rows"][0]["cells"]["aspect_ratio"] == "16:9"
    assert answer["rows"][0]["from"]["aspect_ratio"] == "you"
    assert answer["rows"][0]["locked"] == ["aspect_ratio"]
    assert answer["order"] is None
    assert answer["counts"]["error"] == 0
    assert answer["undo"] == "edit"
    assert grid.cells(services, "aspect_ratio") == ["1:1", "16:9", "1:1"]


def test_the_feed_says_nothing_new_in_one_line_and_tells_what_another_page_did(
    grid: Grid, person: Person
) -> None:
    other = Grid(person, grid.address)
    quiet = person.get(f"{grid.address}/feed?after={grid.cursor}").json
    assert quiet == {"cursor": grid.cursor, "drafting": False, "expected": 0, "conflicts": []}
    other.send(other.set(0, "prompt", "a fox", "a vixen"))
    news = person.get(f"{grid.address}/feed?after={grid.cursor}").json
    assert [row["cells"]["prompt"] for row in news["rows"]] == ["a vixen"]


def test_of_two_pages_that_write_one_cell_the_second_is_told_and_nothing_is_lost(
    grid: Grid, person: Person, services: Services
) -> None:
    other = Grid(person, grid.address)
    other.send(other.set(0, "prompt", "a fox", "a vixen"))
    answer = grid.send(grid.set(0, "prompt", "a fox", "a dog"), grid.set(1, "prompt", "a bear", "a cub"))
    assert answer["conflicts"] == [
        {
            "row_id": grid.rows[0],
            "column": "prompt",
            "before": "a fox",
            "yours": "a dog",
            "theirs": "a vixen",
            "gone": False,
        }
    ]
    assert grid.cells(services, "prompt") == ["a vixen", "a cub", "an owl"]


def test_edits_that_are_sent_twice_change_nothing_the_second_time(grid: Grid, services: Services) -> None:
    new = ids.new()
    edits = (
        grid.set(0, "prompt", "a fox", "a vixen"),
        {"op": "add", "row_id": new, "after": grid.rows[0], "cells": {"prompt": "a cat"}},
        {"op": "delete", "row_id": grid.rows[2]},
    )
    grid.send(*edits)
    cursor = grid.cursor
    assert grid.send(*edits)["conflicts"] == []
    assert grid.cursor == cursor
    assert grid.cells(services, "prompt") == ["a vixen", "a cat", "a bear"]


def test_undo_and_redo_go_back_and_forth_by_change_whatever_page_asks(
    grid: Grid, person: Person, services: Services
) -> None:
    grid.send(grid.set(0, "prompt", "a fox", "a vixen"), grid.set(1, "prompt", "a bear", "a cub"))
    grid.send({"op": "delete", "row_id": grid.rows[0]}, origin="delete")
    fresh = Grid(person, grid.address)
    assert fresh.ask("undo")["redo"] == "delete"
    assert grid.cells(services, "prompt") == ["a vixen", "a cub", "an owl"]
    assert fresh.ask("undo")["undo"] is None
    assert grid.cells(services, "prompt") == ["a fox", "a bear", "an owl"]
    fresh.ask("redo")
    assert fresh.ask("redo")["redo"] is None
    assert grid.cells(services, "prompt") == ["a cub", "an owl"]
    refused = fresh.post("redo")
    assert (refused.status_code, refused.json["detail"]) == (409, "There is nothing to do again.")


def test_a_new_edit_after_an_undo_leaves_nothing_to_redo(grid: Grid) -> None:
    grid.send(grid.set(0, "prompt", "a fox", "a vixen"))
    grid.ask("undo")
    assert grid.send(grid.set(0, "prompt", "a fox", "a cat"))["redo"] is None


def test_released_cells_are_open_to_a_model_and_an_undo_locks_them_again(grid: Grid) -> None:
    grid.send(grid.set(0, "prompt", "a fox", "a vixen"))
    release = {"op": "release", "row_id": grid.rows[0], "column": "prompt"}
    answer = grid.send(release, origin="release")
    assert answer["rows"][0]["locked"] == []
    assert answer["rows"][0]["from"]["prompt"] == "you"
    assert grid.ask("undo")["rows"][0]["locked"] == ["prompt"]


def test_safe_fixes_are_one_change_that_can_be_taken_back(grid: Grid, services: Services) -> None:
    found = grid.send(grid.set(1, "visibility", "private", "Public"), grid.set(2, "model", "3.0", "2"))
    assert [(kind["before"], kind["after"]) for kind in found["safe"]] == [("Public", "public"), ("2", "2.0")]
    grid.ask("safe-fixes")
    assert grid.cells(services, "model") == ["2.0", "3.0", "2.0"]
    assert grid.ask("undo")["undo"] == "edit"
    assert grid.cells(services, "model") == ["2.0", "3.0", "2"]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"edits": "x"}, "`edits` has to be a list."),
        ({"edits": [{"op": "burn", "row_id": "x"}]}, "There is no edit “burn”."),
        ({"edits": [], "origin": "model"}, "`origin` is one of"),
        ({"edits": [{"op": "add", "row_id": "../x"}]}, "A new row's id has twelve"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    grid: Grid, document: dict[str, Any], sentence: str
) -> None:
    answer = grid.post("edits", **document)
    assert answer.status_code == 422
    assert sentence in answer.json["detail"]


def test_a_sheet_of_nobody_is_not_found_as_data(person: Person) -> None:
    answer = person.get("/sheets/nothing/feed", Accept="application/json")
    assert (answer.status_code, answer.json["code"]) == (404, "not-found")


def test_the_stream_tells_each_change_once_and_goes_on_from_where_it_was(
    grid: Grid, person: Person, services: Services
) -> None:
    with services.database.write() as connection:
        draft_id = drafts.add(connection, LOCAL, grid.id, "model", {}, 5, services.clock())
        drafts.hold(connection, draft_id, "a worker")
    stream = person.client.get(f"{grid.address}/events?after={grid.cursor}").iter_encoded()
    assert json.loads(next(stream).split(b"data: ")[1])["expected"] == 5
    before = grid.cursor
    with services.database.write() as connection:
        drafts.note(connection, draft_id, "a worker", came=4)
    assert json.loads(next(stream).split(b"data: ")[1])["expected"] == 1
    grid.send({"op": "add", "row_id": ids.new(), "after": None, "cells": {"prompt": "a cat"}}, origin="add")
    event = next(stream).decode()
    assert event.startswith(f"id: {grid.cursor}\n")
    assert json.loads(event.split("data: ")[1])["rows"][0]["cells"] == {"prompt": "a cat"}
    stream.close()  # type: ignore[attr-defined]
    again = person.client.get(f"{grid.address}/events", headers={"Last-Event-ID": str(before)}).iter_encoded()
    assert json.loads(next(again).split(b"data: ")[1])["expected"] == 1
    again.close()  # type: ignore[attr-defined]


def test_the_good_rows_run_now_and_the_others_are_a_sheet_with_its_past(
    grid: Grid, person: Person, services: Services
) -> None:
    grid.send(grid.set(1, "prompt", "a bear", "a cub"), grid.set(1, "visibility", "private", "Public"))
    grid.ask("safe-fixes")
    answer = person.send(f"{grid.address}/part")
    assert (answer.status_code, answer.location) == (303, f"{grid.address}/details")
    assert "1 row with problems is kept as the sheet “stickers, rest”." in person.page(answer.location)
    assert grid.cells(services, "prompt") == ["a fox", "an owl"]
    with services.database.read() as connection:
        rest_id = next(
            sheet.id for sheet, _ in sheets.listing(connection, LOCAL) if sheet.name == "stickers, rest"
        )
    rest = Grid(person, f"/sheets/{rest_id}")
    assert rest.rows == [grid.rows[1]]
    assert rest.data["rows"][0]["cells"] == {
        "prompt": "a cub",
        "visibility": "public",
        "aspect_ratio": "17:9",
        "model": "3.0",
    }
    assert rest.data["rows"][0]["from"]["visibility"] == "repaired"
    assert rest.data["rows"][0]["locked"] == ["prompt"]
    assert rest.data["undo"] is None
    assert person.send(f"/sheets/{rest_id}/part").status_code == 409


def test_a_sheet_taken_home_and_back_keeps_its_rows(grid: Grid, person: Person, services: Services) -> None:
    grid.send({"op": "move", "row_id": grid.rows[2], "after": None}, origin="move")
    grid.send(grid.set(0, "prompt", "a fox", "a vixen"))
    book = person.get(f"{grid.address}/file?format=xlsx").data
    table = openpyxl.load_workbook(BytesIO(book))["Sheet"]
    assert table.column_dimensions["F"].hidden
    table["A3"] = "a cub"
    table.delete_rows(4)
    table.append(["a cat", "private"])
    out = BytesIO()
    table.parent.save(out)
    person.upload(out.getvalue(), "back.xlsx", f"{grid.address}/file")
    rows = look(services, LOCAL, grid.id).rows
    assert [row.cells["prompt"] for row in rows] == ["an owl", "a cub", "a cat"]
    assert [row.id for row in rows[:2]] == [grid.rows[2], grid.rows[0]]
    assert not [name for name in rows[0].cells if name.startswith("promptsheet")]
    assert grid.ask("undo")["undo"] == "edit"
    assert grid.cells(services, "prompt") == ["an owl", "a vixen", "a bear"]


def test_a_csv_back_is_matched_by_content(grid: Grid, person: Person, services: Services) -> None:
    file = person.get(f"{grid.address}/file?format=csv").data.decode("utf-8-sig")
    lines = file.replace("a bear,private,17:9", "a bear,public,16:9").splitlines()
    back = "\n".join([lines[0], "a cat,private,,,", *reversed(lines[1:])])
    person.upload(back.encode(), "back.csv", f"{grid.address}/file")
    rows = look(services, LOCAL, grid.id).rows
    assert [row.cells["prompt"] for row in rows] == ["a cat", "an owl", "a bear", "a fox"]
    assert [row.id for row in rows[1:]] == list(reversed(grid.rows))


def test_prompts_that_say_the_same_are_marked_with_the_row_they_repeat(person: Person) -> None:
    prompts = ["a red fox asleep in the snow", "two owls", "A red fox, asleep in the snow!", "a red hare", ""]
    grid = Grid(person, person.sheet("\n".join(["prompt,x", *(f'"{one}",1' for one in prompts)]).encode()))
    assert grid.data["near"] == [{"row_id": grid.rows[2], "like": 2}]
    answer = grid.send(grid.set(2, "prompt", prompts[2], "a badger"))
    assert answer["near"] == []

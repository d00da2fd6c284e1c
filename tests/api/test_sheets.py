"""Sheets over HTTP: sent, looked at, edited, taken home."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask.testing import FlaskClient

from jobs.services import LOCAL, Services
from jobs.store import edits as log
from schema.sheet import examine
from tests.api.conftest import Upload

TAKEN = [
    "id",
    "rows",
    "images",
    "credits_required",
    "credits_ideogram",
    "credits_available",
    "first_row",
    "ready",
    "problems",
]
PROBLEM = ["row", "row_id", "column", "value", "level", "code", "message", "fix", "fixes"]


def test_a_sheet_that_is_sent_comes_back_as_what_it_would_take(upload: Upload) -> None:
    answer = upload()
    assert answer.status_code == 201
    assert list(answer.json or {}) == TAKEN
    assert answer.json | {"id": ""} == {
        "id": "",
        "rows": 2,
        "images": 3,
        "credits_required": 0,
        "credits_ideogram": 1.5,
        "credits_available": 3500,
        "first_row": {"prompt": "a fox", "visibility": "private", "num_images": "2"},
        "ready": True,
        "problems": [],
    }


def test_problems_have_the_files_row_numbers_and_the_rows_ids(client: FlaskClient, upload: Upload) -> None:
    taken = upload("\n\nprompt,visibility\na fox,pulic\n\na bear,Private\n").json
    assert (taken["ready"], taken["images"]) == (False, 8)
    wrong, fixed = taken["problems"]
    assert (list(wrong), wrong["row"], wrong["code"], wrong["fix"]) == (PROBLEM, 4, "not-allowed", "public")
    assert (fixed["row"], fixed["level"]) == (6, "fixed")
    rows = client.get(f"/api/v1/sheets/{taken['id']}/rows").json["rows"]
    assert [(row["number"], row["file_row"]) for row in rows] == [(2, 4), (3, 6)]
    assert [row["row_id"] for row in rows] == [wrong["row_id"], fixed["row_id"]]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [(b"", "a.csv", "empty-file"), (b"\x89PNG\r\n\x1a\n", "a.png", "not-a-sheet")],
)
def test_a_file_that_is_no_sheet_is_422_with_what_to_do(
    upload: Upload, client: FlaskClient, data: bytes, name: str, code: str
) -> None:
    answer = upload(data, name)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert (answer.json["code"], bool(answer.json["steps"])) == (code, True)
    assert name in answer.json["detail"]
    assert client.get("/api/v1/sheets").json == {"sheets": []}


def test_a_file_over_the_limit_is_413(upload: Upload, services: Services) -> None:
    size = services.settings.max_upload + (65 << 10)
    answer = upload(environ_overrides={"CONTENT_LENGTH": str(size)})
    assert (answer.status_code, answer.json["code"], "10 MB" in answer.json["detail"]) == (
        413,
        "too-large",
        True,
    )


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({}, 415, "multipart/form-data"),
        ({"file": "text"}, 415, "multipart/form-data"),
        ({"sheet": (BytesIO(b"x"), "a.csv")}, 422, "file is missing. sheet is not known here."),
        ({"file": [(BytesIO(b"x"), "a.csv"), (BytesIO(b"x"), "b.csv")]}, 422, "send one file"),
    ],
)
def test_an_upload_that_is_none_says_what_it_takes(
    client: FlaskClient, data: dict[str, object], status: int, words: str
) -> None:
    answer = client.post("/api/v1/sheets", data=data)
    assert (answer.status_code, words in answer.json["detail"]) == (status, True)


def test_sheets_are_listed_newest_first(client: FlaskClient, upload: Upload) -> None:
    first, second = upload(name="first.csv").json["id"], upload(name="second.csv").json["id"]
    listed = client.get("/api/v1/sheets").json["sheets"]
    assert [(sheet["id"], sheet["name"], sheet["rows"]) for sheet in listed] == [
        (second, "second", 2),
        (first, "first", 2),
    ]
    one = client.get(f"/api/v1/sheets/{first}").json
    assert (one["name"], one["ready"], list(one)[: len(TAKEN)]) == ("first", True, TAKEN)


def test_rows_come_in_pages_without_gap_or_double(client: FlaskClient, upload: Upload) -> None:
    text = "prompt,visibility\n" + "".join(f"fox {number},private\n" for number in range(250))
    sheet_id = upload(text).json["id"]
    prompts, cursor = [], ""
    for size in (100, 100, 50):
        page = client.get(f"/api/v1/sheets/{sheet_id}/rows?cursor={cursor}").json
        assert len(page["rows"]) == size
        prompts += [row["cells"]["prompt"] for row in page["rows"]]
        cursor = page["cursor"]
    assert (prompts, cursor) == ([f"fox {number}" for number in range(250)], None)


@pytest.mark.parametrize("cursor", ["zz", "MQ%3D%3D", "MWU5OTk", "InRleHQi", "dHJ1ZQ", "TmFO"])
def test_a_cursor_that_nobody_gave_out_is_422(client: FlaskClient, upload: Upload, cursor: str) -> None:
    sheet_id = upload().json["id"]
    answer = client.get(f"/api/v1/sheets/{sheet_id}/rows?cursor={cursor}")
    assert (answer.status_code, answer.json["detail"].startswith("cursor")) == (422, True)


def test_cells_are_edited_as_one_change(client: FlaskClient, upload: Upload, services: Services) -> None:
    sheet_id = upload("prompt,visibility\na fox,pulic\na bear,private\n").json["id"]
    rows = client.get(f"/api/v1/sheets/{sheet_id}/rows").json["rows"]
    edits = [
        {"row_id": rows[0]["row_id"], "column": "visibility", "value": "public"},
        {"row_id": rows[0]["row_id"], "column": "num_images", "value": 1},
        {"row_id": rows[1]["row_id"], "column": "visibility", "value": None},
    ]
    answer = client.patch(f"/api/v1/sheets/{sheet_id}/rows", json=edits)
    assert answer.status_code == 200
    assert [problem["code"] for problem in answer.json["problems"]] == ["required"]
    again = client.patch(f"/api/v1/sheets/{sheet_id}/rows", json=edits)
    assert (again.status_code, again.json) == (200, answer.json)
    after = client.get(f"/api/v1/sheets/{sheet_id}/rows").json["rows"]
    assert after[0]["cells"] == {"prompt": "a fox", "visibility": "public", "num_images": "1"}
    with services.database.read() as connection:
        assert [group.origin for group in log.groups(connection, LOCAL, sheet_id)] == ["upload", "edit"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([], "The body holds nothing."),
        ({"row_id": "x"}, "The body is an object; it should be a valid list."),
        ([{"row_id": "x"}], "entry 1, column is missing. entry 1, value is missing."),
        ([{"row_id": "x", "column": "prompt", "value": True}], "entry 1, value is true"),
        ([{"row_id": "x", "column": "prompt", "value": "a", "was": "b"}], "entry 1, was is not known here."),
        ([{"row_id": "nobody", "column": "prompt", "value": "a"}], "There is no row nobody in this sheet."),
    ],
)
def test_an_edit_that_cannot_be_made_says_where(
    client: FlaskClient, upload: Upload, body: object, words: str
) -> None:
    sheet_id = upload().json["id"]
    answer = client.patch(f"/api/v1/sheets/{sheet_id}/rows", json=body)
    assert (answer.status_code, words in answer.json["detail"]) == (422, True), answer.json


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_sheet_is_taken_home_as_it_is_now(client: FlaskClient, upload: Upload, kind: str) -> None:
    sheet_id = upload("prompt,visibility,Notes\na fox,Private,for Ann\n", "für Ann.csv").json["id"]
    answer = client.get(f"/api/v1/sheets/{sheet_id}/file?format={kind}")
    assert answer.status_code == 200
    assert f"filename*=UTF-8''f%C3%BCr%20Ann.{kind}" in answer.headers["Content-Disposition"]
    found = examine(answer.data, f"a.{kind}")
    assert found.cells == ({"prompt": "a fox", "visibility": "private", "Notes": "for Ann"},)


@pytest.mark.parametrize("full", ["", "?full=1"])
def test_the_template_is_there_in_both_sizes(client: FlaskClient, full: str) -> None:
    answer = client.get(f"/api/v1/template{full}")
    columns = len(examine(answer.data, "t.xlsx").headings.present)
    assert (answer.status_code, columns) == (200, 11 if full else 4)


@pytest.mark.parametrize("call", ["", "/rows", "/file"])
def test_a_sheet_that_is_not_there_is_404(client: FlaskClient, call: str) -> None:
    answer = client.get(f"/api/v1/sheets/nobody{call}")
    assert (answer.status_code, answer.mimetype, answer.json["code"]) == (
        404,
        "application/problem+json",
        "not-found",
    )

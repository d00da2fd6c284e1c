"""Who is let in without a login: programs and our own pages, and nobody who comes by way of another site."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.conftest import SHEET, Upload

CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/api/v1/sheets", {}),
    ("GET", "/api/v1/openapi.json", {}),
    ("POST", "/api/v1/batches", {"json": {"sheet_id": "x"}}),
    ("POST", "/api/v1/batches/x/stop", {}),
    ("PATCH", "/api/v1/sheets/x/rows", {"json": []}),
]


def form() -> dict[str, Any]:
    return {"data": {"file": (BytesIO(SHEET.encode()), "a.csv")}}


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:81", "https://localhost"]
)
@pytest.mark.parametrize(("method", "path", "more"), CALLS)
def test_another_sites_call_is_refused(
    client: FlaskClient, method: str, path: str, more: dict[str, Any], origin: str
) -> None:
    answer = client.open(path, method=method, headers={"Origin": origin}, **more)
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")


def test_another_sites_form_is_refused_and_leaves_nothing(client: FlaskClient) -> None:
    headers = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/api/v1/sheets", headers=headers, **form()).status_code == 403
    assert (
        client.post("/api/v1/sheets", headers={"Sec-Fetch-Site": "cross-site"}, **form()).status_code == 403
    )
    assert client.get("/api/v1/sheets").json == {"sheets": []}


@pytest.mark.parametrize(
    "more",
    [
        {"data": {"sheet_id": "x"}},
        {"data": '{"sheet_id": "x"}', "content_type": "text/plain"},
        {"data": {"sheet_id": "x"}, "content_type": "multipart/form-data"},
        {"data": '{"sheet_id": "x"}', "content_type": ""},
    ],
)
def test_what_a_plain_form_can_send_is_not_taken_for_json(client: FlaskClient, more: dict[str, Any]) -> None:
    answer = client.post("/api/v1/batches", **more)
    assert (answer.status_code, "application/json" in answer.json["detail"]) == (415, True)


def test_programs_and_our_own_pages_are_answered(client: FlaskClient, upload: Upload) -> None:
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert upload(headers=own).status_code == 201
    assert upload().status_code == 201


def test_a_name_that_another_site_points_at_us_is_refused(client: FlaskClient) -> None:
    answer = client.get("/api/v1/sheets", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize("body", ["{", "[" * 100_000, '{"sheet_id": NaN', "\x00", "{'a': 1}"])
def test_a_body_that_is_no_json_is_400(client: FlaskClient, body: str) -> None:
    answer = client.post("/api/v1/batches", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "bad-request")


def test_a_method_that_is_not_taken_is_told_which_are(client: FlaskClient) -> None:
    answer = client.delete("/api/v1/sheets")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")


def test_an_address_of_no_call_is_a_problem_in_words(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_the_document_asks_nothing_of_other_sites(client: FlaskClient) -> None:
    written = client.get("/api/v1/openapi.json").get_data(as_text=True)
    assert "http://" not in written
    assert "https://" not in written
    assert client.get("/apidoc/swagger/").status_code == 404

"""What keeps other sites out, and what each answer carries."""

from __future__ import annotations

import pytest

from tests.web.conftest import Person

CHANGING = (
    "/sheets",
    "/example",
    "/example/sheet",
    "/notices/read",
    "/sheets/x/name",
    "/sheets/x/delete",
    "/sheets/x/restore",
    "/sheets/x/file",
    "/sheets/x/fix",
    "/sheets/x/cells",
    "/sheets/x/column",
    "/sheets/x/keep-first",
    "/sheets/x/repairs",
    "/sheets/x/repairs/undo",
    "/sheets/x/undo/1",
)


@pytest.mark.parametrize("address", CHANGING)
def test_nothing_is_changed_without_the_pages_token(person: Person, address: str) -> None:
    answer = person.client.post(address)
    assert answer.status_code == 400
    assert "This page is older than your session." in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_can_change_nothing(person: Person, headers: dict[str, str]) -> None:
    person.page("/")
    answer = person.client.post("/example/sheet", headers=headers, data={"csrf_token": person.token})
    assert answer.status_code == 403
    assert "Another site asked for this." in answer.text
    assert "No sheets yet" in person.page("/sheets")


def test_the_pages_own_origin_may(person: Person) -> None:
    person.page("/")
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    answer = person.client.post("/example/sheet", headers=headers, data={"csrf_token": person.token})
    assert answer.status_code == 303


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "10.0.0.1"])
def test_a_name_that_another_site_points_at_us_is_not_answered(person: Person, host: str) -> None:
    answer = person.client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "Promptsheet</title>" in answer.text
    assert "csrf" not in answer.text.lower()


@pytest.mark.parametrize("address", ["/", "/sheets", "/expected-values", "/notices", "/nowhere"])
def test_no_page_allows_a_script_or_a_style_of_its_own(person: Person, address: str) -> None:
    answer = person.get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert " style=" not in answer.text
    assert "<style" not in answer.text
    assert " onclick=" not in answer.text

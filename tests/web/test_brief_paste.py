"""A brief goes to a chat app as a text, and its answer comes back as rows, counted against the brief."""

from __future__ import annotations

import html
from io import BytesIO

from jobs.services import LOCAL, Services
from jobs.sheet import View, look
from jobs.store import drafts
from schema.writer import write
from tests.web import drafted
from tests.web.conftest import Person

CSV = """Sure, here they are:

```csv
prompt,visibility,style
"A sticker of a hare, mid-leap",Private,Design
A sticker of a bear,private,design
```
Let me know if you need more."""
JSON = '{"rows": [{"prompt": "A sticker of an otter", "aspect_ratio": "2:3"}]}'
BRIEF = {"goal": "Stickers", "rows": "3", "pick-style": "=design"}


def begin(person: Person) -> str:
    return person.send("/briefs", goal="Stickers").location


def view(services: Services, draft: drafts.Draft) -> View:
    return look(services, LOCAL, draft.sheet_id)


def made(services: Services, address: str) -> drafts.Draft:
    return drafted.get(services, address.split("/")[2])


def test_an_answer_becomes_a_checked_sheet_and_the_missing_rows_are_asked_for(
    person: Person, services: Services
) -> None:
    address = person.send(f"{begin(person)}/paste", answer=CSV, **BRIEF).location
    assert address.endswith("/answer")
    page = html.unescape(person.page(address))
    assert "2 of 3 came. Ask for the other 1:" in page
    assert "2 rows read. 1 to go." in page
    assert "A sticker of a hare, mid-leap" in page
    draft = made(services, address)
    rows = view(services, draft).rows
    assert [row.cells["prompt"] for row in rows] == ["A sticker of a hare, mid-leap", "A sticker of a bear"]
    assert {row.cells["visibility"] for row in rows} == {"private"}
    assert {row.cells["style"] for row in rows} == {"design"}
    there = person.send(address, answer=JSON).location
    assert there == f"/drafts/{draft.id}"
    rows = view(services, draft).rows
    assert len(rows) == 3
    assert rows[2].cells["style"] == "design", "what is fixed is written by the program"
    assert view(services, draft).errors == 0
    assert "All 3 rows are there" in person.page(address)


def test_an_answer_may_come_as_a_file_of_any_kind(person: Person, services: Services) -> None:
    prompts = [["Ein Hase im Schnee"], ["Ein Bär"], ["Ein Ötter"]]
    files = {
        "answer.csv": ("prompt\r\n" + "\r\n".join(row[0] for row in prompts)).encode("utf-16"),
        "answer.xlsx": write(["prompt"], prompts, "xlsx"),
        "answer.md": "| prompt |\n|---|\n" + "".join(f"| {row[0]} |\n" for row in prompts),
    }
    for name, data in files.items():
        raw = data.encode() if isinstance(data, str) else data
        answer = person.send(f"{begin(person)}/paste", **{"answer-file": (BytesIO(raw), name)}, **BRIEF)
        assert answer.status_code == 303, answer.text
        rows = view(services, made(services, answer.location)).rows
        assert [[row.cells["prompt"]] for row in rows] == prompts, name


def test_an_answer_without_rows_is_told_and_stands_there_again(person: Person, services: Services) -> None:
    address = begin(person)
    for typed, said in (
        ("I am sorry, I cannot <b>do</b> that.", "No rows were found in that."),
        ("  ", "Nothing was pasted."),
    ):
        answer = person.send(f"{address}/paste", answer=typed, **BRIEF)
        page = html.unescape(answer.text)
        assert answer.status_code == 422
        assert said in page
        assert typed in page
        assert "<b>do</b>" not in answer.text
    picture = {"answer-file": (BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(40)), "fox.png")}
    answer = person.send(f"{address}/paste", **picture, **BRIEF)
    assert answer.status_code == 422
    assert "a PNG image" in answer.text
    with services.database.read() as connection:
        assert drafts.waiting(connection) == 0


def test_a_brief_that_is_not_whole_keeps_the_answer_that_was_pasted(person: Person) -> None:
    answer = person.send(f"{begin(person)}/paste", answer=JSON, goal="", rows="3")
    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert "Say in a sentence what you are making" in page
    assert JSON in page


def test_an_answer_of_a_megabyte_is_taken(person: Person, services: Services) -> None:
    long = f"prompt\n{'very ' * 120_000}long\nA sticker of a bear\n"
    answer = person.send(f"{begin(person)}/paste", answer=long, **BRIEF)
    assert answer.status_code == 303, answer.text
    assert len(view(services, made(services, answer.location)).rows) == 2


def test_a_stopped_drafts_missing_rows_can_be_pasted_and_a_running_ones_not(
    person: Person, services: Services
) -> None:
    draft = drafted.draft(services, 2, brief=drafted.Brief("Foxes", rows=3, settings=drafted.PRIVATE))
    answer = person.send(f"/drafts/{draft.id}/answer", answer=JSON)
    assert answer.status_code == 422
    assert "Stop that first" in answer.text
    assert html.escape(JSON, quote=False) in answer.text.replace("&#34;", '"')
    person.send(f"/drafts/{draft.id}/stop")
    assert person.send(f"/drafts/{draft.id}/answer", answer=JSON).location == f"/drafts/{draft.id}"
    assert [row.cells["prompt"] for row in view(services, draft).rows][-1] == "A sticker of an otter"

"""Before a start: what it takes, said before anything is spent; the form that orders it."""

from __future__ import annotations

import re

import pytest

from jobs.services import LOCAL, Services
from jobs.store import batches
from tests.fakes.ideogram_server import IdeogramServer
from tests.web import rows
from tests.web.conftest import Person

ROWS = "".join(f"fox {number},private,{2 if number == 11 else 4},\n" for number in range(120))
SHEET = f"prompt,visibility,num_images,negative_prompt\n{ROWS}owl,public,4,text\n".encode()


@pytest.fixture
def paid(environment: dict[str, str]) -> None:
    environment["PROMPTSHEET_IMAGES_BASE_URL"] = "http://127.0.0.1:9/v1"
    environment["PROMPTSHEET_IMAGES_API_KEY"] = "key"
    environment["PROMPTSHEET_IMAGES_PRICE"] = "4"


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_a_free_back_end_costs_nothing_and_says_what_the_sheet_would_cost(person: Person) -> None:
    page = plain(person.page(f"{person.sheet(SHEET)}/details"))
    assert "Rows 121 Images 482 120 rows of 4 and row 13 of 2" in page
    assert "Credits available 3,500 Credits required 0 Left afterwards 3,500" in page
    assert "At Ideogram this sheet would take 241 credits , or $38.56 through its API" in page
    assert "pro rata" in page
    assert "Start 121 rows" in page
    assert "Budget cap" not in page


def test_the_first_row_is_shown_with_its_defaults_and_its_pixels(person: Person) -> None:
    data = b"prompt,visibility,aspect_ratio,color_palette\na fox,private,2:3,ember\n"
    page = plain(person.page(f"{person.sheet(data)}/details"))
    assert "832 × 1248" in page
    assert "visibility private" in page
    assert "model 2.0 default" in page
    assert "ember, approximate" in page
    assert "Try a few rows first" not in page


@pytest.mark.usefixtures("paid")
def test_a_back_end_that_costs_is_quoted_before_the_start(person: Person) -> None:
    address = f"{person.sheet(SHEET)}/details"
    page = person.page(f"{address}?backend=openai")
    assert "Start 121 rows for 1,928 credits" in plain(page)
    assert "Left afterwards 1,572" in plain(page)
    assert (field(page, "backend"), field(page, "budget")) == ("openai", "1928")
    assert "Run 5 rows for 80 credits" in plain(page)
    assert "Row 122: gpt-image-2 takes no negative_prompt" in plain(page)
    assert "Run 7 rows for 112 credits" in plain(person.page(f"{address}?backend=openai&k=7"))
    assert field(person.page(f"{address}?backend=openai&budget=5"), "budget") == "5"


@pytest.mark.usefixtures("paid")
def test_too_few_credits_are_said_before_start_is_pressed(
    environment: dict[str, str], request: pytest.FixtureRequest
) -> None:
    environment["PROMPTSHEET_CREDITS"] = "100"
    person: Person = request.getfixturevalue("person")
    page = person.page(f"{person.sheet(SHEET)}/details?backend=openai")
    assert "1,828 credits too few. The batch needs 1,928, you have 100." in plain(page)
    assert re.search(r'id="start"[^>]* disabled', page)
    assert not re.search(r'id="try"[^>]* disabled', page)


def test_ideogram_is_quoted_by_its_table_with_what_has_no_route(
    environment: dict[str, str], request: pytest.FixtureRequest
) -> None:
    environment["IDEOGRAM_API_KEY"] = "key"
    person: Person = request.getfixturevalue("person")
    sheet = (
        b"prompt,visibility,model,num_images,rendering,color_palette,negative_prompt\n"
        b"a fox,private,2.0,4,quality,ember,\nan owl,private,2a,2,default,,text\n"
        b"a hare,private,3.0,4,turbo,,\n"
    )
    page = person.page(f"{person.sheet(sheet)}/details?backend=ideogram")
    assert "Start 3 rows for 4.5 credits" in plain(page)
    assert "Row 2: Model 2.0 takes no palette with quality at Ideogram" in plain(page)
    assert "Row 3: Model 2a takes no negative prompt at Ideogram; it is ignored." in plain(page)


def test_a_back_end_that_cannot_run_is_named_with_the_reason(person: Person) -> None:
    address = f"{person.sheet(SHEET)}/details"
    page = person.page(address)
    assert "OpenAI-compatible cannot run yet. No images endpoint is set." in plain(page)
    assert '<option value="openai"' not in page
    assert field(person.page(f"{address}?backend=openai"), "backend") == "proof"


@pytest.mark.parametrize(("asked", "rows"), [("", 5), ("0", 1), ("-3", 1), ("500", 120), ("x", 5)])
def test_a_trial_takes_from_one_row_to_all_but_one(person: Person, asked: str, rows: int) -> None:
    page = person.page(f"{person.sheet(SHEET)}/details?k={asked}")
    assert f"Run {rows} row" in plain(page)


def test_each_page_has_a_key_of_its_own_so_that_a_form_sent_twice_starts_once(person: Person) -> None:
    address = f"{person.sheet(SHEET)}/details"
    keys = {field(person.page(address), "key") for _ in range(3)}
    assert len(keys) == 3


def test_a_sheet_with_problems_leads_back_to_them(person: Person) -> None:
    address = person.sheet(b"prompt,visibility\n,pulic\n")
    page = person.page(f"{address}/details")
    assert "2 problems keep this sheet from running." in plain(page)
    assert f'href="{address}#errors"' in page
    assert 'id="start"' not in page


def test_the_providers_own_price_is_asked_for_after_the_page_is_there(
    environment: dict[str, str], request: pytest.FixtureRequest
) -> None:
    with IdeogramServer() as server:
        environment |= server.environment()
        person: Person = request.getfixturevalue("person")
        address = person.sheet(b"prompt,visibility,model\na fox,private,2.0\nan owl,private,1.0\n")
        page = person.page(f"{address}/details?backend=ideogram")
        found = re.search(r'id="told-ideogram"[^>]*hx-get="([^"]*)" hx-trigger="load"', page)
        assert found
        assert server.told()["quotes"] == 0
        told = plain(person.page(found[1]))
        assert "Asked just now, Ideogram says 3 credits" in told
        assert "Row 3 is in that by the price table: Ideogram tells no price for it." in told
        server.behave(key="another")
        refused = plain(person.page(found[1]))
        assert "Reckoned by the price table of this installation. Ideogram: key refused (401)" in refused


@pytest.mark.usefixtures("paid")
@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("", "All rows: OpenAI-compatible has no magic prompt, and no language model is connected"),
        ("big-chat", "where magic_prompt is on, big-chat enlarges the prompt before the row is sent"),
    ],
)
def test_who_enlarges_prompts_is_said_before_the_start(
    environment: dict[str, str], request: pytest.FixtureRequest, model: str, words: str
) -> None:
    if model:
        environment |= {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "PROMPTSHEET_MODEL": model}
    person: Person = request.getfixturevalue("person")
    address = person.sheet(b"prompt,visibility\na fox,private\n")
    assert words in plain(person.page(f"{address}/details?backend=openai"))
    assert "magic prompt" not in plain(person.page(f"{address}/details?backend=proof"))


def test_what_was_finished_before_is_a_choice_that_changes_the_price(
    person: Person, environment: dict[str, str], request: pytest.FixtureRequest
) -> None:
    services: Services = request.getfixturevalue("services")
    sheet = person.sheet(b"prompt,visibility\n" + b"".join(b"fox %d,private\n" % n for n in range(4)))
    assert "Finished before" not in person.page(f"{sheet}/details")
    person.send("/batches", sheet=sheet.removeprefix("/sheets/"), backend="proof")
    with services.database.read() as connection:
        (batch,) = batches.listing(connection, LOCAL, limit=1)
    rows.end(services, batch.id, (2, 3, 4))
    page = person.page(f"{sheet}/details")
    assert "1 row new or changed, 3 finished before as they are now, on this back end." in plain(page)
    assert 'id="reuse" name="reuse" value="1">' in page
    assert "Start 4 rows" in plain(page)
    taken = person.page(f"{sheet}/details?reuse=1")
    assert "Taken over 3 rows" in plain(taken)
    assert "Start 1 row" in plain(taken)
    made = person.send(
        "/batches",
        sheet=field(taken, "sheet"),
        backend="proof",
        reuse=field(taken.split('id="order"')[1], "reuse"),
    )
    said = plain(person.page(made.location))
    assert "3 of 4 rows" in said
    assert "reused 3" in said

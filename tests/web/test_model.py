"""The page of the language model: saved sealed, shown masked, kept with its address, forgotten."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from assistant import secret
from assistant.model import endpoint, providers
from assistant.web.model.trying import PORTS
from jobs.services import LOCAL, Services
from jobs.store import endpoints
from jobs.vault import Vault
from tests.fakes.chat_server import ChatServer
from tests.web.conftest import Person

KEY = "sk-proj-0123456789abcdef7e41"
URL = "https://models.example/v1"


def keep(person: Person, **form: object) -> str:
    """Save, with a good endpoint where nothing else is said; the address it leads to."""
    answer = person.send("/model", **{"base_url": URL, "key": KEY, "model": "small-1"} | form)
    assert answer.status_code == 303, answer.text
    return answer.location


def kept(services: Services) -> tuple[str, str, str]:
    found = endpoint.configured(services, LOCAL, secret.key(services.settings))
    assert found
    return found.base_url, found.key, found.model


def test_a_model_is_saved_with_its_key_sealed_and_the_key_never_comes_back(
    person: Person, services: Services
) -> None:
    assert keep(person) == "/model"
    page = person.page("/model")
    assert "…7e41" in page
    assert KEY not in page
    assert kept(services) == (URL, KEY, "small-1")
    with services.database.read() as connection:
        saved = endpoints.get(connection, LOCAL)
    assert saved
    assert KEY not in saved.sealed_key
    assert KEY not in person.page("/")


def test_an_empty_key_keeps_the_one_of_the_same_address_and_goes_to_no_other(
    person: Person, services: Services
) -> None:
    keep(person)
    keep(person, key="", model="large-1", base_url=f"{URL}/")
    assert kept(services) == (URL, KEY, "large-1")
    keep(person, key="", base_url="http://127.0.0.1:11434/v1")
    assert kept(services) == ("http://127.0.0.1:11434/v1", "", "small-1")


def test_a_forgotten_model_is_gone_with_its_key(person: Person, services: Services) -> None:
    keep(person)
    person.send("/model/forget")
    assert "<p>None.</p>" in person.page("/model")
    with services.database.read() as connection:
        assert endpoints.get(connection, LOCAL) is None


def test_what_is_entered_wrong_is_said_at_its_field_and_the_rest_stays(
    person: Person, services: Services
) -> None:
    for name, value, said in (
        ("base_url", "", "The address is empty."),
        ("base_url", "ftp://models.example/v1", "is no web address."),
        ("base_url", "https://me:word@models.example/v1", "give the key on its own"),
        ("base_url", "https://models.example/v1?key=1", "Leave that out."),
        ("base_url", "http://models.example/v1", "would carry the key unprotected"),
        ("base_url", "http://169.254.169.254/v1", "no address that a language model can have"),
        ("base_url", f"https://{'a' * 500}/v1", "500 are the most"),
        ("key", "two words", "The key has characters that no key has."),
        ("key", "ключ", "The key has characters that no key has."),
        ("model", "m" * 501, "500 are the most"),
    ):
        answer = person.send("/model", **{"base_url": URL, "key": KEY, "model": "small-1"} | {name: value})
        page = html.unescape(answer.text)
        assert answer.status_code == 422
        assert said in page
        assert re.findall(r'id="(\w+)"[^>]*autofocus', page) == [name]
        assert KEY not in page
        assert name == "model" or 'value="small-1"' in page
    with services.database.read() as connection:
        assert endpoints.get(connection, LOCAL) is None


def test_after_saving_one_is_back_where_one_came_from_and_never_elsewhere(person: Person) -> None:
    brief = person.send("/briefs", goal="Cups").location
    assert f"/model?back={brief}" in person.page(brief)
    assert keep(person, back=brief) == brief
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example"):
        assert keep(person, back=elsewhere) == "/model"
    page = person.page(brief)
    assert "Drafted by small-1 at models.example." in page
    assert "The model’s provider charges for tokens." in page
    assert "Drafted by small-1 at models.example." in person.page("/")


def test_a_key_that_was_sealed_with_another_secret_is_asked_for_again(
    person: Person, services: Services
) -> None:
    with services.database.write() as connection:
        endpoints.save(connection, LOCAL, URL, Vault("another").seal(KEY), "small-1", 0)
    for page in ("/model", person.send("/briefs", goal="Cups").location):
        assert "Enter it once more." in person.page(page)
    keep(person)
    assert kept(services) == (URL, KEY, "small-1")


class TestFromTheEnvironment:
    """OPENAI_BASE_URL, OPENAI_API_KEY and PROMPTSHEET_MODEL."""

    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {
            "OPENAI_BASE_URL": "https://settings.example/v1",
            "OPENAI_API_KEY": KEY,
            "PROMPTSHEET_MODEL": "of-the-settings",
        }

    def test_the_settings_serve_while_nothing_is_saved_and_their_key_is_not_shown(
        self, person: Person, services: Services
    ) -> None:
        page = person.page("/model")
        assert "https://settings.example/v1" in page
        assert "OPENAI_BASE_URL" in page
        assert KEY not in page
        keep(person)
        assert "https://settings.example/v1" not in person.page("/model")
        person.send("/model/forget")
        assert "of-the-settings" in person.page("/")


def tried(person: Person, server: ChatServer, **form: object) -> tuple[str, str]:
    """What a test comes to: its level, and its words."""
    given = {"base_url": server.url, "key": server.key, "model": server.model} | form
    answer = person.client.post(
        "/model/test", data={"csrf_token": person.token} | given, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    found = re.search(r'class="note (\w+)"', answer.text)
    assert found
    return found[1], " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with ChatServer() as running:
        yield running


@pytest.fixture
def model(server: ChatServer, person: Person) -> ChatServer:
    server.reset()
    person.page("/model")
    return server


def test_a_connection_is_tried_and_the_rung_that_works_is_remembered(
    person: Person, services: Services, model: ChatServer
) -> None:
    level, said = tried(person, model)
    assert level == "fixed"
    assert f"{model.model} at 127.0.0.1" in said
    assert "It wrote 2 rows in" in said
    assert "rows a minute in one call" in said
    assert "A sticker design of a red fox" in said
    model.behave(persona="deaf")
    level, said = tried(person, model)
    assert level == "warn"
    with services.database.read() as connection:
        rung, _ = endpoints.how(connection, LOCAL, model.url, model.model)
        assert endpoints.get(connection, LOCAL) is None
        assert endpoints.rate(connection, LOCAL, model.url, model.model)
    assert rung > 0


def test_a_test_drafts_rows_of_the_persons_own_kind(person: Person, model: ChatServer) -> None:
    address = person.send("/briefs", goal="Porcelain teapots").location
    person.send(address, goal="Porcelain teapots", examples="A photo of a teapot on linen")
    assert "A photo of a red fox" in tried(person, model)[1]
    assert "Porcelain teapots" in str(model.requests()[-1]["body"]["messages"])


def test_what_keeps_a_connection_from_working_is_said_without_the_key(
    person: Person, model: ChatServer
) -> None:
    level, said = tried(person, model, key="sk-wrong-0123456789")
    assert (level, "refuses the key" in said) == ("error", True)
    assert "sk-wrong" not in said
    assert "has no model “none-such”" in tried(person, model, model="none-such")[1]
    assert "cannot be reached" in tried(person, model, base_url="http://127.0.0.1:9/v1")[1]
    assert "The address is empty." in tried(person, model, base_url="")[1]


def test_a_test_uses_the_kept_key_only_at_its_own_address(person: Person, model: ChatServer) -> None:
    keep(person, base_url=model.url, key=model.key, model=model.model)
    assert tried(person, model, key="")[0] == "fixed"
    with ChatServer(key="another") as other:
        assert tried(person, other, key="")[0] == "error"
        assert {call["authorization"] for call in other.requests()} <= {None, "", "Bearer ", "Bearer none"}


def test_without_scripts_the_result_stands_on_the_page_with_what_was_typed(
    person: Person, model: ChatServer
) -> None:
    answer = person.send("/model/test", base_url=model.url, key=model.key, model=model.model)
    assert answer.status_code == 200
    assert 'class="note fixed"' in answer.text
    assert f'value="{model.url}"' in answer.text
    assert model.key not in answer.text


def test_a_server_on_this_machine_is_found_when_asked_for_and_used_with_one_button(
    app: Flask, person: Person, services: Services
) -> None:
    with ChatServer(key="", models=["llama3.1:8b", "qwen3:4b"]) as local:
        app.config[PORTS] = [int(local.origin.rsplit(":", 1)[1]), 9]
        assert local.url not in person.page("/model")
        page = person.send("/model/look").text
        assert all(f"<option>{name}</option>" in page for name in ("llama3.1:8b", "qwen3:4b"))
        assert local.counts().calls == 0, "no prompt is sent"
        keep(person, base_url=local.url, key="", model="qwen3:4b")
    assert kept(services) == (local.url, "", "qwen3:4b")
    brief = person.send("/briefs", goal="Cups").location
    assert "it costs time, no money" in person.page(brief)


def test_where_no_server_is_found_the_page_says_where_it_looked(app: Flask, person: Person) -> None:
    app.config[PORTS] = [9]
    page = " ".join(html.unescape(person.send("/model/look").text).split())
    assert "No server with a model answered on the ports of Ollama (11434), llama.cpp (8080)" in page


def test_a_provider_picked_by_its_name_fills_the_address_and_asks_for_the_key(person: Person) -> None:
    page = person.page("/model")
    for one in (*providers.OWN, *providers.HOSTED):
        assert f">{one.title}</a>" in page
        assert endpoint.Endpoint.of(one.base_url).base_url == one.base_url
        picked = person.page(f"/model?with={one.title}")
        assert f'value="{one.base_url}"' in picked
        assert (f'Make one at <a href="{one.page}"' in picked) == (one in providers.HOSTED)
    keep(person)
    assert "Kept: " not in person.page("/model?with=Groq"), "its key goes to no other"
    assert f'value="{URL}"' in person.page("/model?with=nobody")

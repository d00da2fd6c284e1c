"""Addresses as people write them, where a key may go, what is set or saved, and servers on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant.model import failures
from assistant.model.endpoint import PUBLIC, Endpoint, configured
from assistant.model.failures import Told
from assistant.model.listing import discover, models
from jobs.errors import Invalid, ModelKeyRefused, ModelUnreachable, NotConfigured
from jobs.services import Services, open_services
from jobs.settings import Settings
from jobs.store import endpoints
from jobs.vault import Vault
from tests.fakes.chat_server import ChatServer
from tests.fakes.models_server import ModelsServer

KEY = "sk-of-a-person-77c1"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1"),
        ("https://api.openai.com", "https://api.openai.com/v1"),
        (" api.openai.com ", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1"),
        ("https://openrouter.ai/api/v1/models/", "https://openrouter.ai/api/v1"),
        ("https://host.example/v1beta/openai/", "https://host.example/v1beta/openai"),
        ("localhost:11434", "http://localhost:11434/v1"),
        ("127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("http://0.0.0.0:8000", "http://0.0.0.0:8000/v1"),
        ("gpu-box:1234", "http://gpu-box:1234/v1"),
        ("http://[::1]:8080", "http://[::1]:8080/v1"),
        ("http://192.168.0.7:11434", "http://192.168.0.7:11434/v1"),
        ("http://studio.local", "http://studio.local/v1"),
    ],
)
def test_an_address_is_taken_as_people_write_it(written: str, address: str) -> None:
    assert Endpoint.of(written, KEY).base_url == address
    assert Endpoint.of(address, KEY).base_url == address


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "The address is empty"),
        ("ftp://host.example", "no web address"),
        ("https://", "no web address"),
        ("http://host:99999/v1", "no web address"),
        ("http://[oops", "no web address"),
        ("not an address", "no web address"),
        ("https://me:secret@[oops", "“https://…@[oops” is no web address"),
        ("https://me:secret@host.example/v1", "holds a name or a password"),
        ("https://host.example/v1?api-version=1", "ends in “api-version=1”"),
        ("http://169.254.169.254/latest", "is no address that a language model can have"),
        ("http://metadata.google.internal/", "is no address that a language model can have"),
        ("http://[fe80::1]/v1", "is no address that a language model can have"),
    ],
)
def test_an_address_that_cannot_be_one_is_told_with_what_it_takes(written: str, words: str) -> None:
    with pytest.raises(Invalid, match=r"^[A-Z“].*\.$") as told:
        Endpoint.of(written, KEY)
    assert words in str(told.value)
    assert "secret" not in str(told.value)


def test_a_key_goes_over_plain_http_only_where_nobody_listens() -> None:
    with pytest.raises(Invalid, match="would carry the key unprotected"):
        Endpoint.of("http://models.example/v1", KEY)
    assert Endpoint.of("http://models.example/v1").base_url == "http://models.example/v1"


@pytest.mark.parametrize("key", ["sk two", "sk-ü", "sk\nx", "sk\x00"])
def test_a_key_that_is_none_is_told_without_repeating_it(key: str) -> None:
    with pytest.raises(Invalid, match="characters that no key has") as told:
        Endpoint.of(PUBLIC, key)
    assert key not in str(told.value)
    assert Endpoint.of(PUBLIC, f" {KEY}\n").key == KEY


def test_the_key_is_not_in_what_an_endpoint_looks_like() -> None:
    there = Endpoint.of(PUBLIC, KEY, "m")
    assert KEY not in repr(there) + str(there) + f"{there}"
    assert there.masked(f"Bearer {KEY}!") == "Bearer …!"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    opened = open_services(Settings.read({"PROMPTSHEET_DATA": str(tmp_path)}))
    opened.database.migrate()
    yield opened
    opened.close()


def with_settings(services: Services, **given: str) -> Services:
    data = {"PROMPTSHEET_DATA": str(services.settings.data)}
    return replace(services, settings=Settings.read(data | given))


def test_nothing_is_configured_on_a_fresh_machine(services: Services) -> None:
    assert configured(services, "local", "s") is None


def test_the_settings_name_an_endpoint(services: Services) -> None:
    set_ = with_settings(services, OPENAI_API_KEY=KEY)
    assert configured(set_, "local", "s") == Endpoint(PUBLIC, KEY, "")
    set_ = with_settings(services, OPENAI_BASE_URL="localhost:11434", PROMPTSHEET_MODEL="llama")
    assert configured(set_, "local", "s") == Endpoint("http://localhost:11434/v1", "", "llama")


@pytest.mark.parametrize(
    ("name", "given"),
    [("OPENAI_BASE_URL", {"OPENAI_BASE_URL": "ftp://x"}), ("OPENAI_API_KEY", {"OPENAI_API_KEY": "sk ü"})],
)
def test_a_setting_that_cannot_be_used_is_named(services: Services, name: str, given: dict[str, str]) -> None:
    with pytest.raises(NotConfigured, match=f"^{name}: "):
        configured(with_settings(services, **given), "local", "s")


def test_what_a_person_saved_goes_before_and_gets_no_key_of_the_settings(services: Services) -> None:
    set_ = with_settings(
        services, OPENAI_API_KEY="sk-of-the-server-1", OPENAI_BASE_URL="https://a.example/v1"
    )
    with services.database.write() as connection:
        endpoints.save(connection, "local", "http://localhost:1234/v1", "", "mine", 0.0)
        endpoints.save(connection, "ann", "https://b.example/v1", Vault("s").seal(KEY), "hers", 0.0)
    assert configured(set_, "local", "s") == Endpoint("http://localhost:1234/v1", "", "mine")
    assert configured(set_, "ann", "s") == Endpoint("https://b.example/v1", KEY, "hers")
    assert configured(set_, "bob", "s") == Endpoint("https://a.example/v1", "sk-of-the-server-1", "")
    with pytest.raises(NotConfigured, match="Enter it once more"):
        configured(set_, "ann", "another secret")


def test_an_endpoints_models_are_listed(server: ChatServer) -> None:
    assert asyncio.run(models(Endpoint.of(server.url, server.key))) == ["chat-large", "chat-small"]
    with pytest.raises(ModelKeyRefused):
        asyncio.run(models(Endpoint.of(server.url, "other")))
    with pytest.raises(ModelUnreachable):
        asyncio.run(models(Endpoint.of("http://127.0.0.1:9")))


@pytest.mark.parametrize(
    "body", ['{"models": [{"name": "a"}, {"model": 3}]}', '["a"]', '{"data": [{"id": "a"}]}']
)
def test_models_are_listed_in_any_shape(body: str) -> None:
    with ModelsServer(body=body) as there:
        assert asyncio.run(models(Endpoint.of(there.url))) == ["a"]


def test_servers_on_this_machine_are_found_and_sent_no_prompt(server: ChatServer) -> None:
    server.behave(key="")
    with (
        ModelsServer("llama", "qwen") as other,
        ModelsServer(status=500) as broken,
        ModelsServer(body="<html>") as web,
    ):
        ports = [
            urlsplit(url).port or 0 for url in (other.url, broken.url, web.url, server.url, "http://x:9")
        ]
        found = asyncio.run(discover(ports))
        assert other.keys == [None]
    assert [there.models for there in found] == [("llama", "qwen"), ("chat-large", "chat-small")]
    assert [urlsplit(there.base_url).port for there in found] == [ports[0], ports[3]]
    assert (server.counts().calls, server.counts().listed) == (0, 1)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"message": "Bad", "code": 3}}, "Bad"),
        ({"error": "Bad"}, "Bad"),
        ([{"error": {"message": "Bad"}}], "Bad"),
        ({"message": "Bad"}, "Bad"),
        ({"detail": [{"loc": ["body", "x"], "msg": "Bad"}]}, "x: Bad"),
        ({"detail": "Bad"}, "Bad"),
        ({"error": {"message": "Upstream", "metadata": {"raw": "Bad"}}}, "Upstream Bad"),
        ('{"error": {"message": "Bad"}}', "Bad"),
        ("Bad", "Bad"),
        ("<html>Bad</html>", ""),
        (b"\xff", "�"),
        (None, ""),
        ([], ""),
    ],
)
def test_a_servers_own_words_are_found_in_any_shape(body: object, words: str) -> None:
    assert Told.read(body).words == words


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3),
        ({"retry-after": "-3"}, 0),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_the_wait_that_is_asked_for_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert failures.retry_after(headers) == seconds


def test_long_words_of_a_server_are_cut_after_the_key_is_out_of_them() -> None:
    there = Endpoint.of(PUBLIC, KEY)
    quoted = failures.said(there, "x" * 290 + KEY + "y" * 50)
    assert len(quoted) < 310
    assert KEY[:6] not in quoted

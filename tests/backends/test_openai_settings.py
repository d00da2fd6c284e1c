"""Where the openai back end's images come from, by its settings; what is missing is named."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jobs import errors
from jobs.backends import openai
from jobs.settings import Settings
from tests.backends import rows


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("http://localhost:8080", "http://localhost:8080/v1"),
        ("http://localhost:8080/", "http://localhost:8080/v1"),
        (" http://localhost:8080/v1/ ", "http://localhost:8080/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("https://gateway.example/openai", "https://gateway.example/openai"),
        ("https://api.openai.com/v1/images/generations", "https://api.openai.com/v1"),
        ("", "https://api.openai.com/v1"),
    ],
)
def test_an_address_works_with_and_without_its_slash_and_version(given: str, base: str) -> None:
    read = Settings.read({"PROMPTSHEET_IMAGES_BASE_URL": given, "PROMPTSHEET_IMAGES_API_KEY": "k"})
    assert openai.endpoint(read).base == base


def test_key_and_address_fall_back_to_those_of_the_language_model() -> None:
    read = Settings.read({"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://localhost:8080"})
    assert (openai.endpoint(read).base, openai.endpoint(read).key) == ("http://localhost:8080/v1", "k")


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "Set PROMPTSHEET_IMAGES_API_KEY to a key"),
        ({}, "or PROMPTSHEET_IMAGES_BASE_URL to the address"),
        (
            {"PROMPTSHEET_IMAGES_BASE_URL": "localhost:8080"},
            "PROMPTSHEET_IMAGES_BASE_URL is no web address",
        ),
        ({"PROMPTSHEET_IMAGES_BASE_URL": "http://[oops"}, "takes one such as"),
        ({"PROMPTSHEET_IMAGES_BASE_URL": "http://a..b"}, "takes one such as"),
        ({"PROMPTSHEET_IMAGES_BASE_URL": "http://"}, "takes one such as"),
        ({"PROMPTSHEET_IMAGES_BASE_URL": "http://a:99999"}, "takes one such as"),
        ({"PROMPTSHEET_IMAGES_BASE_URL": "http://me:secret@a/v1"}, "takes one such as"),
        ({"OPENAI_BASE_URL": "ftp://a"}, "OPENAI_BASE_URL is no web address"),
        ({"PROMPTSHEET_IMAGES_API_KEY": "sk-“pasted”"}, "characters that no key has"),
    ],
)
def test_a_missing_or_broken_setting_is_named(environment: dict[str, str], words: str) -> None:
    read = Settings.read(environment)
    with pytest.raises(errors.NotConfigured) as caught:
        openai.connect(read)
    assert words in str(caught.value)
    assert "secret" not in str(caught.value) + openai.terms(read).traits.about


def test_the_http_library_is_not_loaded_before_the_first_call() -> None:
    code = (
        "import sys; from jobs.backends import registry; from jobs.settings import Settings;"
        "registry.connect('openai', Settings.read({'OPENAI_API_KEY': 'k'}));"
        "print(sorted({'aiohttp', 'PIL', 'openai'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_image_costs_what_the_setting_says() -> None:
    read = Settings.read({"PROMPTSHEET_IMAGES_API_KEY": "k", "PROMPTSHEET_IMAGES_PRICE": "2.5"})
    assert openai.connect(read).price(rows.values(rendering="quality")) == 2500

"""Settings: each is documented, has the default that was promised, and says what it takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.errors import NotConfigured
from jobs.settings import ALL, Settings
from tests import derived

ROOT = Path(__file__).parents[1]

PROMISED = {
    "PROMPTSHEET_HOST": "127.0.0.1",
    "PROMPTSHEET_PORT": "8000",
    "PROMPTSHEET_DATA": "",
    "OPENAI_API_KEY": "",
    "OPENAI_BASE_URL": "",
    "PROMPTSHEET_MODEL": "",
    "PROMPTSHEET_BACKEND": "proof",
    "PROMPTSHEET_IMAGES_API_KEY": "",
    "PROMPTSHEET_IMAGES_BASE_URL": "",
    "REDIS_URL": "",
    "DATABASE_URL": "",
    "STORAGE_URL": "",
    "PROMPTSHEET_MAX_ROWS": "500",
    "PROMPTSHEET_MAX_UPLOAD": "10 MB",
    "PROMPTSHEET_ON_START": "resume",
    "PROMPTSHEET_CREDITS": "3500",
    "PROMPTSHEET_SECRET_KEY": "",
    "PROMPTSHEET_AUTH": "auto",
}
"""Scripts of other people rely on these; a default changes with a note to them, or not at all."""


def test_the_page_of_settings_is_what_the_code_makes_of_it() -> None:
    assert derived.stale() == []


def test_every_setting_has_a_row() -> None:
    page = (ROOT / "docs" / "SETTINGS.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [setting.name for setting in ALL]
    assert all(setting.help.endswith(".") for setting in ALL)


def test_defaults_are_those_that_were_promised() -> None:
    defaults = {setting.name: setting.default for setting in ALL}
    assert PROMISED.items() <= defaults.items()


def test_defaults_can_be_read_and_an_empty_text_is_the_default() -> None:
    assert Settings.read({}) == Settings.read({setting.name: "" for setting in ALL})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PROMPTSHEET_PORT", "70000"),
        ("PROMPTSHEET_MAX_ROWS", "1"),
        ("PROMPTSHEET_MAX_ROWS", "100001"),
        ("PROMPTSHEET_MAX_UPLOAD", "much"),
        ("PROMPTSHEET_CREDITS", "-1"),
        ("PROMPTSHEET_CREDITS", "nan"),
        ("PROMPTSHEET_ON_START", "later"),
        ("PROMPTSHEET_AUTH", "never"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_what_it_takes(name: str, text: str) -> None:
    with pytest.raises(NotConfigured, match=f"^{name} is “{text}”; it takes .*\\.$"):
        Settings.read({name: text})


@pytest.mark.parametrize(
    ("text", "size"), [("10 MB", 10 << 20), ("512k", 512 << 10), ("1 GB", 1 << 30), ("99", 99)]
)
def test_sizes_are_written_as_people_write_them(text: str, size: int) -> None:
    assert Settings.read({"PROMPTSHEET_MAX_UPLOAD": text}).max_upload == size


def test_a_stale_page_is_told_and_written(capsys: pytest.CaptureFixture[str]) -> None:
    derived.main(["--check"])
    with pytest.raises(SystemExit, match=r"--check \| --write"):
        derived.main([])
    derived.main(["--write"])
    assert capsys.readouterr().out == ""

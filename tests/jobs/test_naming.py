"""Names of sheets: whatever a file is called, the name is one line that can be read."""

from __future__ import annotations

import pytest

from jobs.errors import Invalid
from jobs.naming import LONGEST, file_name, given, title


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("stickers.xlsx", "stickers"),
        ("C:\\Users\\Ann\\stickers FINAL_v3.xlsx", "stickers FINAL_v3"),
        ("../../etc/passwd", "passwd"),
        ("two\nlines\r\n.csv", "two lines"),
        ("\u202egpj.exe\u202c.csv", "gpj.exe"),
        ("نام‌ها.csv", "نام‌ها"),
        ("👩‍🎨 prompts.csv", "👩‍🎨 prompts"),
        ("null\x00byte.csv", "nullbyte"),
        ("<b>bold</b>.csv", "b>"),
        ("", "Untitled sheet"),
        (".csv", ".csv"),
    ],
)
def test_a_sheet_is_named_after_its_file(file: str, name: str) -> None:
    assert title(file) == name


def test_a_long_file_name_is_cut_and_keeps_its_ending() -> None:
    name = file_name("a" * 300 + ".xlsx")
    assert len(name) == LONGEST
    assert name.endswith("….xlsx")


@pytest.mark.parametrize("text", ["", "  \n ", "\u202e", "a" * (LONGEST + 1)])
def test_a_name_that_cannot_be_used_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Invalid, match="name"):
        given(text)

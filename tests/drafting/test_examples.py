"""Example prompts are found in whatever was pasted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.drafting.brief import examples_of

unhurried = settings(deadline=None, database=None)

FOX, OWL = "A sticker of a fox, red scarf", "A sticker of an owl"


@pytest.mark.parametrize(
    "pasted",
    [
        f"{FOX}\n{OWL}",
        f"\ufeff\r\n{FOX}\r\n\r\n  {OWL}\t\r\n",
        f"1. {FOX}\n2. {OWL}",
        f"1) {FOX}\n2) {OWL}",
        f"(7) {FOX}\n(8) {OWL}",
        f"- {FOX}\n• {OWL}",
        f'"{FOX}"\n"{OWL}"',
        f'1. "{FOX}"\n2. “{OWL}”',
        f"„{FOX}“\n«{OWL}»",
        f'"{FOX}",\n"{OWL}",',
        f'["{FOX}", "{OWL}"]',
        f"```\n{FOX}\n{OWL}\n```",
        f'prompt\n"{FOX}"\n{OWL}',
        f'Prompt,Visibility\n"{FOX}",private\n{OWL},public',
        f"visibility;prompt\nprivate;{FOX}\npublic;{OWL}",
        f"style\tprompts\ndesign\t{FOX}\ndesign\t{OWL}",
    ],
)
def test_a_prompt_is_found_for_each_line_item_or_cell(pasted: str) -> None:
    assert examples_of(pasted) == (FOX, OWL)


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ('"A fox\nwith ""Hello"" on it"\nAn owl', ('A fox\nwith "Hello" on it', "An owl")),
        ('prompt\n"A fox\nin red"\n', ("A fox\nin red",)),
        ('"Warm Wishes" above "Cold Days"', ('"Warm Wishes" above "Cold Days"',)),
        ("“Warm Wishes” above “Cold Days”", ("“Warm Wishes” above “Cold Days”",)),
        ('"A fox that is never closed\nAn owl', ('"A fox that is never closed', "An owl")),
        ('"A fox\n"An owl"', ('"A fox', "An owl")),
        ("1. FC poster\nAn owl", ("1. FC poster", "An owl")),
        ("1. A fox", ("A fox",)),
        ("3 foxes\n4 owls", ("3 foxes", "4 owls")),
        ("2024. A year\n1999. A year", ("2024. A year", "1999. A year")),
        ("A fox, style, design", ("A fox, style, design",)),
        ("-", ("-",)),
        ('""', ('""',)),
        ("", ()),
        (" \n\n", ()),
        ("[not json", ("[not json",)),
    ],
)
def test_what_only_looks_like_a_list_or_a_quote_stays(pasted: str, found: tuple[str, ...]) -> None:
    assert examples_of(pasted) == found


@unhurried
@given(st.text(alphabet='ab1. -"“”,;|\t\n{}[]prompt', max_size=80))
def test_no_word_is_lost_or_made_up(pasted: str) -> None:
    found = examples_of(pasted)
    assert all(example.strip() for example in found)
    assert set("".join(found)) <= set(pasted)


@unhurried
@given(st.lists(st.text(alphabet="abc dé,’!", min_size=1).filter(lambda text: text.strip(" ,")), max_size=8))
def test_plain_lines_come_back_as_they_are(lines: list[str]) -> None:
    assert examples_of("\n".join(lines)) == tuple(line.strip() for line in lines)

"""Headers: exact ones are taken, near misses repaired and told, the rest kept and told."""

from __future__ import annotations

import pytest

from schema.columns import load
from schema.headers import recognise

COLUMNS = load()


def _one(header: str, *others: str) -> tuple[str | None, list[str]]:
    found = recognise((header, *others), COLUMNS)
    return found.names[0], [
        p.code for p in found.problems if p.code != "missing-column" and p.value == header
    ]


@pytest.mark.parametrize("name", COLUMNS.names)
def test_an_exact_header_needs_no_word(name: str) -> None:
    assert _one(name) == (name, [])


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("PROMPT", "prompt"),
        (" Prompt ", "prompt"),
        ("\ufeffprompt", "prompt"),
        ("“prompt”", "prompt"),
        ("prompt:", "prompt"),
        ("prompts", "prompt"),
        ("promt", "prompt"),
        ("pormpt", "prompt"),
        ("Aspect ratio", "aspect_ratio"),
        ("aspect-ratio", "aspect_ratio"),
        ("AspectRatio", "aspect_ratio"),
        ("Aspect\nRatio", "aspect_ratio"),
        ("Colour palette", "color_palette"),
        ("color_pallete", "color_palette"),
        ("visiblity", "visibility"),
        ("Seed", "seed_number"),
        ("num_image", "num_images"),
        ("models", "model"),
    ],
)
def test_a_near_miss_is_repaired_and_told(header: str, name: str) -> None:
    assert _one(header) == (name, ["header-fixed"])


@pytest.mark.parametrize(
    "header", ["notes", "mode", "image", "file", "prompt_used", "negative", "row", "a" * 50]
)
def test_another_header_is_kept_unused_and_told(header: str) -> None:
    assert _one(header) == (None, ["unknown-column"])


def test_a_plausible_header_is_asked_about_and_not_guessed() -> None:
    (said, *_) = recognise(("prompt_text",), COLUMNS).problems
    assert (said.code, said.fix) == ("unknown-column", "prompt")


def test_an_empty_header_is_no_column_and_no_problem() -> None:
    found = recognise(("prompt", "", "visibility"), COLUMNS)
    assert (found.names, found.problems) == (("prompt", None, "visibility"), ())


def test_a_header_that_stands_twice_names_both_places() -> None:
    found = recognise(("prompt", "visibility", "prompt"), COLUMNS)
    assert found.names == ("prompt", "visibility", None)
    (said,) = found.problems
    assert (said.code, said.level) == ("duplicate-header", "error")
    assert "place 1" in said.message
    assert "place 3" in said.message


def test_the_exact_header_wins_over_a_near_miss_that_stands_before_it() -> None:
    found = recognise(("Prompt", "prompt", "visibility"), COLUMNS)
    assert found.names == (None, "prompt", "visibility")
    assert [problem.code for problem in found.problems] == ["duplicate-header"]


def test_a_misspelling_of_a_column_that_is_there_is_only_unknown() -> None:
    found = recognise(("style", "styles", "prompt", "visibility"), COLUMNS)
    assert found.names[:2] == ("style", None)
    assert [problem.code for problem in found.problems] == ["unknown-column"]


def test_a_missing_prompt_column_says_which_headers_were_found() -> None:
    (said,) = recognise(("text", "visibility"), COLUMNS).problems[1:]
    assert (said.code, said.column, said.fixes) == ("missing-column", "prompt", ())
    assert "“text” and “visibility”" in said.message


def test_a_missing_visibility_column_offers_private_for_all_rows() -> None:
    (said,) = recognise(("prompt",), COLUMNS).problems
    assert (said.code, said.column, said.level) == ("missing-column", "visibility", "error")
    assert [(fix.label, fix.op, fix.column, fix.value) for fix in said.fixes] == [
        ("Set private for all rows", "set-all", "visibility", "private")
    ]

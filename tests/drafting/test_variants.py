"""{a|b} becomes a prompt of each, counted before they are made; everything else is text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.drafting.variants import EXACT, count, expand, varies, written

unhurried = settings(deadline=None, database=None)


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("A fox", ["A fox"]),
        ("A {red|blue} fox", ["A red fox", "A blue fox"]),
        ("{a|b} {1|2}", ["a 1", "a 2", "b 1", "b 2"]),
        ("A {fox|{snow|wood} owl} here", ["A fox here", "A snow owl here", "A wood owl here"]),
        ("A {big |}fox", ["A big fox", "A fox"]),
        ("A {big|} fox", ["A big fox", "A fox"]),
        ("A fox{, scarf|}, white", ["A fox, scarf, white", "A fox, white"]),
        ("A fox, {red|}, {blue|}", ["A fox, red, blue", "A fox, red", "A fox, blue", "A fox"]),
        ("A { red | blue } fox", ["A red fox", "A blue fox"]),
        ("{a|a|b}", ["a", "b"]),
        ("{a|a}", ["a"]),
        ("{a|ab}{bc|c}", ["abc", "ac", "abbc"]),
        ("{|}", []),
    ],
)
def test_variants_are_walked_in_order_and_none_twice(text: str, prompts: list[str]) -> None:
    assert expand(text, 100) == prompts
    assert count(text) == len(prompts)


@pytest.mark.parametrize(
    "text",
    ["", "A {fox}", "{}", "{", "}", "a|b", "{a|b", "a|b}", "}a|b{", "${name}", "__animals__", "%{a$$b}",
     "2$$a",
     "# a // b /* c */",
     "A  fox , with , odd   spaces,"],
)  # fmt: skip
def test_what_is_no_variant_stays_as_it_is_written(text: str) -> None:
    assert expand(text, 100) == [text]
    assert count(text) == 1
    assert not varies(text)


def test_other_template_languages_are_text_beside_variants() -> None:
    text = "__wild__ {a|b} $$ ${v} # c %{x$$y} // z /* q */ ~ @ ! 0.5::x"
    assert expand(text, 9) == [text.replace("{a|b}", "a"), text.replace("{a|b}", "b")]
    assert expand("{2$$x|0.5::y|!z|~w}", 9) == ["2$$x", "0.5::y", "!z", "~w"]


def test_broken_braces_beside_whole_ones_are_text() -> None:
    assert expand("{a|{b|c}", 9) == ["{a|b", "{a|c"]
    assert expand("{x {a|b}}", 9) == ["{x a}", "{x b}"]
    assert expand("{a|b}} {", 9) == ["a} {", "b} {"]


def test_lines_with_variants_are_rows_and_plain_ones_are_not() -> None:
    examples = ["A fox", "A {red|blue} owl", "{A|A} hare", "A {blue|grey} owl"]
    assert written(examples, 9) == ["A red owl", "A blue owl", "A hare", "A grey owl"]
    assert written(examples, 2) == ["A red owl", "A blue owl"]


def test_no_more_than_wanted_are_made() -> None:
    assert expand("{a|b|c}", 2) == ["a", "b"]
    assert expand("{a|b|c}", 0) == expand("a", 0) == []


@pytest.mark.parametrize(
    "text",
    [
        "{a|b}" * 2_000,
        "{" + "|".join(map(str, range(2_000))) + "}",
        "{" * 4_000 + "a|b" + "}" * 4_000,
        "{a|" * 3_000 + "b" + "}" * 3_000,
        "{" * 10_000,
        "{a|" * 3_000,
        "{|" * 3_000 + "}" * 3_000,
        "{a|b}, " * 1_000 + "{" * 999,
    ],
)
def test_the_longest_example_is_counted_and_expanded_at_once(text: str) -> None:
    start = time.process_time()
    assert count(text) >= 0
    assert len(expand(text, 499)) <= 499
    assert time.process_time() - start < 5


def test_a_count_has_no_limit() -> None:
    assert count("{a|b}" * 2_000) == 2**2_000
    assert len(set(expand("{a|b}" * 2_000, 499))) == 499


TEXTS = st.text(alphabet="{{|||}}ab ,", max_size=40)


@unhurried
@given(TEXTS, st.integers(0, 30))
def test_asking_for_fewer_gives_the_first_of_all(text: str, most: int) -> None:
    assert expand(text, most) == expand(text, EXACT * 50)[:most]


@unhurried
@given(TEXTS)
def test_the_count_is_what_comes_out(text: str) -> None:
    made = expand(text, EXACT * 50)
    assert len(set(made)) == len(made)
    assert count(text) == len(made) or count(text) > EXACT


@unhurried
@given(st.text(max_size=60))
def test_any_text_at_all_is_expanded(text: str) -> None:
    made = expand(text, 50)
    assert made == [text] or varies(text)

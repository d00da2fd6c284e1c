"""{a|b} and __lists__ become rows: counted before they are made, all of them or an even sample."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.drafting.combinations import count, expand, named, varies

unhurried = settings(deadline=None, database=None)
LISTS = {"animal": ("red fox", "#1 hare", "a {big|small} bear")}


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("A {red|blue} fox", ["A red fox", "A blue fox"]),
        ("{a|b} {1|2}", ["a 1", "a 2", "b 1", "b 2"]),
        ("A {fox|{snow|wood} owl} here", ["A fox here", "A snow owl here", "A wood owl here"]),
        ("A {big |}fox", ["A big fox", "A fox"]),
        ("A fox{, scarf|}, white", ["A fox, scarf, white", "A fox, white"]),
        ("A { red | blue } fox", ["A red fox", "A blue fox"]),
        ("{a|ab}{bc|c}", ["abc", "ac", "abbc"]),
        ("{2$$a|b|c}", ["a,b", "a,c", "b,a", "b,c", "c,a", "c,b"]),
        ("Café {rosé|brûlé}, “Hi”", ["Café rosé, “Hi”", "Café brûlé, “Hi”"]),
        ("A __animal__", ["A red fox", "A #1 hare", "A a big bear", "A a small bear"]),
        ("{an owl|__animal__}", ["an owl", "red fox", "#1 hare", "a big bear", "a small bear"]),
    ],
)
def test_every_combination_comes_in_order_and_none_twice(text: str, prompts: list[str]) -> None:
    assert expand([text], LISTS, 100) == prompts
    assert count([text], LISTS) == len(prompts)
    assert varies(text, LISTS)


@pytest.mark.parametrize(
    "text",
    ["A fox", "A {fox}", "{}", "{", "}", "a|b", "{a|b", "a|b}", "__nobody__", "snake__animal__case",
     "${x} 50% #1",
     "http://x/y # z  ,  odd"],
)  # fmt: skip
def test_what_is_no_variant_stays_as_it_is_written(text: str) -> None:
    assert expand([text], LISTS, 9) == [text]
    assert (count([text], LISTS), varies(text, LISTS)) == (1, False)


def test_signs_that_template_languages_know_are_kept_beside_variants() -> None:
    text = "{#FF0000|#00FF00} at 50% // http://x.example/a # b, ${v}"
    assert expand([text], None, 9) == [
        text.replace("{#FF0000|#00FF00}", color) for color in ("#FF0000", "#00FF00")
    ]


def test_lists_are_found_by_the_names_that_prompts_have() -> None:
    assert named(["A __animal__ in __place__", "__animal__", "a__b__c", "__ no __"]) == ["animal", "place"]


def test_a_sample_is_even_in_every_part_and_has_no_row_twice() -> None:
    text = "A {red|blue|green|grey} {fox|owl|hare} in {snow|rain|sun|mist|night}"
    sample = expand([text], None, 60 - 1)
    assert len(set(sample)) == len(sample) == 59
    few = Counter(word for prompt in expand([text], None, 20) for word in prompt.split())
    assert {few[word] for word in ("red", "blue", "green", "grey")} <= {4, 5, 6}
    assert {few[word] for word in ("fox", "owl", "hare")} <= {6, 7, 8}


def test_each_prompt_has_its_share_of_a_sample() -> None:
    wide, narrow = "{a|b|c|d|e|f|g|h|i|j} {1|2|3|4|5|6|7|8|9}", "only {x|y}"
    made = expand([wide, narrow, "plain"], None, 10)
    assert len(made) == 10
    assert "plain" in made
    assert any(prompt.startswith("only") for prompt in made)


@pytest.mark.parametrize(
    "text",
    [
        "{a|b}" * 2_000,
        "{" + "|".join(map(str, range(2_000))) + "}",
        "{" * 4_000 + "a|b" + "}" * 4_000,
        "{a|" * 3_000 + "b" + "}" * 3_000,
        "{" * 10_000,
        "{|" * 3_000 + "}" * 3_000,
    ],
)
def test_the_longest_example_is_counted_and_sampled_at_once(text: str) -> None:
    start = time.process_time()
    assert count([text]) >= 0
    assert len(expand([text], None, 499)) <= 499
    assert time.process_time() - start < 5


@unhurried
@given(st.text(alphabet="{{|||}}ab ,$#_", max_size=40), st.integers(1, 30))
def test_whatever_is_written_the_count_is_what_comes_out(text: str, most: int) -> None:
    made = expand([text], None, 5_000)
    assert len(set(made)) == len(made) == count([text])
    assert set(expand([text], None, most)) <= set(made)
    assert len(expand([text], None, most)) == min(most, len(made))

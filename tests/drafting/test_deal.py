"""Fixed and spread cells are written by code: evenly, and not in step with each other."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.drafting.brief import Brief, Wish
from assistant.drafting.deal import Deal
from schema.columns import load

unhurried = settings(deadline=None, database=None)

NAMES = [name for name in load().names if name not in ("prompt", "visibility")]
SPREADS = st.dictionaries(
    st.sampled_from(NAMES), st.integers(2, 8).map(lambda size: tuple(map(str, range(size)))), max_size=4
)


def dealt(spreads: dict[str, tuple[str, ...]], rows: int, start: int = 0) -> list[dict[str, str]]:
    brief = Brief("x", settings={name: Wish("spread", values) for name, values in spreads.items()})
    deal = Deal(brief, start=start)
    return [deal.cells() for _ in range(rows)]


def test_fixed_cells_stand_in_every_row_and_empty_ones_are_left_out() -> None:
    settings = {
        "style": Wish("fixed", ("design",)),
        "model": Wish("fixed", ("",)),
        "rendering": Wish("model"),
    }
    deal = Deal(Brief("x", settings=settings))
    assert [deal.cells() for _ in range(2)] == [{"visibility": "private", "style": "design"}] * 2
    assert deal.count == 2


def test_the_default_may_be_one_of_those_spread() -> None:
    rows = dealt({"color_palette": ("", "ember")}, 4)
    assert [row.get("color_palette") for row in rows] == [None, "ember", None, "ember"]


@unhurried
@given(SPREADS, st.integers(1, 120))
def test_every_value_is_dealt_equally_often_give_or_take_one(
    spreads: dict[str, tuple[str, ...]], rows: int
) -> None:
    made = dealt(spreads, rows)
    for name, values in spreads.items():
        often = Counter(row[name] for row in made)
        counts = [often[value] for value in values]
        assert max(counts) - min(counts) <= 1


@unhurried
@given(st.integers(2, 15), st.integers(2, 15))
def test_two_columns_meet_in_all_combinations(one: int, other: int) -> None:
    spreads = {"style": tuple(map(str, range(one))), "model": tuple(map(str, range(other)))}
    made = dealt(spreads, one * other)
    assert len({(row["style"], row["model"]) for row in made}) == one * other


@unhurried
@given(SPREADS)
def test_no_two_of_many_columns_keep_step(spreads: dict[str, tuple[str, ...]]) -> None:
    made = dealt(spreads, 160)
    for one, other in combinations(spreads, 2):
        pairs = len({(row[one], row[other]) for row in made})
        assert pairs >= 0.7 * len(spreads[one]) * len(spreads[other])


@unhurried
@given(SPREADS, st.integers(0, 50), st.integers(1, 20))
def test_a_draft_taken_up_again_goes_on_as_if_it_had_not_stopped(
    spreads: dict[str, tuple[str, ...]], before: int, after: int
) -> None:
    assert dealt(spreads, after, start=before) == dealt(spreads, before + after)[before:]


def test_a_long_draft_is_taken_up_at_once_and_rightly() -> None:
    spreads = {"style": tuple("abcdef"), "model": tuple("wxyz")}
    assert dealt(spreads, 3, start=4_100) == dealt(spreads, 4_103)[4_100:]

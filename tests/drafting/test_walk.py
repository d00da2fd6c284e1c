"""A walk meets every combination once, and deals evenly wherever it is broken off."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise
from math import prod

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.drafting.walk import Walk

unhurried = settings(deadline=None, database=None)

SIZES = st.lists(st.integers(1, 7), min_size=1, max_size=5).filter(lambda sizes: prod(sizes) <= 1_000)


@unhurried
@given(SIZES, st.integers(0, 9))
def test_every_combination_comes_once(sizes: list[int], seed: int) -> None:
    walked = list(Walk(sizes, seed))
    assert len(walked) == len(set(walked)) == prod(sizes)
    assert all(0 <= place < size for choice in walked for place, size in zip(choice, sizes, strict=True))


@unhurried
@given(SIZES, st.integers(0, 9))
def test_in_the_first_half_every_value_comes_as_often_as_another(sizes: list[int], seed: int) -> None:
    walked = list(islice(Walk(sizes, seed), prod(sizes) // 2))
    for part, size in enumerate(sizes):
        often = Counter(choice[part] for choice in walked)
        counts = [often[value] for value in range(size)]
        assert max(counts) - min(counts) <= 3


def test_few_of_very_many_are_had_at_once_and_evenly() -> None:
    sizes = (40, 30, 20, 9, 5)
    walked = list(islice(Walk(sizes, 1), 400))
    assert len(set(walked)) == 400
    for part, size in enumerate(sizes):
        assert max(Counter(choice[part] for choice in walked).values()) <= -(-400 // size) + 1
    assert sum(sum(map(int.__eq__, one, other)) for one, other in pairwise(walked)) < 40


def test_two_parts_do_not_keep_step() -> None:
    pairs = {choice[1:] for choice in islice(Walk((12, 4, 4), 3), 24)}
    assert len(pairs) >= 14


def test_equal_seeds_walk_alike() -> None:
    assert list(Walk((4, 3, 5), 7)) == list(Walk((4, 3, 5), 7)) != list(Walk((4, 3, 5), 8))

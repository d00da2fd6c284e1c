"""The families of models: every size they are asked for is one they take."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.backends.openai_models import family
from tests.fakes.images_protocol import MODELS, check

sides = st.integers(1, 10_000)


@pytest.mark.parametrize("model", MODELS)
@settings(deadline=None)
@given(sides, sides)
def test_whatever_size_is_wanted_one_that_the_model_takes_is_asked_for(
    model: str, width: int, height: int
) -> None:
    asked = family(model).size((width, height))
    assert check({"model": model, "prompt": "A fox", "size": "{}x{}".format(*asked)}).size == asked
    assert family(model).size(asked) == asked


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("openai/GPT-Image-2", "gpt-image-2"),
        ("gpt-image-2-2026-04-21", "gpt-image-2"),
        ("gpt-image-10", "gpt-image-2"),
        ("gpt-image-1-mini", "gpt-image-1"),
        ("azure/dall-e-3", "dall-e-3"),
        ("flux-1", "stable-diffusion-xl"),
    ],
)
def test_a_models_family_is_known_by_its_name(name: str, like: str) -> None:
    assert family(name) is family(like)
    assert family("gpt-image-1") is not family("gpt-image-2")
